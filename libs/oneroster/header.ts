import type { Column } from './columns.ts';
import type { Code, Issue } from './issues.ts';

/** Where the columns of one file stand. */
export interface Layout {
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
export function readHeader(header: readonly string[], table: readonly Column[], strict: boolean): { layout?: Layout; flaws: HeaderFlaw[] } {
  const flaws: HeaderFlaw[] = [];
  const flaw = (code: Code, tolerated: Issue['severity'], name: string, message: string) =>
    flaws.push({ code, severity: strict ? 'refused' : tolerated, column: name, message });
  const names = strict
    ? [...header]
    : header.map((name, cell) =>
        spelled(name, table, (as) => flaw('schema.column_case', 'repaired', as, `column ${cell + 1}, "${name}", was read as ${as}`)),
      );
  const standard = new Set(table.map(({ name }) => name));
  const seen = new Set<string>();
  const metadata: { name: string; cell: number }[] = [];
  let pastStandard = names.length;
  while (pastStandard > 0 && !standard.has(names[pastStandard - 1]!)) pastStandard--;
  names.forEach((name, cell) => {
    if (seen.has(name) && name !== '') flaw('schema.duplicate_column', 'refused', name, `the column ${name} is there twice`);
    seen.add(name);
    if (standard.has(name)) return;
    if (!/^metadata\../.test(name))
      flaw('schema.invalid_metadata_header', 'warning', name, `"${name}" is not a column of this file and is not used`);
    else if (cell < pastStandard)
      flaw('schema.metadata_column_position', 'repaired', name, `${name} stands before columns of the standard`);
    if (/^metadata\../.test(name)) metadata.push({ name, cell });
  });
  for (const { name, required } of table) {
    if (!seen.has(name)) flaw('schema.missing_column', required ? 'refused' : 'repaired', name, `the column ${name} is missing`);
  }
  const order = names.filter((name) => standard.has(name));
  const expected = table.map(({ name }) => name).filter((name) => seen.has(name));
  const moved = expected.findIndex((name, at) => order[at] !== name);
  if (moved >= 0)
    flaw('schema.header_order_mismatch', 'repaired', expected[moved]!, `${expected[moved]} should stand before ${order[moved]}`);
  if (flaws.some(({ severity }) => severity === 'refused')) return { flaws };
  return { layout: { columns: table, cells: table.map(({ name }) => names.indexOf(name)), metadata, width: header.length }, flaws };
}

/** The name of the standard that differs from this one only by case or spaces around it. */
function spelled(name: string, table: readonly Column[], report: (as: string) => void): string {
  const bare = name.trim();
  const as = table.find((column) => column.name.toLowerCase() === bare.toLowerCase())?.name ?? bare;
  if (as !== name) report(as);
  return as;
}
