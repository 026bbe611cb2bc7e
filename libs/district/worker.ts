/** One of the processes of `npm start -- --workers N`: the four services and the gateway, on a port that all of them share. */
import '@rollbook/subgraph/production.ts';
import { openLog } from '@rollbook/subgraph/log.ts';
import { once } from 'node:events';
import type { Databases } from './databases.ts';
import { openDistrict } from './district.ts';

/** What the first process tells each worker. */
export interface Assignment {
  readonly dir: string;
  readonly port: number;
  readonly urls: Databases['urls'];
}

/** What a worker answers: its address, or why there is none. */
export type Reported = { readonly url: string } | { readonly trouble: string };
const report = (reported: Reported) => process.send!(reported);

// Ctrl-C reaches all processes of a terminal at once: the first one asks the workers, so that there is one order.
process.on('SIGINT', () => undefined);
const [{ dir, port, urls }] = (await once(process, 'message')) as [Assignment];
try {
  const district = await openDistrict({ dir, port, databases: { urls }, log: openLog(process.env['LOG_LEVEL'] ?? 'warn') });
  const end = () => void district.close().then(() => process.exit(0));
  process.once('SIGTERM', end);
  process.once('disconnect', end);
  report({ url: district.url });
} catch (error) {
  report({ trouble: (error as Error).message });
  process.exitCode = 1;
  process.disconnect!();
}
