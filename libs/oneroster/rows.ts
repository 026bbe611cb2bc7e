import type { Column, FileName, Version } from './columns.ts';
import type { CsvRecord } from './csv.ts';
import type { Layout } from './header.ts';
import { isRefused, issue } from './issues.ts';
import type { Code, Issue } from './issues.ts';
import { meant } from './repairs.ts';
import { flawOf } from './values.ts';
import type { Row } from './write.ts';

/** What one file's rows are judged by. */
export interface Frame {
  file: FileName;
  /** The file as the package names it. */
  fileName: string;
  version: Version;
  mode: 'bulk' | 'delta';
  strict: boolean;
  layout: Layout;
}

/** A row as it should be used, with everything that was wrong with it. A row with a refused issue is not to be used. */
export interface JudgedRow {
  line: number;
  row: Row;
  issues: Issue[];
}

export const isRefusedRow = ({ issues }: JudgedRow): boolean => issues.some(isRefused);

const add = (frame: Frame, to: JudgedRow, severity: Issue['severity'], code: Code, column: string | null, message: string): void => {
  to.issues.push(issue(code, severity, { file: frame.fileName, line: to.line, column }, message));
};

/** The row cannot be used, in either mode. */
export function refuse(frame: Frame, to: JudgedRow, code: Code, column: string | null, message: string): void {
  add(frame, to, 'refused', code, column, message);
}

/** Tolerantly the row is used as it is; by the letter it cannot be. */
export function warn(frame: Frame, to: JudgedRow, code: Code, column: string | null, message: string): void {
  add(frame, to, frame.strict ? 'refused' : 'warning', code, column, message);
}

/** Tolerantly the row is used with another value in this column; by the letter it cannot be. */
export function repair(frame: Frame, to: JudgedRow, code: Code, column: string, message: string, value: string): void {
  if (frame.strict) return refuse(frame, to, code, column, message);
  add(frame, to, 'repaired', code, column, `${message}; ${value === '' ? 'it was left empty' : `it was read as ${JSON.stringify(value)}`}`);
  to.row[column] = value;
}

/** Judges a record by itself: its cells, and the form of each value. In tolerant mode repairs what is unambiguous. */
export function judgeRow(frame: Frame, record: CsvRecord): JudgedRow {
  const judged: JudgedRow = { line: record.line, row: {}, issues: [] };
  if (record.flaw) {
    refuse(frame, judged, record.flaw.code, null, record.flaw.message);
    return judged;
  }
  if (!fits(frame, judged, record.cells)) return judged;
  const { columns, cells, metadata } = frame.layout;
  for (let at = 0; at < columns.length; at++) judged.row[columns[at]!.name] = record.cells[cells[at]!] ?? '';
  for (const { name, cell } of metadata) judged.row[name] = record.cells[cell] ?? '';
  if (record.suspect) for (const name in judged.row) judgeLetters(frame, judged, name);
  if (frame.mode === 'bulk') forbidLifecycle(frame, judged);
  const isDeletion = !frame.strict && judged.row.status!.toLowerCase() === 'tobedeleted';
  for (const column of columns) {
    const value = judged.row[column.name]!;
    if (value !== '') judgeValue(frame, judged, column, value);
    else if (column.required && !(isDeletion && column.name !== 'sourcedId')) {
      refuse(frame, judged, 'row.missing_required_value', column.name, `${column.name} is missing`);
    } else if (frame.mode === 'delta' && (column.name === 'status' || column.name === 'dateLastModified')) {
      refuse(frame, judged, 'row.field_required_in_delta', column.name, `${column.name} is missing, and a delta must fill it`);
    }
  }
  return judged;
}

/** Whether a row has the number of cells that its header has; too many are tolerated when they are empty. */
function fits(frame: Frame, judged: JudgedRow, cells: readonly string[]): boolean {
  const { width } = frame.layout;
  if (cells.length === width) return true;
  if (isBlank(cells)) {
    refuse(frame, judged, 'csv.blank_line', null, 'the line is blank');
    return false;
  }
  const message = `the line has ${cells.length} cells where the header has ${width}`;
  const isPadded = cells.length > width && cells.slice(width).every((cell) => cell.trim() === '');
  (isPadded ? warn : refuse)(frame, judged, 'csv.column_count', null, message);
  return isPadded;
}

export const isBlank = (cells: readonly string[]): boolean => cells.length === 1 && cells[0] === '';

function judgeLetters(frame: Frame, judged: JudgedRow, column: string): void {
  const value = judged.row[column]!;
  if (value.includes('\0')) refuse(frame, judged, 'csv.nul_byte', column, `${column} holds a NUL byte`);
  if (value.includes('\uFFFD')) refuse(frame, judged, 'csv.invalid_utf8', column, `${column} holds bytes that are not UTF-8`);
  if (/[\r\n]/.test(value))
    repair(frame, judged, 'csv.line_break', column, `${column} holds a line break`, value.replace(/\r\n|[\r\n]/g, ' '));
}

/** status and dateLastModified belong to deltas. A bulk row that says tobedeleted is taken at its word: it is not used. */
function forbidLifecycle(frame: Frame, judged: JudgedRow): void {
  for (const name of ['status', 'dateLastModified'] as const) {
    const value = judged.row[name]!;
    if (value === '') continue;
    if (!frame.strict && name === 'status' && value.trim().toLowerCase() === 'tobedeleted') {
      refuse(frame, judged, 'row.deleted_in_bulk', name, 'the record is marked tobedeleted in a bulk file, so it was left out');
    } else repair(frame, judged, 'row.field_forbidden_in_bulk', name, `${name} is filled in a bulk file`, '');
  }
}

function judgeValue(frame: Frame, judged: JudgedRow, column: Column, value: string): void {
  const flaw = flawOf(column, value, frame.version);
  if (!flaw) return;
  const wanted = frame.strict ? undefined : meant(column, value, frame.version);
  if (wanted === undefined) refuse(frame, judged, flaw.code, column.name, flaw.message);
  else repair(frame, judged, flaw.code, column.name, flaw.message, wanted);
}
