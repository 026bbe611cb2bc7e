import { testDefinition } from '@rollbook/subgraph/definition.testing.ts';
import { scheduling } from './subgraph.ts';

testDefinition(scheduling);
