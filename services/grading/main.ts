import '@rollbook/subgraph/production.ts';
import { runService } from '@rollbook/subgraph';
import { grading } from './subgraph.ts';

await runService(grading);
