import type { Column } from './columns.ts';
import type { CsvRecord } from './csv.ts';
import type { Code, Issue } from './issues.ts';

/** Where the columns of one file stand. */
export interface Layout {
  /** The line of the header. */
  line: number;
  /** The columns of the standard, in its order, each with the index of its cell; -1 when the file does not have it. */
  columns: readonly Column[];
  cells: readonly number[];
  /** metadata.* columns with the index of their cell. */
  metadata: readonly { name: string; cell: number }[];
  /** How many cells a row has. */
  width: number;
}

export interface HeaderFlaw {
  code: Code;
  severity: Issue['severity'];
  column: string;
  message: string;
}

/**
 * Finds each column of `table` in a header. By the letter every deviation is refused; tolerantly columns are found by name
 * wherever they stand, and only a missing required column or a repeated one is refused. No layout when something is refused.
 */
export function readHeader(header: CsvRecord, table: readonly Column[], strict: boolean): { layout?: Layout; flaws: HeaderFlaw[] } {
  const flaws: HeaderFlaw[] = [];
  const report: Report = (code, tolerated, column, message) =>
    flaws.push({ code, severity: strict ? 'refused' : tolerated, column, message });
  const names = header.cells.map((name) => (strict ? name : spelled(name, table, report)));
  const standard = new Set(table.map(({ name }) => name));
  for (const name of new Set(names.filter((name, cell) => name !== '' && names.indexOf(name) !== cell))) {
    report('schema.duplicate_column', 'refused', name, `the column ${name} is there twice`);
  }
  for (const { name, required } of table) {
    if (!names.includes(name)) report('schema.missing_column', required ? 'refused' : 'repaired', name, `the column ${name} is missing`);
  }
  const found = names.filter((name) => standard.has(name));
  const inOrder = table.map(({ name }) => name).filter((name) => names.includes(name));
  const moved = inOrder.findIndex((name, at) => found[at] !== name);
  if (moved >= 0) {
    report('schema.header_order_mismatch', 'repaired', inOrder[moved]!, `${inOrder[moved]} should stand before ${found[moved]}`);
  }
  const metadata = metadataIn(names, standard, report);
  if (flaws.some(({ severity }) => severity === 'refused')) return { flaws };
  const cells = table.map(({ name }) => names.indexOf(name));
  return { layout: { line: header.line, columns: table, cells, metadata, width: names.length }, flaws };
}

type Report = (code: Code, tolerated: Issue['severity'], column: string, message: string) => void;

/** The columns that are not of the standard: only metadata.* may be, and only behind all others. */
function metadataIn(names: string[], standard: ReadonlySet<string>, report: Report): { name: string; cell: number }[] {
  const metadata: { name: string; cell: number }[] = [];
  const lastOfStandard = names.findLastIndex((name) => standard.has(name));
  names.forEach((name, cell) => {
    if (standard.has(name)) return;
    if (!/^metadata\../.test(name)) {
      report('schema.invalid_metadata_header', 'warning', name, `"${name}" is not a column of this file and is not used`);
      return;
    }
    metadata.push({ name, cell });
    if (cell > lastOfStandard) return;
    report('schema.metadata_column_position', 'repaired', name, `${name} stands before columns of the standard`);
  });
  return metadata;
}

/** The name of the standard that differs from this one only by case or spaces around it. */
function spelled(name: string, table: readonly Column[], report: Report): string {
  const bare = name.trim();
  const as = table.find((column) => column.name.toLowerCase() === bare.toLowerCase())?.name ?? bare;
  if (as !== name) report('schema.column_case', 'repaired', as, `the column "${name}" was read as ${as}`);
  return as;
}
