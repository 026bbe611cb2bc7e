import '@rollbook/subgraph/production.ts';
import { runService } from '@rollbook/subgraph';
import { scheduling } from './subgraph.ts';

await runService(scheduling);
