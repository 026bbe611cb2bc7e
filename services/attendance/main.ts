import '@rollbook/subgraph/production.ts';
import { runService } from '@rollbook/subgraph';
import { attendance } from './subgraph.ts';

await runService(attendance);
