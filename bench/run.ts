/** `npm run bench -- <name> [options]`: runs one measurement. Each prints what it does and ends with one line of JSON. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [name] = process.argv.slice(2);
const names = readdirSync(import.meta.dirname)
  .filter((entry) => existsSync(join(import.meta.dirname, entry, 'measure.ts')))
  .sort();
if (!name || !names.includes(name)) {
  console.error(`Name a measurement: npm run bench -- ${names.join(' | ')}`);
  process.exit(2);
}
const { measure } = (await import(`./${name}/measure.ts`)) as { measure(args: string[]): Promise<Record<string, unknown>> };
const figures = await measure(process.argv.slice(3));
const { machine } = await import('./machine.ts');
console.log(JSON.stringify({ bench: name, ...figures, ...machine() }));
process.exit(0);
