import { attendance } from '@rollbook/attendance';
import { grading } from '@rollbook/grading';
import { scheduling } from '@rollbook/scheduling';
import { student } from '@rollbook/student';
import type { SubgraphDefinition } from '@rollbook/subgraph';

/** The four services of a district. */
export const services: readonly SubgraphDefinition[] = [student, scheduling, grading, attendance];
