import { writePackage } from '@rollbook/oneroster';
import { demoDistrict, type DemoOptions, type Row } from './district.ts';

/**
 * Writes the demo district as a OneRoster 1.2.1 bulk package: a zip when the path ends with .zip, else a folder.
 * Answers with the number of rows of each file. `onRow` is called for every row, with its file, before it is written.
 *
 * @throws RangeError that names the option that is wrong, before anything is written
 */
export async function writeDemoPackage(path: string, options: DemoOptions, onRow?: (file: string) => void) {
  const { name, files } = demoDistrict(options);
  const watched = onRow ? Object.fromEntries(Object.entries(files).map(([file, rows]) => [file, watching(file, rows, onRow)])) : files;
  const source = { systemName: `${name} (demo)`, systemCode: `demo-${options.seed}` };
  const { counts } = await writePackage(path, { mode: 'bulk', source, files: watched });
  return counts;
}

function* watching(file: string, rows: Iterable<Row>, onRow: (file: string) => void): Generator<Row> {
  for (const row of rows) {
    onRow(file);
    yield row;
  }
}
