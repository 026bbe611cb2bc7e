import { existsSync, openSync, readFileSync, writeSync } from 'node:fs';

/** What teachers did and heard, as their programs wrote it down the moment it happened; times of one clock for all processes. */
export type Event =
  | Edited
  | { event: 'invoke'; attempt: string; teacher: string; verb: Verb; input: SaveInput; at: number }
  | { event: 'ack'; attempt: string; replayed: boolean; rows: Row[]; at: number }
  | { event: 'fail'; attempt: string; code: string; at: number }
  | { event: 'read'; teacher: string; invokedAt: number; cells: Seen[]; at: number };

export interface Edited {
  readonly event: 'typed' | 'stored' | 'gaveUp';
  readonly teacher: string;
  readonly key: string;
  readonly content: string;
  readonly at: number;
}

export type Verb = 'saveMarks' | 'postMarks' | 'saveScores' | 'takeRoll';

export interface SaveInput {
  readonly saveId: string;
  readonly sectionId: string;
  readonly gradingPeriodId?: string;
  readonly cells?: readonly { studentId: string; assignmentId?: string; baseRevision: number; comment?: string | null }[];
  readonly date?: string;
  readonly periodId?: string;
  readonly baseRevision?: number;
  readonly exceptions?: readonly { studentId: string; comment?: string }[];
}

/** What a save was answered about one cell. */
export interface Row {
  readonly outcome: string;
  readonly revision: number | null;
  readonly code: string | null;
}

/** A cell as somebody read it; revision 0: nothing was there. */
export interface Seen {
  readonly key: string;
  readonly revision: number;
  /** Null when only the revision can be compared. */
  readonly content: string | null;
}

/** One sending of a save. */
export interface Sending {
  readonly saveId: string;
  readonly teacher: string;
  readonly verb: Verb;
  readonly invokedAt: number;
  /** Null when no answer was heard. */
  readonly answeredAt: number | null;
  readonly replayed: boolean;
  readonly cells: readonly { readonly key: string; readonly base: number; readonly content: string }[];
  /** Of each cell; empty when no answer was heard. */
  readonly rows: readonly Row[];
}

/** Milliseconds of the machine's monotonic clock. */
export const now = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

/** Each line is in the kernel before the next step is taken, so it outlives the program. */
export function logTo(path: string): (event: Event) => void {
  const file = openSync(path, 'a');
  return (event) => void writeSync(file, `${JSON.stringify(event)}\n`);
}

export function readLog(path: string): Event[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter(Boolean).map((line) => JSON.parse(line) as Event);
}

/** Which save an operation's text asks for; undefined when it is none. */
export function verbOf(text: string): Verb | undefined {
  const name = /^mutation (\w+)/.exec(text)?.[1];
  return name === undefined ? undefined : ((name[0]!.toLowerCase() + name.slice(1)) as Verb);
}

/** A posting carries no value of its own. */
export const posted = 'posted';

/** The cells of a save. A mark and its posting are one cell with one row of revisions. */
export function cellsOf(verb: Verb, input: SaveInput): Sending['cells'] {
  const { sectionId } = input;
  if (verb === 'takeRoll') {
    const content = (input.exceptions ?? []).map(({ comment }) => comment ?? '').toSorted().join('|'); // prettier-ignore
    return [{ key: `roll/${sectionId}/${input.date}/${input.periodId}`, base: input.baseRevision!, content }];
  }
  return input.cells!.map(({ studentId, assignmentId, baseRevision, comment }) => ({
    key: assignmentId ? `score/${assignmentId}/${studentId}` : `mark/${sectionId}/${input.gradingPeriodId}/${studentId}`,
    base: baseRevision,
    content: verb === 'postMarks' ? posted : (comment ?? ''),
  }));
}

/** What the graph answered to a save; null when it did not decide about it. */
export function answerIn(verb: Verb, data: unknown): { replayed: boolean; rows: Row[] } | null {
  const answer = (data as Record<string, (Row & { replayed: boolean; rows: Row[] }) | null> | null)?.[verb];
  if (!answer) return null;
  const rowOf = ({ outcome, revision, code }: Row): Row => ({ outcome, revision: revision ?? null, code: code ?? null });
  return { replayed: answer.replayed, rows: verb === 'takeRoll' ? [rowOf(answer)] : answer.rows.map(rowOf) };
}

export function sendingsIn(events: readonly Event[]): Sending[] {
  const answers = new Map<string, Event & { event: 'ack' }>();
  for (const event of events) if (event.event === 'ack') answers.set(event.attempt, event);
  return events.flatMap((event) => {
    if (event.event !== 'invoke') return [];
    const { attempt, teacher, verb, input, at } = event;
    const ack = answers.get(attempt);
    const heard = { answeredAt: ack?.at ?? null, replayed: ack?.replayed ?? false, rows: ack?.rows ?? [] };
    return [{ saveId: input.saveId, teacher, verb, invokedAt: at, cells: cellsOf(verb, input), ...heard }];
  });
}
