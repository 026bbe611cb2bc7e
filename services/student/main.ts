import { runService } from '@rollbook/subgraph';
import { student } from './subgraph.ts';

await runService(student);
