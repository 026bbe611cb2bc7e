import '@rollbook/subgraph/production.ts';
import { runService } from '@rollbook/subgraph';
import { student } from './subgraph.ts';

await runService(student);
