/**
 * A master schedule from nothing, and all students in it: `npm run bench -- schedule --seed S [--students 3200] [--seconds 60] [--prove 60]`.
 * The school is generated from the seed. Beside the build it measures two baselines on the same school: a master that a conflict matrix
 * places greedily, and the loader that vendors document, a course at a time, on the built master. One core is used.
 */
import { parseArgs } from 'node:util';
import { measureSchedule } from './schedule.ts';

/** A whole number of at least `least`, or an error that names the option. */
function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) throw new Error(`--${name} is a whole number of at least ${least}, not "${text}".`);
  return value;
}

export function measure(args: string[]): Promise<Record<string, unknown>> {
  const options = {
    seed: { type: 'string', default: '1' },
    students: { type: 'string', default: '3200' },
    seconds: { type: 'string', default: '60' },
    prove: { type: 'string', default: '0' },
  } as const;
  const { values } = parseArgs({ args, options });
  return measureSchedule({
    seed: whole('seed', values.seed, 0),
    students: whole('students', values.students, 40),
    seconds: whole('seconds', values.seconds, 1),
    proveSeconds: whole('prove', values.prove, 0),
    say: (line) => console.log(line),
  });
}
