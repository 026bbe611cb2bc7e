import { parse } from 'csv-parse';
import type { CsvError } from 'csv-parse';
import { issue } from './issues.ts';
import type { Code, Issue } from './issues.ts';

/** One CSV record: its cells, or what is wrong with it. `line` is where it starts. */
export interface CsvRecord {
  line: number;
  cells: string[];
  /** The cells may hold a NUL, a line break, or letters lost to a wrong encoding, and need a closer look. */
  suspect: boolean;
  flaw?: CsvFlaw;
}

export interface CsvFlaw {
  code: Code;
  message: string;
  /** What follows in the file cannot be trusted. */
  fatal: boolean;
}

/** The issue that a flawed record is. */
export const flawIssue = (file: string, { line, flaw }: CsvRecord): Issue => issue(flaw!.code, 'refused', { file, line }, flaw!.message);

const flaws: Record<string, CsvFlaw> = {
  INVALID_OPENING_QUOTE: { code: 'csv.unescaped_quote', message: 'a quote stands inside a value that is not quoted', fatal: false },
  CSV_INVALID_CLOSING_QUOTE: { code: 'csv.text_after_quote', message: 'text follows a closing quote', fatal: true },
  CSV_QUOTE_NOT_CLOSED: { code: 'csv.unclosed_quote', message: 'a quote is opened and never closed', fatal: true },
  CSV_MAX_RECORD_SIZE: { code: 'csv.record_too_long', message: 'the record is longer than any record should be', fatal: true },
};
const notUtf8: CsvFlaw = { code: 'csv.not_utf8', message: 'the file is not UTF-8 but UTF-16 or UTF-32', fatal: true };

/**
 * The records of a CSV file (UTF-8, with or without byte order mark; lines end in LF, CRLF or CR), header included, in blocks as
 * they are read. A flawed record is yielded with its flaw, in its place; after a fatal one nothing follows. Holds one block of
 * the file and at most `recordCharacters` of one record.
 */
export async function* csvRecords(source: AsyncIterable<Buffer>, recordCharacters: number): AsyncGenerator<CsvRecord[]> {
  const found: CsvRecord[] = [];
  const text = new TextDecoder('utf-8', { fatal: true });
  const state: ReadingState = { suspect: false, damaged: false, ended: false };
  const parser = startParser(recordCharacters, found, state);
  let first = true;
  for await (const chunk of source) {
    if (first && isWide(chunk)) {
      yield [{ line: 1, cells: [], suspect: false, flaw: notUtf8 }];
      return;
    }
    first = false;
    if (!state.damaged) state.damaged = !decodes(text, chunk);
    state.suspect ||= state.damaged || chunk.includes(0);
    parser.write(chunk);
    if (found.length > 0) yield found.splice(0);
    if (state.ended) return;
    if (state.failure) throw state.failure;
  }
  if (!state.damaged && !decodes(text)) state.suspect = true;
  await new Promise<void>((done) => parser.end(() => done()));
  if (state.failure) throw state.failure;
  if (found.length > 0) yield found;
}

interface ReadingState {
  suspect: boolean;
  damaged: boolean;
  ended: boolean;
  /** The parser itself failed, for a reason that is not in the file. */
  failure?: Error;
}

const isWide = (start: Buffer): boolean =>
  start.length > 1 &&
  ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff) || start[0] === 0 || start[1] === 0);

/** Whether the bytes go on as valid UTF-8; without a chunk, whether they end so. */
function decodes(text: TextDecoder, chunk?: Buffer): boolean {
  try {
    text.decode(chunk, { stream: chunk !== undefined });
    return true;
  } catch {
    return false;
  }
}

/**
 * The parser hands each record to `found` while a chunk is being written, rather than through its own stream: so a flaw keeps its
 * place between the records, and nothing read before a fatal flaw is lost.
 */
function startParser(recordCharacters: number, found: CsvRecord[], state: ReadingState) {
  let lastLine = 0;
  let lastFlawed = 0;
  let countedTwice = 0; // the parser counts a CRLF inside a quoted value as two lines
  const parser = parse({
    bom: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_records_with_error: true,
    max_record_size: recordCharacters,
    on_record: (cells: string[], { lines }) => {
      if (state.ended) return null;
      let line = lines - countedTwice;
      let breaks = 0;
      if (line !== lastLine + 1) {
        const inside = cells.join(',');
        countedTwice += inside.match(/\r\n/g)?.length ?? 0;
        breaks = inside.match(/\r\n|\r|\n/g)?.length ?? 0;
        line = lines - countedTwice;
      }
      lastLine = line;
      found.push({ line: line - breaks, cells, suspect: state.suspect || breaks > 0 });
      return null;
    },
    on_skip: (error) => {
      const { code, lines } = error as CsvError & { lines: number };
      const flaw = flaws[code];
      if (!flaw) throw error;
      const line = code === 'INVALID_OPENING_QUOTE' ? lines - countedTwice : lastLine + 1;
      const isRepeated = code === 'INVALID_OPENING_QUOTE' && line === lastFlawed;
      lastFlawed = line;
      if (!state.ended && !isRepeated) found.push({ line, cells: [], suspect: false, flaw });
      lastLine = Math.max(lastLine, line);
      state.ended ||= flaw.fatal;
      return undefined;
    },
  });
  parser.on('error', (error) => (state.failure = error));
  parser.resume();
  return parser;
}
