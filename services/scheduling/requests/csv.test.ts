import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readScheduleFile, remedies, scheduleFiles } from './csv.ts';

const codesOf = (csv: string, firstLine?: number) =>
  readScheduleFile('ROOMS', csv, firstLine).faults.map(({ line, column, code }) => [line, column, code]);

describe('a file of the scheduling package', () => {
  test('is read with its columns in any order, quotes, a byte order mark and any line ends', () => {
    const { rows, faults } = readScheduleFile('ROOMS', '\ufeffcapacity,name\r\n30,"Room ""A"", east"\r\n,Gym\r\n');
    expect(faults).toEqual([]);
    expect(rows.map((row) => [row.line, row.text('name'), row.number('capacity'), row.flag('shared')])).toEqual([
      [2, 'Room "A", east', 30, null],
      [3, 'Gym', null, null],
    ]);
  });

  test('tells every wrong cell with its line and column, and keeps the rows around it', () => {
    const csv = 'name,capacity,shared\nA,30,true\n,x,yes\nB,1,false,2\n"C\nD",1,\nla"st,1,\nE,2,false\n';
    expect(codesOf(csv)).toEqual([
      [3, 'name', 'VALUE_MISSING'],
      [3, 'capacity', 'VALUE_INVALID'],
      [3, 'shared', 'VALUE_INVALID'],
      [4, null, 'CELLS_MISCOUNTED'],
      [5, 'name', 'LINE_BREAK'],
      [7, null, 'CSV_BROKEN'],
    ]);
    expect(readScheduleFile('ROOMS', csv).rows.map((row) => row.text('name'))).toEqual(['A', 'E']);
  });

  test('is refused as a whole for its header', () => {
    expect(codesOf('nam,capacity,capacity\nA,1,1\n')).toEqual([
      [1, 'name', 'COLUMN_MISSING'],
      [1, 'nam', 'COLUMN_UNKNOWN'],
      [1, 'capacity', 'COLUMN_TWICE'],
    ]);
    expect(codesOf('')).toEqual([[1, 'name', 'COLUMN_MISSING']]);
    expect(readScheduleFile('ROOMS', 'nam\nA\n').rows).toEqual([]);
  });

  test('that is sent in parts has the lines of the whole', () => {
    expect(codesOf('name\nA\n\n"B\n', 102)).toEqual([[104, null, 'CSV_BROKEN']]);
    expect(readScheduleFile('ROOMS', 'name\nA\n', 102).rows[0]!.line).toBe(102);
  });

  test('an open quote is told, and what came before it is kept', () => {
    const { rows, faults } = readScheduleFile('ROOMS', 'name\nA\n"B\nC\n');
    expect(rows.map((row) => row.text('name'))).toEqual(['A']);
    expect(faults.map(({ code }) => code)).toEqual(['CSV_BROKEN']);
  });
});

const manual = join(import.meta.dirname, '../../../docs/SCHEDULING_IMPORT.md');

test('the documentation describes every column of every file and every code, and no other', () => {
  expect(existsSync(manual)).toBe(true);
  const sections = readFileSync(manual, 'utf8').split(/^## /m);
  for (const [file, columns] of Object.entries(scheduleFiles)) {
    const name = `${file.toLowerCase()}.csv`;
    const section = sections.find((each) => each.startsWith(name)) ?? '';
    const described = [...section.matchAll(/^\| `(\w+)`(\*?) +\| ([\w ]+?) +\|/gm)].map(([, column, star, kind]) => [
      column,
      star === '*',
      kind,
    ]);
    expect([name, described]).toEqual([name, columns.map((column) => [column.name, column.required, column.kind])]);
  }
  const codes = sections.find((each) => each.startsWith('Codes')) ?? '';
  expect([...codes.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code)).toEqual(Object.keys(remedies));
});
