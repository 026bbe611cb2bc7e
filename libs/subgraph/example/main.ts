import { runService } from '../server.ts';
import { library } from './subgraph.ts';

/** `node main.ts` runs the library as a process; `node main.ts press` the service whose mentions of books it hears. */
process.once('disconnect', () => process.exit()); // never outlives its test
await runService(process.argv[2] === 'press' ? { ...library, name: 'press', listens: {} } : library);
