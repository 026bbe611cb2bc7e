import { keyOf, type Cell, type Found, type RefusedRow, type ValueOf } from './cells.ts';
import type { Graph, GraphError } from './graph.ts';
import { cellsIn, inTurn, keepMine, newSaveId, nextSave, savesIn, settled, takeTheirs, typed } from './ledger.ts';
import type { CellRecord, Edit } from './ledger.ts';
import { Sender, type Clock, type Pause } from './sender.ts';
import type { Changes, OutboxStorage, Records } from './storage.ts';

export interface OutboxOptions extends Partial<Clock> {
  readonly storage: OutboxStorage;
  readonly graph: Graph;
  /** The id of who is signed in (`sub` of the token). */
  readonly person: string;
  /** Saves that are on the way at once. */
  readonly concurrency?: number;
  /** How long edits are gathered before they go. */
  readonly gatherMs?: number;
}

/**
 * ON_THIS_COMPUTER: not sent · SENT: it may have arrived · SAVED: in the district's database · CONFLICT: somebody else's value stands, the
 * person chooses · REFUSED: code and message say why; the person edits again, or lets it be.
 */
export type State = 'ON_THIS_COMPUTER' | 'SENT' | 'SAVED' | 'CONFLICT' | 'REFUSED';

export interface CellState {
  readonly cell: Cell;
  readonly state: State;
  /** Does the newest value outlast this program? */
  readonly durable: boolean;
  /** The newest value that this person gave; not kept here once it is saved. */
  readonly value?: unknown;
  /** The last revision that this person made or has accepted. */
  readonly revision?: number;
  readonly code?: string;
  readonly message?: string;
  /** What stands instead. */
  readonly found?: Found;
  /** The students whom a saved roll left as they were. */
  readonly rows?: readonly RefusedRow[];
}

export interface Summary {
  /** Edits of which it is not known that they are saved: with any, a page should ask before it is closed. */
  readonly unsaved: number;
  /** Of these, those that would not outlast this program. */
  readonly notDurable: number;
  /** Cells that wait for a decision of the person. */
  readonly attention: number;
  /** How many other people have work that waits on this computer. */
  readonly others: number;
  /** Why nothing is sent until somebody signs in. */
  readonly paused?: Pause;
  /** Why the last attempt was in vain. */
  readonly lastError?: GraphError;
  /** For a banner: "3 edits on this computer". */
  readonly text: string;
}

export type Listener = (changed: readonly CellState[], summary: Summary) => void;

/**
 * Opens the outbox of a person on this computer: what they typed here before and was not saved goes on its way. Rejects when the storage
 * cannot be read.
 */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const { storage, person } = options;
  if (!person) throw new TypeError('An outbox needs the id of its person.');
  const outbox = new Outbox(options, await storage.others(person));
  await outbox.recover();
  return outbox;
}

/** See openOutbox. Everything it says about a cell is told to those who subscribed, too. */
export class Outbox {
  readonly others: number;
  #person: string;
  #storage: OutboxStorage;
  #clock: Clock;
  #gatherMs: number;
  #sender: Sender;
  #records: Records = new Map();
  /** Typed and on the way to the storage; the newest of each cell. */
  #typing = new Map<string, Edit>();
  /** Edits of two tabs in one millisecond are two. */
  #tab: number;
  #version = 0;
  #flushing: Promise<void> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #listeners = new Set<Listener>();
  #told = new Map<string, string>();
  #telling = false;
  #gathering: (() => void) | undefined;
  #closed = new AbortController();
  #unwatch: () => void;

  constructor(options: OutboxOptions, others: number) {
    const { storage, person, graph, concurrency = 4, gatherMs = 400 } = options;
    this.#person = person;
    this.#storage = storage;
    this.#gatherMs = gatherMs;
    this.others = others;
    this.#clock = {
      now: options.now ?? Date.now,
      random: options.random ?? Math.random,
      later: options.later ?? laterByTimer,
    };
    this.#tab = Math.floor(this.#clock.random() * 1024);
    this.#sender = new Sender(graph, {
      ...{ person, concurrency, clock: this.#clock },
      made: () => savesIn(this.#records),
      make: () => this.#makeSave(),
      settle: (saveId, outcomes) => this.#step((now) => settled(now, saveId, outcomes)),
      told: () => this.#tell(),
    });
    // When reading fails, the next step of our own reads again.
    this.#unwatch = storage.watch(person, (lost) => void this.#readAgain(lost).catch(() => undefined));
  }

  /** Takes in what only the fast copy holds, and begins to send once no other tab does. */
  async recover(): Promise<void> {
    // Only now, when other tabs are listened to: what they change after this is heard of.
    await this.#readAgain(true);
    const { signal } = this.#closed;
    void this.#storage.lead(this.#person, signal).then(() => signal.aborted || this.#sender.open());
  }

  #takeNotes(): void {
    for (const edit of (this.#storage.jotted?.(this.#person) ?? []) as Edit[]) {
      const key = keyOf(edit.cell);
      const known = this.#records.get(key) as CellRecord | undefined;
      if ((known?.version ?? 0) < edit.version) this.#typing.set(key, this.#typing.get(key) ?? edit);
      else if (!known?.open) this.#storage.jot?.(this.#person, key, null);
    }
  }

  /**
   * A person has given a cell this value, having seen this revision of it (0: nothing was there). Resolves when it will outlast this program
   * and this computer's loss of power; it is sent a little later. Rejects when it could not be stored: it is kept in memory, is not sent,
   * and tried again.
   *
   * @param reason why somebody who does not teach the section does it
   */
  edit<C extends Cell>(cell: C, value: ValueOf<C>, seen: { revision: number; reason?: string }): Promise<void> {
    const { revision, ...reason } = seen;
    if (!Number.isInteger(revision) || revision < 0 || revision > 0x7fffffff)
      throw new TypeError(`The revision that was seen is a whole number from 0, not ${revision}.`);
    const edit: Edit = { cell, value, baseRevision: revision, version: this.#nextVersion(cell), ...reason };
    this.#typing.set(keyOf(cell), edit);
    this.#storage.jot?.(this.#person, keyOf(cell), edit);
    this.#tellSoon();
    return this.#flush();
  }

  /** Of a cell in attention: the person's value shall stand (a conflict), or is to be tried again as it is (a refusal). */
  keepMine(cell: Cell): Promise<void> {
    return this.#decide((records) => keepMine(records, cell));
  }

  /** Of a cell in attention: the person's value is given up. */
  takeTheirs(cell: Cell): Promise<void> {
    const version = this.#nextVersion(cell);
    return this.#decide((records) => takeTheirs(records, cell, version));
  }

  /** What became of a cell; undefined when nothing of it is known here: then the graph's word counts. */
  stateOf(cell: Cell): CellState | undefined {
    return this.#stateAt(keyOf(cell));
  }

  /** All cells that are not saved, or were not long ago. */
  states(): CellState[] {
    const keys = new Set([...cellsIn(this.#records).map(({ cell }) => keyOf(cell)), ...this.#typing.keys()]);
    return [...keys].flatMap((key) => this.#stateAt(key) ?? []);
  }

  /** The cells that wait for a decision of the person. */
  attention(): CellState[] {
    return this.states().filter(({ state }) => state === 'CONFLICT' || state === 'REFUSED');
  }

  summary(): Summary {
    return this.#summaryOf(this.states());
  }

  #summaryOf(states: readonly CellState[]): Summary {
    const count = (...wanted: State[]) => states.filter(({ state }) => wanted.includes(state)).length;
    const unsaved = count('ON_THIS_COMPUTER', 'SENT');
    const attention = count('CONFLICT', 'REFUSED');
    const { pause, lastError } = this.#sender;
    const parts = [unsaved && `${unsaved} ${unsaved === 1 ? 'edit' : 'edits'} on this computer`, attention && `${attention} to look at`];
    return {
      ...{ unsaved, attention, others: this.others },
      notDurable: states.filter(({ durable }) => !durable).length,
      ...(pause && { paused: pause }),
      ...(lastError && { lastError }),
      text: parts.filter(Boolean).join(', ') || 'Everything is saved',
    };
  }

  /** Tells from now on what changes; returns how to stop it. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The person has signed in again: what waited for it goes on, by this graph. For another person, open another outbox. */
  signedInAgain(graph: Graph): void {
    this.#sender.signedInAgain(graph);
  }

  /** The way to the graph may be open again (`online` of a browser): do not wait for the next attempt. */
  online(): void {
    this.#sender.online();
  }

  /** Stops sending; what is not saved stays on this computer for the next time. */
  async close(): Promise<void> {
    this.#sender.close();
    this.#gathering?.();
    this.#unwatch();
    await this.#flush().finally(() => this.#closed.abort());
  }

  /** Above all before it, also those of other tabs as far as they are known here; not one that another tab gives at the same moment. */
  #nextVersion(cell: Cell): number {
    const known = this.#records.get(keyOf(cell)) as CellRecord | undefined;
    return (this.#version = Math.max(this.#version, known?.version ?? 0, this.#clock.now() * 1024 + this.#tab) + 1);
  }

  async #decide(step: (records: Records) => Changes): Promise<void> {
    await this.#flush();
    await this.#step(step);
    this.#sender.poke();
  }

  /** Stores what was typed. What is typed meanwhile goes together in the next round, so that a slow disk is not asked for every key. */
  #flush(): Promise<void> {
    if (!this.#typing.size) return this.#flushing ?? Promise.resolve();
    // One round may be under way with an earlier value; the next one begins after it, and serves all who ask until then.
    this.#flushing ??= this.#turn
      .catch(() => undefined)
      .then(async () => {
        this.#flushing = undefined;
        await this.#store();
      });
    this.#flushing.catch(() => this.#clock.later(storeAgainMs, () => this.#closed.signal.aborted || this.#flush().catch(() => undefined)));
    return this.#flushing;
  }

  async #store(): Promise<void> {
    const edits = [...this.#typing.values()];
    if (!edits.length) return;
    await this.#step(
      (now) =>
        inTurn(
          now,
          edits.map((edit) => (records: Records) => typed(records, edit)),
        ),
      edits,
    );
    this.#gather();
  }

  /** What is typed in quick succession goes together. */
  #gather(): void {
    this.#gathering ??= this.#clock.later(this.#gatherMs, () => {
      this.#gathering = undefined;
      this.#sender.poke();
    });
  }

  async #makeSave() {
    const saveId = newSaveId(this.#clock.now());
    if (this.#gathering || !nextSave(this.#records, saveId).size) return undefined;
    await this.#step((now) => nextSave(now, saveId));
    return savesIn(this.#records).find((save) => save.saveId === saveId);
  }

  /** One step of the ledger, durable when it resolves. Steps of this outbox, and readings, come one after the other. */
  #step(step: (records: Records) => Changes, edits: readonly Edit[] = []): Promise<void> {
    return this.#inTurn(async () => {
      const before = this.#records;
      this.#records = await this.#storage.update(this.#person, step);
      for (const edit of edits) if (this.#typing.get(keyOf(edit.cell)) === edit) this.#typing.delete(keyOf(edit.cell));
      this.#seen(before);
    });
  }

  async #readAgain(lost = false): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#closed.signal.aborted) return;
      const before = this.#records;
      this.#records = await this.#storage.read(this.#person);
      if (lost) this.#takeNotes();
      this.#seen(before);
    });
    if (lost) await this.#flush();
  }

  /** What is stored may hold what other tabs did: edits to gather, and saves that may be orphans. */
  #seen(before: Records): void {
    this.#tell();
    const isNew = ({ cell, version }: CellRecord) => version !== (before.get(keyOf(cell)) as CellRecord | undefined)?.version;
    if (cellsIn(this.#records).some((record) => record.waiting && isNew(record))) this.#gather();
    if (savesIn(this.#records).length) this.#sender.poke();
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.catch(() => undefined).then(work);
    this.#turn = done;
    return done;
  }

  #stateAt(key: string): CellState | undefined {
    const record = this.#records.get(key) as CellRecord | undefined;
    const typing = this.#typing.get(key);
    if (!record && !typing) return undefined;
    const { cell, waiting, sent, trouble, revision } = { ...record, cell: (record ?? typing)!.cell };
    const known = { cell, durable: !typing, ...(revision !== undefined && { revision }) };
    if (typing && !trouble) return { ...known, state: 'ON_THIS_COMPUTER', value: typing.value };
    if (trouble) {
      const { outcome, code, message, found, rows } = trouble;
      return { ...known, state: outcome, value: (typing ?? trouble).value, code, message, ...(found && { found }), ...(rows && { rows }) };
    }
    if (waiting) return { ...known, state: 'ON_THIS_COMPUTER', value: waiting.value };
    if (sent) return { ...known, state: 'SENT', value: sent.value };
    return revision === undefined ? undefined : { ...known, state: 'SAVED' };
  }

  /** A column that is pasted is told of once. */
  #tellSoon(): void {
    if (!this.#telling) queueMicrotask(() => this.#telling && this.#tell());
    this.#telling = true;
  }

  #tell(): void {
    this.#telling = false;
    const changed: CellState[] = [];
    const all = this.states();
    const states = new Map(all.map((state) => [keyOf(state.cell), state]));
    for (const [key, state] of states) {
      const text = JSON.stringify(state);
      if (this.#told.get(key) === text) continue;
      this.#told.set(key, text);
      changed.push(state);
      // The fast copy is of use until the graph or the person has settled the cell.
      if (state.state === 'SAVED') this.#storage.jot?.(this.#person, key, null);
    }
    for (const key of this.#told.keys())
      if (!states.has(key)) {
        this.#told.delete(key);
        // Given up; when the storage has lost the cell, the fast copy is all there is.
        if (this.#records.has(key)) this.#storage.jot?.(this.#person, key, null);
      }
    const summary = this.#summaryOf(all);
    for (const listener of this.#listeners) listener(changed, summary);
  }
}

/** After how long an edit that could not be stored is tried again. */
const storeAgainMs = 1_000;

function laterByTimer(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
}
