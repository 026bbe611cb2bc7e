import { Ancestry } from './ancestry.ts';
import { columnsOf } from './columns.ts';
import type { Column, FileName } from './columns.ts';
import { bytesOf } from './container.ts';
import type { Contents } from './contents.ts';
import { csvRecords, flawIssue } from './csv.ts';
import type { CsvRecord } from './csv.ts';
import { IdIndex } from './idIndex.ts';
import { PackageError } from './issues.ts';
import { NumberList } from './numberList.ts';
import { isBlank, isRefusedRow, judgeRow, refuse, repair, warn } from './rows.ts';
import type { Frame, JudgedRow } from './rows.ts';
import { semantics } from './semantics.ts';
import { items } from './values.ts';
import type { Row } from './write.ts';

/** What is remembered of a file, for the files that point to it. In tolerant mode refused rows are not part of it. */
interface Known {
  ids: IdIndex;
  /** Of line items: minimum and maximum, two numbers for each id in the order of `ids`; NaN when there is none. */
  ranges: NumberList;
  /** Of files whose records have parents. */
  ancestry: Ancestry;
}

/** A column that points to records, and what is known of the file they are in. */
interface Link {
  column: Column;
  /** Not there when the target cannot be checked: it is a delta, or absent, or could not be read. */
  known?: Known;
  /** The target file should be in the package and is not; said once. */
  isFileMissing: boolean;
}

/** What a row is judged by besides itself. */
interface Surroundings {
  links: Link[];
  isInLoop?: ((id: string) => boolean) | undefined;
  /** What is remembered of the rows before it. */
  mine: Known;
}

export interface Passes {
  /** Reads one file to its end, every row judged by itself and against the rest of the package. */
  pass(file: FileName): AsyncGenerator<JudgedRow[]>;
  /** Forgets what was remembered. */
  close(): void;
}

/**
 * The way to read the files of a package. Files that others point to are remembered (beyond some 8 MB each on disk) and read first when
 * they have not been read yet, so the files may be asked for in any order. A pass throws PackageError when its file cannot be
 * read to its end: then nobody can tell which records are missing.
 */
export function passesOver(contents: Contents): Passes {
  const complete = new Map<FileName, Known>();
  const unreadable = new Set<FileName>();

  async function* pass(file: FileName, isSurvey = false): AsyncGenerator<JudgedRow[]> {
    const source = contents.files.get(file);
    if (!source) return;
    if (!source.layout) unreadable.add(file);
    if (!source.layout || contents.mode[file] === 'absent') return;
    const { version, strict } = contents;
    const frame: Frame = { file, fileName: source.packed.name, version, mode: contents.mode[file], strict, layout: source.layout };
    const links = await linksOf(frame, isSurvey);
    const isInLoop = complete.get(file)?.ancestry.loops();
    const mine: Known = { ids: new IdIndex(), ranges: new NumberList(), ancestry: new Ancestry() };
    try {
      for await (const records of csvRecords(bytesOf(source.packed), contents.limits.recordCharacters)) {
        const { rows, fatal } = judgeBlock(frame, records, { links, isInLoop, mine });
        if (rows.length > 0) yield rows;
        if (fatal) throw new PackageError([flawIssue(frame.fileName, fatal)]);
      }
      if (isTarget(file) && !complete.has(file)) complete.set(file, mine); // a survey knows more: it saw the loops
    } catch (error) {
      unreadable.add(file);
      throw error;
    } finally {
      if (complete.get(file) !== mine) forget(mine);
    }
  }

  const isTarget = (file: FileName): boolean =>
    [...contents.files.keys()].some((from) => columnsOf(contents.version, from).some(({ target }) => target === file));

  async function linksOf(frame: Frame, isSurvey: boolean): Promise<Link[]> {
    const links: Link[] = [];
    for (const column of frame.layout.columns) {
      const { target } = column;
      if (!target || (isSurvey && target === frame.file)) continue;
      const isParent = target === frame.file && column.name === 'parentSourcedId';
      const mode = contents.mode[target];
      const isKnowable = mode === 'bulk' && !unreadable.has(target);
      if ((isKnowable || isParent) && !complete.has(target)) for await (const _ of pass(target, target === frame.file));
      const known = isKnowable ? complete.get(target) : undefined;
      links.push({ column, ...(known && { known }), isFileMissing: mode === 'absent' && frame.mode === 'bulk' });
    }
    return links;
  }

  return { pass: (file) => pass(file), close: () => [...complete.values()].forEach(forget) };
}

function forget({ ids, ranges, ancestry }: Known): void {
  for (const each of [ids, ranges, ancestry]) each.close();
}

function judgeBlock(frame: Frame, records: CsvRecord[], around: Surroundings) {
  const rows: JudgedRow[] = [];
  for (const record of records) {
    if (record.line <= frame.layout.line) continue;
    if (record.flaw?.fatal) return { rows, fatal: record };
    if (!frame.strict && !record.flaw && isBlank(record.cells) && frame.layout.width > 1) continue;
    rows.push(judge(frame, record, around));
  }
  return { rows };
}

function judge(frame: Frame, record: CsvRecord, { links, isInLoop, mine }: Surroundings): JudgedRow {
  const judged = judgeRow(frame, record);
  if (!isRefusedRow(judged)) {
    if (judged.row.status !== 'tobedeleted') for (const link of links) follow(frame, judged, link);
    if (judged.row.parentSourcedId && isInLoop?.(judged.row.sourcedId!)) {
      repair(frame, judged, 'semantic.parent_loop', 'parentSourcedId', 'the record is its own ancestor', '');
    }
    semantics[frame.file]?.(frame, judged);
    if (frame.file === 'results') scoreInRange(frame, judged, links.find(({ column }) => column.target === 'lineItems')?.known);
  }
  remember(frame, judged, mine);
  return judged;
}

/** Keeps what other files need of a row, and refuses an id that was there before. Tolerantly only rows that are used count. */
function remember(frame: Frame, judged: JudgedRow, mine: Known): void {
  const { sourcedId, parentSourcedId } = judged.row;
  if (!sourcedId || (!frame.strict && isRefusedRow(judged))) return;
  const number = mine.ids.add(sourcedId);
  if (number < 0) {
    refuse(frame, judged, 'reference.duplicate_sourced_id', 'sourcedId', `the id ${sourcedId} was used on an earlier line`);
    return;
  }
  if (parentSourcedId) mine.ancestry.add(sourcedId, parentSourcedId);
  if (frame.file === 'lineItems') rangeOf(judged.row).forEach((bound, at) => mine.ranges.set(number * 2 + at, bound));
}

/** The least and the greatest score of a line item; NaN where it sets no bound, or bounds that contradict each other. */
function rangeOf({ resultValueMin, resultValueMax }: Row): [number, number] {
  const min = resultValueMin ? Number(resultValueMin) : NaN;
  const max = resultValueMax ? Number(resultValueMax) : NaN;
  return min > max ? [NaN, NaN] : [min, max];
}

/**
 * Checks that the records a row points to are there. Tolerantly, a link that the row can do without is left out, and only a row
 * that cannot do without is refused: no child is lost because a guardian's record is missing.
 */
function follow(frame: Frame, judged: JudgedRow, link: Link): void {
  const { column, known } = link;
  const value = judged.row[column.name]!;
  if (value === '') return;
  if (link.isFileMissing) {
    const message = `${column.name} points to ${column.target}.csv, which is not in the package; it was not checked`;
    warn(frame, judged, 'reference.missing_target_file', column.name, message);
    link.isFileMissing = false;
  }
  if (!known) return;
  const wanted = column.list ? items(value) : [value];
  const missing = wanted.filter((id) => known.ids.numberOf(id) < 0);
  if (missing.length === 0) return;
  const found = wanted.filter((id) => !missing.includes(id)).join(',');
  const message = `${missing.slice(0, 3).join(', ')} is not in ${column.target}.csv, or was refused there`;
  if (column.required && found === '') refuse(frame, judged, 'reference.missing_target_record', column.name, message);
  else repair(frame, judged, 'reference.missing_target_record', column.name, message, found);
}

function scoreInRange(frame: Frame, judged: JudgedRow, lineItems: Known | undefined): void {
  const { score, lineItemSourcedId } = judged.row;
  const item = score ? (lineItems?.ids.numberOf(lineItemSourcedId!) ?? -1) : -1;
  if (item < 0) return;
  const [min, max] = [lineItems!.ranges.at(item * 2), lineItems!.ranges.at(item * 2 + 1)];
  if (Number(score) > max) {
    warn(frame, judged, 'semantic.score_above_maximum', 'score', `the score ${score} is above the maximum ${max}`);
  }
  if (Number(score) < min) {
    refuse(frame, judged, 'semantic.score_below_minimum', 'score', `the score ${score} is below the minimum ${min}`);
  }
}
