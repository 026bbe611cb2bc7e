import { parse, type CsvError } from 'csv-parse/sync';
import type { ScheduleFile } from '../schema.types.ts';

/** What a cell of a column holds. Lists are separated by semicolons. */
type Kind = 'text' | 'list' | 'whole number' | 'decimal' | 'true or false';

export interface Column {
  readonly name: string;
  readonly kind: Kind;
  readonly required: boolean;
}

const column =
  (kind: Kind, required: boolean) =>
  (name: string): Column => ({ name, kind, required });
const [key, text, list] = [column('text', true), column('text', false), column('list', false)];
const [whole, decimal, yesNo] = [column('whole number', false), column('decimal', false), column('true or false', false)];

/** The files of the scheduling package and their columns, in the order in which they are imported. See docs/SCHEDULING_IMPORT.md. */
export const scheduleFiles: Readonly<Record<ScheduleFile, readonly Column[]>> = {
  COURSES: [
    key('number'),
    key('title'),
    decimal('credits'),
    decimal('period_load'),
    list('subjects'),
    list('grades'),
    list('prerequisites'),
    text('consent'),
    yesNo('repeatable'),
  ],
  ROOMS: [key('name'), whole('capacity'), yesNo('shared'), list('groups')],
  TEACHERS: [
    key('teacher'),
    list('courses'),
    list('subjects'),
    column('whole number', true)('max_sections'),
    whole('preparation_periods'),
    list('unavailable'),
  ],
  SECTIONS: [
    key('number'),
    key('course'),
    column('list', true)('terms'),
    yesNo('one_term'),
    text('title'),
    whole('seats'),
    list('reserved'),
    list('grades'),
    text('teacher'),
    text('team'),
    text('track'),
    text('link'),
    text('combined'),
    list('room_groups'),
    whole('periods_in_row'),
    list('days'),
  ],
  STUDENTS: [key('student'), text('grade'), list('programs'), text('team'), text('track'), text('plan')],
  COURSE_HISTORY: [
    key('student'),
    key('course'),
    column('whole number', true)('school_year'),
    text('term'),
    text('mark'),
    yesNo('passed'),
    decimal('credits'),
  ],
  REQUESTS: [key('student'), key('course'), whole('priority'), list('alternates')],
};

/** What is wrong with a row, and what to do about it. */
export interface Fault {
  /** The header is line 1. */
  readonly line: number;
  /** Null: the whole row. */
  readonly column: string | null;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** A row whose cells are what their columns ask for. An empty cell is null, a list without one empty. */
export interface ScheduleRow {
  readonly line: number;
  text(column: string): string | null;
  list(column: string): readonly string[];
  number(column: string): number | null;
  flag(column: string): boolean | null;
}

export interface ReadFile {
  readonly rows: readonly ScheduleRow[];
  readonly faults: readonly Fault[];
}

/**
 * Reads a file, or a part of one with its header: UTF-8, RFC 4180, columns in any order, with or without those that are not required.
 *
 * @param firstLine the line of its first row in the whole file
 */
export function readScheduleFile(file: ScheduleFile, csv: string, firstLine = 2): ReadFile {
  const { records, faults } = recordsOf(csv, firstLine);
  const header = (records.shift()?.cells ?? []).map((name) => name.trim());
  const wrongHeader = faultsOfHeader(file, header);
  if (wrongHeader.length) return { rows: [], faults: wrongHeader };
  const rows: ScheduleRow[] = [];
  for (const { line, cells } of records) {
    const wrong = faultsOfRow(file, header, line, cells);
    if (wrong.length) faults.push(...wrong);
    else rows.push(rowOf(header, line, cells));
  }
  return { rows, faults: faults.sort((a, b) => a.line - b.line) };
}

interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The parser counts lines from the part's own header; a broken row is left out and told, what follows an open quote is lost with it. */
function recordsOf(csv: string, firstLine: number): { records: CsvRow[]; faults: Fault[] } {
  const faults: Fault[] = [];
  const inFile = (line: number) => (line === 1 ? 1 : line + firstLine - 2);
  const found = parse(csv, {
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error: CsvError | undefined) => {
      const line = inFile((error as { lines?: number } | undefined)?.lines ?? 1);
      if (faults.at(-1)?.line !== line)
        faults.push(fault(line, null, 'CSV_BROKEN', 'The row is no CSV: a quote stands where none may, or is never closed.'));
    },
  }) as unknown as { record: string[]; info: { lines: number } }[];
  const records = found.map(({ record, info }) => {
    const breaks = record.join('').match(/\r\n|\r|\n/g)?.length ?? 0;
    return { line: inFile(info.lines - breaks), cells: record };
  });
  return { records, faults };
}

function faultsOfHeader(file: ScheduleFile, header: readonly string[]): Fault[] {
  const columns = scheduleFiles[file];
  const names = columns.map(({ name }) => name).join(', ');
  const missing = columns.filter(({ name, required }) => required && !header.includes(name));
  const unknown = header.filter((name) => !columns.some((each) => each.name === name));
  const twice = header.filter((name, place) => header.indexOf(name) < place);
  return [
    ...missing.map(({ name }) => fault(1, name, 'COLUMN_MISSING', `The header has no column ${name}.`)),
    ...unknown.map((name) => fault(1, name, 'COLUMN_UNKNOWN', `There is no column "${name}" in this file; its columns are ${names}.`)),
    ...twice.map((name) => fault(1, name, 'COLUMN_TWICE', `The header has the column ${name} twice.`)),
  ];
}

function faultsOfRow(file: ScheduleFile, header: readonly string[], line: number, cells: readonly string[]): Fault[] {
  if (cells.length !== header.length)
    return [fault(line, null, 'CELLS_MISCOUNTED', `The row has ${cells.length} cells, and the header ${header.length}.`)];
  return header.flatMap((name, place) => {
    const { kind, required } = scheduleFiles[file].find((each) => each.name === name)!;
    const cell = cells[place]!.trim();
    if (/[\r\n\0]/.test(cell)) return [fault(line, name, 'LINE_BREAK', 'The cell holds a line break.')];
    if (!cell) return required ? [fault(line, name, 'VALUE_MISSING', `A row needs its ${name}.`)] : [];
    return isOf[kind].test(cell) ? [] : [fault(line, name, 'VALUE_INVALID', `"${cell}" is not a ${kind}.`)];
  });
}

const isOf: Readonly<Record<Kind, RegExp>> = {
  text: /^/,
  list: /[^;\s]/,
  'whole number': /^\d{1,6}$/,
  decimal: /^\d{1,3}(\.\d{1,3})?$/,
  'true or false': /^(true|false)$/,
};

function rowOf(header: readonly string[], line: number, cells: readonly string[]): ScheduleRow {
  const cellOf = (name: string) => cells[header.indexOf(name)]?.trim() || null;
  const numberOf = (name: string) => (cellOf(name) === null ? null : Number(cellOf(name)));
  return {
    line,
    text: cellOf,
    list: (name) => (cellOf(name) ?? '').split(';').map((part) => part.trim()).filter(Boolean), // prettier-ignore
    number: numberOf,
    flag: (name) => (cellOf(name) === null ? null : cellOf(name) === 'true'),
  };
}

/** What to do about each kind of fault. */
export const remedies: Readonly<Record<string, string>> = {
  CSV_BROKEN: 'Put quotes around a cell that holds a comma or a quote, and write a quote inside it twice.',
  COLUMN_MISSING: 'Add the column to the header, with a value in every row.',
  COLUMN_UNKNOWN: 'Take the column out, or write its name as the documentation does.',
  COLUMN_TWICE: 'Leave one of the two in.',
  CELLS_MISCOUNTED: 'Write one cell for each column of the header; a comma inside a cell needs quotes around the cell.',
  LINE_BREAK: 'Take the line break out of the cell.',
  VALUE_MISSING: 'Fill in the cell, or take the row out.',
  VALUE_INVALID: 'Write a number as 5 or 0.5, yes and no as true and false, and a list with semicolons: A;B.',
  ROW_TWICE: 'Leave one of the rows in.',
  COURSE_UNKNOWN: 'Add the course to courses.csv or to the catalog, or write its number as it is there.',
  COURSE_AMBIGUOUS: 'Give each of these courses a number of its own in the catalog.',
  COURSE_OF_DISTRICT: 'Take the row out; a district administrator changes the district’s courses.',
  PREREQUISITE_OF_ITSELF: 'Take the course out of its own prerequisites.',
  PERIOD_UNKNOWN: 'Write the period’s name as the school has it: 3, or 3:A for day A.',
  TERM_UNKNOWN: 'Write the title of a session of this school year: Fall.',
  TERMS_CHOSEN: 'Leave the cell empty, and change the section’s choice of sessions in a scenario.',
  CAPACITY_INVALID: 'A room holds at least one.',
  SEATS_INVALID: 'A section has at least one seat; leave the cell empty for as many as come.',
  RESERVATION_INVALID: 'Write each program once, with its seats: SPECIAL_EDUCATION:8.',
  RESERVED_MORE_THAN_SEATS: 'Give the section more seats, or keep fewer of them.',
  SEAT_LIMIT_BELOW_TAKEN: 'Give the section more seats, or move students first.',
  TEACHER_OF_RECORD_TAKEN: 'End the other teacher’s assignment first, or leave the cell empty.',
  LINK_OF_ONE_COURSE: 'Give one of the two sections another link.',
  COMBINED_APART: 'Give sections of one class the same terms, teacher, periods in a row and days.',
  TRACK_UNKNOWN: 'Make the track’s calendar first, or write its name as the school has it.',
  ROOM_GROUP_UNKNOWN: 'Name the group in rooms.csv, at a room that is fit for it.',
  PERIODS_INVALID: 'Write 1 to 4, or leave the cell empty.',
  DAY_UNKNOWN: 'Write days of the rotation as the calendar has them: A;B, or A+C;B+D.',
  NO_PLACEMENT: 'Ask for fewer periods in a row, or give the school more periods.',
  PERIOD_LOAD_INVALID: 'Write more than 0: 1 for a year course, 0.5 for a semester.',
  GRADE_UNKNOWN: 'Write KG or 01 to 12.',
  PLAN_UNKNOWN: 'Make the graduation plan first, or write its name as the school has it.',
  SCHOOL_YEAR_INVALID: 'Name a school year by the year it ends in: 2027.',
  PRIORITY_INVALID: 'Write 1, 2 or 3, or leave the cell empty for 2.',
  REQUESTED_TWICE: 'Leave one of the rows in.',
  ALTERNATE_REPEATED: 'Name each alternate once, and not the course itself.',
  SHEET_TOO_LONG: 'Take some of the student’s rows out.',
};

/** What a rule of the sheets says is for a counselor to decide. */
const forACounselor = 'Ask for another course, or let a counselor enter this one with a reason.';

export const fault = (line: number, column: string | null, code: string, message: string): Fault => ({
  line,
  column,
  code,
  message,
  remedy: remedies[code] ?? forACounselor,
});
