import { expect, test } from '@jest/globals';
import { readScheduleFile } from '@rollbook/scheduling/requests/csv.ts';
import { schedulingParts } from './schedulingPackage.ts';

test('a file in parts reads as what was written: commas, quotes, lists and empty cells, each row on its line of the whole file', () => {
  const rows = Array.from({ length: 5_001 }, (_, n) => ({
    number: `C${n}`,
    title: n % 2 ? `Reading, "advanced" ${n}` : `Plain ${n}`,
    subjects: n % 3 ? ['English', 'ESL'] : [],
    credits: n % 5 ? 2.5 : null,
    repeatable: n % 2 === 0,
  }));
  const parts = schedulingParts('COURSES', rows);
  expect(parts.length).toBeGreaterThan(1);
  const read = parts.map(({ file, csv, firstLine }) => readScheduleFile(file, csv, firstLine));
  expect(read.flatMap(({ faults }) => faults)).toEqual([]);
  expect(
    read.flatMap(({ rows: found }) =>
      found.map((row) => ({
        ...{ line: row.line, number: row.text('number'), title: row.text('title'), subjects: row.list('subjects') },
        ...{ credits: row.number('credits'), repeatable: row.flag('repeatable') },
      })),
    ),
  ).toEqual(rows.map((row, n) => ({ line: n + 2, ...row })));
  expect(schedulingParts('ROOMS', [])).toEqual([]);
});
