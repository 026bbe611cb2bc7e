/**
 * Writes a demo district as a OneRoster package: `npm run demo -- --schools 3 --students 1500 --seed 1 --out demo.zip`.
 */
import { parseArgs } from 'node:util';
import { stat } from 'node:fs/promises';
import { todayIn } from '@rollbook/school';
import { writeDemoPackage } from './demo/write.ts';
import type { DemoOptions } from './demo/district.ts';

const usage = `Writes a demo district as a OneRoster 1.2.1 bulk package.

  npm run demo -- [options]

  --schools <n>       1 = a high school, 2 = middle and high, 3 or more = all levels (default 3)
  --students <n>      40 to 6000 for each school (default 1500)
  --seed <n>          0 to 4294967295; the same seed gives the same district (default 1)
  --school-year <y>   the year in which it ends (default: the one that contains today)
  --today <date>      scores exist up to this day, YYYY-MM-DD (default: today)
  --assignments <n>   graded work per class and grading period (default 3)
  --out <path>        a .zip, or a folder that is new or empty (default demo.zip)
  --help
`;

class UsageError extends Error {}

interface Wanted {
  out: string;
  options: DemoOptions;
}

function read(args: string[]): Wanted | 'help' {
  const text = { type: 'string' } as const;
  const options = {
    schools: text,
    students: text,
    seed: text,
    'school-year': text,
    today: text,
    assignments: text,
    out: text,
    help: { type: 'boolean' },
  } as const;
  let values;
  try {
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  if (values.help) return 'help';
  const number = (name: 'schools' | 'students' | 'seed' | 'school-year' | 'assignments') => {
    const value = values[name];
    if (value === undefined) return undefined;
    if (!/^\d{1,10}$/.test(value)) throw new UsageError(`--${name} must be a whole number, not ${JSON.stringify(value)}`);
    return Number(value);
  };
  return {
    out: values.out ?? 'demo.zip',
    options: {
      schools: number('schools') ?? 3,
      students: number('students') ?? 1500,
      seed: number('seed') ?? 1,
      today: values.today ?? todayIn('America/Los_Angeles', new Date()),
      schoolYear: number('school-year'),
      assignments: number('assignments'),
    },
  };
}

async function generate({ out, options }: Wanted): Promise<void> {
  const started = performance.now();
  let rows = 0;
  const report = (file: string) => {
    rows++;
    if (rows % 50_000 === 0 && process.stderr.isTTY) process.stderr.write(`\r${rows.toLocaleString('en-US')} rows, ${file}          `);
  };
  const counts = await writeDemoPackage(out, options, report);
  if (process.stderr.isTTY) process.stderr.write('\r');
  for (const [file, count] of Object.entries(counts)) console.log(`${file.padEnd(18)}${count.toLocaleString('en-US').padStart(12)}`);
  const seconds = (performance.now() - started) / 1000;
  const { size } = await stat(out);
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    `${out}: ${rows.toLocaleString('en-US')} rows in ${seconds.toFixed(1)} s (${Math.round(rows / seconds).toLocaleString('en-US')} a second), ` +
      `${out.endsWith('.zip') ? `${(size / 1e6).toFixed(1)} MB, ` : ''}peak memory ${peak} MB`,
  );
}

try {
  const wanted = read(process.argv.slice(2));
  if (wanted === 'help') console.log(usage);
  else await generate(wanted);
} catch (error) {
  if (!(error instanceof UsageError) && !(error instanceof RangeError)) throw error;
  console.error(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}
