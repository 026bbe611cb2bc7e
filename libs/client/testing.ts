import { GraphError, type Graph } from './graph.ts';
import type { Clock } from './sender.ts';

/** A clock that moves only when a test moves it. */
export function fakeClock(random: () => number = () => 0.5) {
  let time = Date.parse('2026-11-20T15:00:00Z');
  let timers: { at: number; call: () => void }[] = [];
  const clock: Clock = {
    now: () => time,
    random,
    later(ms, call) {
      const timer = { at: time + ms, call };
      timers.push(timer);
      return () => void (timers = timers.filter((other) => other !== timer));
    },
  };
  return {
    ...clock,
    timers: () => timers.length,
    pass: (ms: number) => void (time += ms),
    /** Moves on to the next timer, and calls it. */
    tick(): void {
      const [next] = timers.sort((a, b) => a.at - b.at);
      if (!next) return;
      timers = timers.filter((other) => other !== next);
      time = Math.max(time, next.at);
      next.call();
    },
  };
}

interface Row {
  readonly revision: number;
  readonly value: unknown;
  readonly by: string;
  readonly posted: boolean;
}
interface CellInput {
  readonly studentId: string;
  readonly assignmentId?: string;
  readonly baseRevision: number;
  /** Of a roll, which is one cell. */
  readonly exceptions?: object[] | undefined;
}
export interface SaveInput {
  readonly saveId: string;
  readonly sectionId: string;
  readonly gradingPeriodId?: string;
  readonly date?: string;
  readonly periodId?: string;
  readonly baseRevision?: number;
  readonly exceptions?: object[];
  readonly cells?: CellInput[];
}
interface Outcome {
  readonly outcome: string;
  readonly revision: number | null;
  readonly code: string | null;
}

/** The saving half of the graph as its protocol is written down: receipts, revisions, conflicts that are kept, and no mercy. */
export class SimulatedServer {
  /** Of each row, what it held at each revision, from 1. */
  readonly history = new Map<string, Row[]>();
  /** Under which saveIds each value came in. */
  readonly carried = new Map<string, Set<string>>();
  /** What is refused for what it is. */
  refuses = (_value: unknown): string | undefined => undefined;
  #receipts = new Map<string, { subject: string; content: string; outcomes: Outcome[] }>();

  rowOf(key: string): Row | undefined {
    return this.history.get(key)?.at(-1);
  }

  /** Somebody else's save, through another door. */
  write(key: string, value: unknown, by: string): void {
    this.#append(key, { value, by, posted: false });
  }

  handle(text: string, input: SaveInput, subject: string): object {
    const verb = /^mutation \w+\([^)]*\) \{\s*(\w+)/.exec(text)![1]!;
    const content = JSON.stringify([verb, input]);
    const receipt = this.#receipts.get(input.saveId);
    if (receipt && (receipt.subject !== subject || receipt.content !== content))
      throw new GraphError('SAVE_ID_REUSED', 'This saveId belongs to another save.', { status: 200 });
    const cells: readonly CellInput[] = input.cells ?? [{ studentId: '', baseRevision: input.baseRevision!, exceptions: input.exceptions }];
    const outcomes = receipt?.outcomes ?? cells.map((cell) => this.#save(verb, input, cell, subject));
    this.#receipts.set(input.saveId, { subject, content, outcomes });
    const current = (cell: CellInput) => this.rowOf(rowKey(verb, input, cell));
    if (verb === 'takeRoll') {
      const [{ outcome, revision, code } = outcomes[0]!] = outcomes;
      const roll = { revision: current(cells[0]!)?.revision ?? 0, entries: [] };
      return { takeRoll: { outcome, replayed: Boolean(receipt), code, message: code, revision, rows: [], roll } };
    }
    const rows = cells.map((cell, n) => {
      const { studentId, assignmentId } = cell;
      const row = outcomes[n]!.outcome === 'CONFLICT' ? current(cell) : undefined;
      const found = row && { ...(row.value as object), revision: row.revision, savedBy: { id: row.by }, savedAt: '2026-11-20T15:00:00Z' };
      return { studentId, ...(assignmentId && { assignmentId }), message: outcomes[n]!.code, ...outcomes[n]!, current: found ?? null };
    });
    return { [verb]: { replayed: Boolean(receipt), receivedAt: '2026-11-20T15:00:00Z', rows } };
  }

  #save(verb: string, input: SaveInput, cell: CellInput, by: string): Outcome {
    const key = rowKey(verb, input, cell);
    const { studentId: _s, assignmentId: _a, baseRevision, ...value } = cell;
    const now = this.rowOf(key);
    if (verb !== 'postMarks') {
      const carried = this.carried.get(JSON.stringify(value)) ?? new Set();
      this.carried.set(JSON.stringify(value), carried.add(input.saveId));
    }
    const refused = this.refuses(value);
    if (refused) return { outcome: 'REFUSED', revision: now?.revision ?? null, code: refused };
    if (baseRevision !== (now?.revision ?? 0)) {
      const same = verb === 'postMarks' ? now?.posted : JSON.stringify(now?.value) === JSON.stringify(value);
      return { outcome: same ? 'SAVED' : 'CONFLICT', revision: now?.revision ?? null, code: same ? null : 'CONFLICT' };
    }
    if (verb === 'postMarks' && !now) return { outcome: 'REFUSED', revision: null, code: 'NOTHING_TO_POST' };
    this.#append(key, verb === 'postMarks' ? { value: now!.value, by, posted: true } : { value, by, posted: false });
    return { outcome: 'SAVED', revision: baseRevision + 1, code: null };
  }

  #append(key: string, row: Omit<Row, 'revision'>): void {
    const rows = this.history.get(key) ?? [];
    this.history.set(key, [...rows, { ...row, revision: rows.length + 1 }]);
  }
}

function rowKey(verb: string, { sectionId, gradingPeriodId, date, periodId }: SaveInput, { assignmentId, studentId }: CellInput): string {
  if (verb === 'takeRoll') return `roll/${sectionId}/${date}/${periodId}`;
  return assignmentId ? `score/${sectionId}/${assignmentId}/${studentId}` : `mark/${sectionId}/${gradingPeriodId}/${studentId}`;
}

/** The way to a simulated server, as a person's graph: `on` may fail, or change what happens. */
export function graphOf(
  server: SimulatedServer,
  person: string,
  on: (deliver: () => object) => Promise<object> = async (go) => go(),
): Graph {
  return {
    async request({ text }, variables) {
      const { input } = variables as { input: SaveInput };
      // What goes over a wire is text: nobody changes it afterwards.
      const sent = JSON.stringify(input);
      const data = await on(() => server.handle(text, JSON.parse(sent) as SaveInput, person));
      return { data: JSON.parse(JSON.stringify(data)), errors: [] };
    },
  };
}
