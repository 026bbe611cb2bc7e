import { testDefinition } from '@rollbook/subgraph/definition.testing.ts';
import { attendance } from './subgraph.ts';

testDefinition(attendance);
