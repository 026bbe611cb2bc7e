/** The CSV package of docs/SCHEDULING_IMPORT.md, written: what a district brings from the system it plans with. */

/** The files in the order in which they build on one another. */
export type SchedulingFile = 'COURSES' | 'ROOMS' | 'TEACHERS' | 'SECTIONS' | 'STUDENTS' | 'COURSE_HISTORY' | 'REQUESTS';

/** A cell; a list is written with semicolons, and what is not known as an empty cell. */
type Cell = string | number | boolean | null | readonly string[];

/** A row by the names of its columns; all rows of a file have the same ones. */
export type SchedulingRow = Readonly<Record<string, Cell>>;

/** A file, or a part of one, as `importRequests` takes it. */
export interface SchedulingPart {
  readonly file: SchedulingFile;
  readonly csv: string;
  /** The line of its first row in the whole file. */
  readonly firstLine: number;
}

const text = (cell: Cell): string => (Array.isArray(cell) ? cell.join(';') : String(cell ?? ''));
const quoted = (value: string): string => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
const line = (cells: readonly Cell[]): string => `${cells.map((cell) => quoted(text(cell))).join(',')}\n`;

/** What one call of `importRequests` may hold is 256 KB, the rest of the request included. */
const mostCharacters = 150_000;
const mostRows = 5_000;

/** A file in as many parts as it needs, each with the header; none when it has no rows. */
export function schedulingParts(file: SchedulingFile, rows: readonly SchedulingRow[]): SchedulingPart[] {
  const [first] = rows;
  if (!first) return [];
  const columns = Object.keys(first);
  const parts: { file: SchedulingFile; csv: string; firstLine: number; rows: number }[] = [];
  for (const [n, row] of rows.entries()) {
    const written = line(columns.map((column) => row[column]!));
    let part = parts.at(-1);
    if (!part || part.rows === mostRows || part.csv.length + written.length > mostCharacters)
      parts.push((part = { file, csv: line(columns), firstLine: n + 2, rows: 0 }));
    part.csv += written;
    part.rows++;
  }
  return parts.map(({ rows: _, ...part }) => part);
}
