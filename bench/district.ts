/** Rollbook in one process, for measuring from another: arguments are the data directory, the rehearsed instant and, if not the importer, who asks. */
import { openDistrict } from '@rollbook/district/district.ts';
import { importingAdministrator } from '@rollbook/district/signIns.ts';
import { clockFrom, openLog } from '@rollbook/subgraph';

const [dir, rehearsalNow, personId] = process.argv.slice(2) as [string, string, string | undefined];
const district = await openDistrict({
  dir,
  port: 0,
  log: openLog('error'),
  now: clockFrom(rehearsalNow, openLog('silent')),
});
const token = await district.issuer.sign(personId ? await district.accessOf(personId) : importingAdministrator);
process.once('SIGTERM', () => void district.close().then(() => process.exit(0)));
process.once('disconnect', () => process.exit(0));
process.send!({ url: district.url, token });
