import { testDefinition } from '@rollbook/subgraph/definition.testing.ts';
import { student } from './subgraph.ts';

testDefinition(student);
