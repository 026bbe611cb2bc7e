import { operationOf, outcomesOf, type CellOutcome } from './cells.ts';
import { GraphError, type Graph } from './graph.ts';
import type { SaveRecord } from './ledger.ts';

/** Time as the outbox sees it; tests bring their own. */
export interface Clock {
  readonly now: () => number;
  /** Calls later; what it returns calls it off. */
  readonly later: (ms: number, call: () => void) => () => void;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Why nothing is sent: nobody is signed in, or somebody else is. */
export type Pause = 'UNAUTHENTICATED' | 'ANOTHER_PERSON';

export interface SenderParts {
  readonly person: string;
  readonly concurrency: number;
  readonly clock: Clock;
  /** Saves that are made and whose outcome is not stored. */
  readonly made: () => readonly SaveRecord[];
  /** Makes one more save of what waits, stored before it resolves; nothing when nothing waits. */
  readonly make: () => Promise<SaveRecord | undefined>;
  readonly settle: (saveId: string, outcomes: readonly CellOutcome[]) => Promise<void>;
  readonly told: () => void;
}

/** Not before when, after how many vain attempts. */
interface Wait {
  readonly attempts: number;
  readonly until: number;
}
const none: Wait = { attempts: 0, until: 0 };
const firstWaitMs = 500;
const longestWaitMs = 60_000;

/**
 * What the graph answers when it has not decided about a save: it may have been made or not, and is sent again as it was. Of a school that
 * a service has not heard of yet (SCHOOL_NOT_KNOWN) it cannot decide.
 */
const undecided = new Set([
  ...['UNREACHABLE', 'NOT_THE_GRAPH', 'OVERLOADED', 'UNAVAILABLE', 'SUBGRAPH_UNAVAILABLE', 'INTERNAL'],
  'SCHOOL_NOT_KNOWN',
]);
/** The operation itself did not fit: this program and the graph are of different releases. A person can do nothing about it; time can. */
const isMisfit = (code: string) => code.startsWith('GRAPHQL_') || code.startsWith('OPERATION_');
const isUndecided = ({ code, status, retryAfterMs }: GraphError) =>
  undecided.has(code) || isMisfit(code) || retryAfterMs !== undefined || ![200, 400, 413].includes(status ?? 0);
/** Does it concern the whole graph (then one request at a time asks whether it is back), or this save alone? */
const concernsAll = ({ code, status, retryAfterMs }: GraphError) => status !== 200 || code === 'OVERLOADED' || retryAfterMs !== undefined;

/** Sends saves until their outcome is stored, a few at once, and more slowly the longer it is in vain. It gives none up. */
export class Sender {
  #parts: SenderParts;
  #graph: Graph;
  #onTheWay = new Set<string>();
  #waits = new Map<string, Wait>();
  #gate = none;
  #pause: Pause | undefined;
  #lastError: GraphError | undefined;
  #open = false;
  #pumping = false;
  #asked = false;
  #callOff: (() => void) | undefined;

  constructor(graph: Graph, parts: SenderParts) {
    this.#graph = graph;
    this.#parts = parts;
  }

  get pause(): Pause | undefined {
    return this.#pause;
  }
  get lastError(): GraphError | undefined {
    return this.#lastError;
  }

  open(): void {
    this.#open = true;
    this.poke();
  }
  close(): void {
    this.#open = false;
    this.#callOff?.();
  }

  signedInAgain(graph: Graph): void {
    this.#graph = graph;
    this.#pause = undefined;
    this.#gate = none;
    this.#parts.told();
    this.poke();
  }

  /** The way to the graph may be open again: what was not answered need not wait any longer. What the graph itself asked for stays. */
  online(): void {
    if (this.#lastError?.code === 'UNREACHABLE') this.#gate = { ...this.#gate, until: 0 };
    this.poke();
  }

  /** There may be something to send. */
  poke(): void {
    this.#asked = true;
    if (!this.#pumping) void this.#pump();
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    while (this.#asked && this.#open) {
      this.#asked = false;
      try {
        while (this.#mayStart()) {
          const save = this.#due() ?? (await this.#parts.make());
          if (!save || !this.#open || this.#onTheWay.has(save.saveId)) break;
          this.#onTheWay.add(save.saveId);
          void this.#send(save);
        }
      } catch (error) {
        this.#failed('', error, this.#graph, this.#gate); // a save could not be stored: it was not sent, and nothing is lost
      }
    }
    this.#pumping = false;
    this.#wakeLater();
  }

  #mayStart(): boolean {
    const atOnce = this.#gate.attempts ? 1 : this.#parts.concurrency;
    return this.#open && !this.#pause && this.#onTheWay.size < atOnce && this.#gate.until <= this.#parts.clock.now();
  }

  #due(): SaveRecord | undefined {
    const now = this.#parts.clock.now();
    return this.#parts.made().find(({ saveId }) => !this.#onTheWay.has(saveId) && (this.#waits.get(saveId)?.until ?? 0) <= now);
  }

  #wakeLater(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    if (!this.#open || this.#pause) return;
    const now = this.#parts.clock.now();
    const times = [this.#gate, ...this.#waits.values()].map(({ until }) => until).filter((until) => until > now);
    if (times.length) this.#callOff = this.#parts.clock.later(Math.min(...times) - now, () => this.poke());
  }

  async #send(save: SaveRecord): Promise<void> {
    const { saveId } = save;
    const [graph, gate] = [this.#graph, this.#gate];
    try {
      const outcomes = await this.#ask(graph, save);
      await this.#parts.settle(saveId, outcomes);
      this.#waits.delete(saveId);
      if (gate === this.#gate) this.#gate = none;
      this.#lastError = undefined;
    } catch (error) {
      if (this.#open) this.#failed(saveId, error, graph, gate);
    } finally {
      this.#onTheWay.delete(saveId);
    }
    this.#parts.told();
    this.poke();
  }

  async #ask(graph: Graph, { kind, input, cells }: SaveRecord): Promise<CellOutcome[]> {
    try {
      const { data } = await graph.request(operationOf[kind], { input }, this.#parts.person);
      const outcomes = outcomesOf(kind, data, cells);
      const open = outcomes?.find(({ code }) => code !== undefined && undecided.has(code));
      if (open) throw new GraphError(open.code!, open.message ?? '', { status: 200 });
      if (outcomes) return outcomes;
    } catch (error) {
      return refusedWhole(error, cells.length);
    }
    throw new GraphError('NOT_THE_GRAPH', 'The answer does not tell what became of each cell.', { status: 200 });
  }

  /** Nobody knows what became of it: later again, the same. */
  #failed(saveId: string, error: unknown, graph: Graph, gate: Wait): void {
    const told =
      error instanceof GraphError ? error : new GraphError('STORAGE', 'A save could not be stored on this computer.', { cause: error });
    this.#lastError = told;
    if (told.code === 'UNAUTHENTICATED' || told.code === 'ANOTHER_PERSON') {
      if (graph === this.#graph) this.#pause = told.code;
    } else if (concernsAll(told)) {
      // Of several that failed at once, the first makes the others wait, and counts; but the longest pause asked for is kept.
      if (gate === this.#gate) this.#gate = this.#longer(gate, told.retryAfterMs);
      else if (told.retryAfterMs)
        this.#gate = { ...this.#gate, until: Math.max(this.#gate.until, this.#parts.clock.now() + told.retryAfterMs) };
    } else this.#waits.set(saveId, this.#longer(this.#waits.get(saveId) ?? none, told.retryAfterMs));
  }

  /** Full jitter: a district whose server comes back must not ask it all at once. */
  #longer({ attempts }: Wait, atLeastMs = 0): Wait {
    const { now, random } = this.#parts.clock;
    const jitter = random() * Math.min(longestWaitMs, firstWaitMs * 2 ** attempts);
    return { attempts: attempts + 1, until: now() + Math.max(1, atLeastMs + jitter) };
  }
}

/** The save as a whole was refused, and would be again: each of its cells has this outcome. Rethrows what decides nothing. */
function refusedWhole(error: unknown, cells: number): CellOutcome[] {
  if (!(error instanceof GraphError)) throw new GraphError('UNREACHABLE', 'The graph could not be asked.', { cause: error });
  if (isUndecided(error) || error.code === 'UNAUTHENTICATED' || error.code === 'ANOTHER_PERSON') throw error;
  const { code, message } = error;
  return Array.from({ length: cells }, () => ({ outcome: 'REFUSED', code, message }));
}
