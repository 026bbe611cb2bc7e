/** Makes the district of the evening in a data directory, in a process of its own: `node prepare.ts <directory> <students> <seed>`. */
import { settleDemo } from '@rollbook/district/demo/settle.ts';
import { openDistrict } from '@rollbook/district/district.ts';
import { openLog } from '@rollbook/subgraph/log.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [dir, students, seed] = process.argv.slice(2) as [string, string, string];
const district = await openDistrict({ dir, port: 0, log: openLog('error') });
const size = { students: Number(students), seed: Number(seed) };
let last = '';
await settleDemo(district, dir, { ...size, schools: Math.max(3, Math.ceil(size.students / 900)), rollDays: 1 }, (step) => {
  if (step !== last) console.log(`  ${(last = step)} ...`);
});
await district.close();
writeFileSync(join(dir, 'deadline.json'), JSON.stringify(size)); // last: a directory without it was not finished
process.exit(0);
