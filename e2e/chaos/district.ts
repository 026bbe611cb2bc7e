/** Rollbook in one process, to be killed. Arguments: its directory, the instant it is to be, the port. Databases: ROLLBOOK_POSTGRES_URL. */
import { openDistrict } from '@rollbook/district/district.ts';
import { clockFrom, openLog } from '@rollbook/subgraph';

const [dir, now, port] = process.argv.slice(2) as [string, string, string];
const log = openLog('silent');
await openDistrict({ dir, port: Number(port), log, now: clockFrom(now, log) });
process.send!('ready');
