/** Rollbook in one process, for measuring from another: arguments are the data directory, the rehearsed instant and who asks. */
import { openDistrict } from '@rollbook/district/district.ts';
import { pino } from 'pino';

const [dir, rehearsalNow, personId] = process.argv.slice(2) as [string, string, string];
const aheadMs = Date.parse(rehearsalNow) - Date.now();
const district = await openDistrict({ dir, port: 0, log: pino({ level: 'error' }), now: () => new Date(Date.now() + aheadMs) });
const token = await district.issuer.sign(await district.accessOf(personId));
process.once('SIGTERM', () => void district.close().then(() => process.exit(0)));
process.send!({ url: district.url, token });
