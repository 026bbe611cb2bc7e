/** The importer alone, for measuring its memory: arguments are the package, the district's address, a token and the day. */
import { importPackage } from '@rollbook/district/importing/importPackage.ts';
import { progress } from '@rollbook/district/progress.ts';

const [file, url, token, today] = process.argv.slice(2) as [string, string, string, string];
const bar = progress();
let step = '';
let since = performance.now();
const started = performance.now();
const report = await importPackage(file, {
  ...{ url, token, today, strictness: 'strict', dryRun: false, timeZone: 'America/Los_Angeles' },
  onProgress: ({ file: now, rows, ofRows }) => {
    if (now !== step) console.log(`${step} took ${((performance.now() - since) / 1000).toFixed(1)} s`);
    if (now !== step) [step, since] = [now, performance.now()];
    bar.show(now, rows, ofRows);
  },
});
bar.end();
if (!report.applied || report.issues.length)
  throw new Error(`The package did not come in whole: ${JSON.stringify(report.issues.slice(0, 3))}`);
process.once('disconnect', () => process.exit(0));
process.send!({ seconds: (performance.now() - started) / 1000 });
setInterval(() => undefined, 60_000); // until its memory is read
