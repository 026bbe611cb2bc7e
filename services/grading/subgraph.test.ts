import { testDefinition } from '@rollbook/subgraph/definition.testing.ts';
import { grading } from './subgraph.ts';

testDefinition(grading);
