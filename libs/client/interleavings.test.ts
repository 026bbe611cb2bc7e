import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keyOf, partnerOf, type Cell, type ValueOf } from './cells.ts';
import { GraphError, type Graph } from './graph.ts';
import { openOutbox, type Outbox } from './outbox.ts';
import { memoryStorage, type OutboxStorage } from './storage.ts';
import { fakeClock, graphOf, SimulatedServer } from './testing.ts';

const seed = Number(process.env['ROLLBOOK_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const runs = Number(process.env['CLIENT_RUNS'] ?? 500);
const person = 'miller';

const marks: Cell[] = ['ann', 'bob'].map((studentId) => ({ kind: 'mark', sectionId: 's', gradingPeriodId: 'g', studentId }));
const cells: Cell[] = [
  ...marks,
  ...marks.map((cell) => partnerOf(cell)!),
  { kind: 'score', sectionId: 's', assignmentId: 'essay', studentId: 'ann' },
  { kind: 'roll', sectionId: 's', date: '2026-11-20', periodId: 'p' },
];
const rowOf = (cell: Cell) => keyOf(cell).replace(/^post/, 'mark');
const valueOf = (cell: Cell, text: string) => {
  if (cell.kind === 'post') return null;
  if (cell.kind === 'mark') return { value: text, comment: null };
  return cell.kind === 'score' ? { value: text } : { exceptions: [{ studentId: 'ann', code: text }] };
};

interface Made {
  readonly cell: Cell;
  readonly text: string;
  readonly n: number;
  stored: boolean;
  /** Edits that were not stored yet when this one was made: their order is open. */
  readonly beside: readonly Made[];
}

/** A program on the person's computer: from one crash to the next. */
class Tab {
  alive = true;
  outbox: Outbox | undefined;
  readonly world: World;
  readonly #stop = new AbortController();

  constructor(world: World) {
    this.world = world;
    const graph: Graph = graphOf(world.server, person, (deliver) => world.travel(this, deliver));
    void openOutbox({
      storage: this.#storage(),
      graph,
      person,
      ...world.clock,
      later: (ms, call) => world.clock.later(ms, () => this.alive && call()),
    }).then((outbox) => {
      this.outbox = outbox;
      outbox.subscribe((changed) => changed.forEach(({ cell, found }) => found && world.sees(cell, found.revision)));
      for (const { cell, found } of outbox.states()) if (found) world.sees(cell, found.revision);
      this.graph = graph;
    });
  }
  graph: Graph | undefined;

  crash(): void {
    // What it was storing is stored by now, or never.
    const storing = this.world.tasks.filter((task) => task.tab === this && task.storing);
    if (this.world.roll(2)) storing.forEach(({ run }) => run());
    this.alive = false;
    this.world.tasks = this.world.tasks.filter((task) => !storing.includes(task));
    this.#stop.abort();
    this.world.tabs = this.world.tabs.filter((tab) => tab !== this);
  }

  /** Each step of the storage happens at one moment, and is heard of at another: a crash may come before, between or after. */
  #storage(): OutboxStorage {
    const { world } = this;
    const inTwo = <T>(work: () => Promise<T>) =>
      new Promise<T>((resolve, reject) =>
        world.later(
          this,
          async () => {
            const done = await work().then(
              (result) => () => resolve(result),
              (error) => () => reject(error as Error),
            );
            world.later(this, done);
          },
          true,
        ),
      );
    const { memory } = world;
    return {
      read: (owner) => inTwo(() => memory.read(owner)),
      update: (owner, step) => inTwo(() => memory.update(owner, step)),
      others: (owner) => memory.others(owner),
      lead: (owner) => (world.locks ? memory.lead(owner, this.#stop.signal) : Promise.resolve()),
      watch: (owner, changed) => memory.watch(owner, () => this.alive && world.tabs.length > 1 && changed()),
      jot: (_, key, note) => void (note ? world.jots.set(key, JSON.stringify(note)) : world.jots.delete(key)),
      jotted: () => [...world.jots.values()].map((note) => JSON.parse(note) as object),
    };
  }
}

class World {
  readonly server = new SimulatedServer();
  #random = 1;
  readonly clock = fakeClock(() => (this.#random = (this.#random * 16_807) % 2_147_483_647) / 2_147_483_647);
  readonly memory = memoryStorage();
  readonly jots = new Map<string, string>();
  readonly locks: boolean;
  readonly made: Made[] = [];
  readonly decisions = new Map<string, number>();
  readonly givenUp: { cell: Cell; n: number }[] = [];
  readonly #seen = new Map<string, Set<number>>();
  tabs: Tab[] = [];
  tasks: { tab: Tab; run: () => void; storing?: boolean }[] = [];
  faults = true;
  several = false;
  #dice: number[];
  #n = 0;

  constructor(locks: boolean, dice: number[]) {
    this.locks = locks;
    this.#dice = dice;
    this.server.refuses = (value) => (JSON.stringify(value).includes('bad') ? 'VALUE_NOT_ON_SCALE' : undefined);
  }

  /** From 0 to below `sides`; 0 when the dice have run out. */
  roll = (sides: number): number => (this.#dice.pop() ?? 0) % sides;
  get over(): boolean {
    return !this.#dice.length;
  }

  later(tab: Tab, run: () => void, storing = false): void {
    if (tab.alive) this.tasks.push({ tab, run, storing });
  }

  sees(cell: Cell, revision: number): void {
    const key = rowOf(cell);
    this.#seen.set(key, (this.#seen.get(key) ?? new Set([0])).add(revision));
  }
  saw = (key: string, revision: number) => this.#seen.get(key)?.has(revision) ?? revision === 0;

  /** A request goes, with what may happen to it on the way there, there, and on the way back. */
  travel(tab: Tab, deliver: () => object): Promise<object> {
    return new Promise((resolve, reject) => {
      const fate = this.faults ? this.roll(12) : 0;
      const failWith = (code: string, more: object = {}) => this.later(tab, () => reject(new GraphError(code, code, more)));
      // What is on the wire arrives, also when its sender has died.
      this.tasks.push({
        tab,
        run: () => {
          if (fate === 1) return failWith('UNREACHABLE');
          if (fate === 2) return failWith('OVERLOADED', { status: 503, retryAfterMs: 500 });
          if (fate === 3) return failWith('UNAUTHENTICATED', { status: 401 });
          if (fate === 4) return failWith('INTERNAL', { status: 200 });
          try {
            const data = deliver();
            if (fate === 5 || fate === 6) this.tasks.push({ tab, run: () => void deliver() });
            if (fate === 7 || fate === 5) return failWith('UNREACHABLE');
            if (fate === 8) return failWith('INTERNAL', { status: 500 });
            this.later(tab, () => resolve(data));
          } catch (error) {
            this.later(tab, () => reject(error as Error));
          }
        },
      });
    });
  }

  runTask(n: number): void {
    const [task] = this.tasks.splice(n % this.tasks.length, 1);
    task!.run();
  }

  edit(): void {
    const tab = this.#someTab();
    if (!tab?.outbox) return;
    const { outbox } = tab;
    const cell = cells[this.roll(cells.length)]!;
    if (this.roll(2)) this.sees(cell, this.server.rowOf(rowOf(cell))?.revision ?? 0);
    const revision = Math.max(...(this.#seen.get(rowOf(cell)) ?? [0]));
    const n = ++this.#n;
    this.clock.pass(1); // nobody types twice in a millisecond
    const text = `${this.roll(8) ? 'v' : 'bad'}${n}`;
    const made: Made = { cell, text, n, stored: false, beside: this.made.filter(({ stored }) => !stored) };
    this.made.push(made);
    void outbox.edit(cell, valueOf(cell, text) as ValueOf<Cell>, { revision }).then(() => (made.stored = true));
  }

  decide(): void {
    const outbox = this.#someTab()?.outbox;
    const cases = outbox?.attention() ?? [];
    const one = cases[this.roll(cases.length || 1)];
    if (!outbox || !one) return;
    // Whoever types on after giving up makes a new edit, which may go at once.
    this.decisions.set(keyOf(one.cell), (this.decisions.get(keyOf(one.cell)) ?? 0) + 1);
    if (this.roll(2)) {
      void outbox.keepMine(one.cell);
    } else {
      this.givenUp.push({ cell: one.cell, n: ++this.#n });
      void outbox.takeTheirs(one.cell);
    }
  }

  signIn(): void {
    for (const { outbox, graph } of this.tabs) if (outbox?.summary().paused) outbox.signedInAgain(graph!);
  }

  #someTab(): Tab | undefined {
    const open = this.tabs.filter(({ outbox }) => outbox);
    return open[this.roll(open.length || 1)];
  }

  step(): void {
    if (!this.tabs.length) this.tabs.push(new Tab(this));
    const act = this.roll(40);
    if (act < 20 && this.tasks.length) return this.runTask(this.roll(1_000));
    if (act < 26) return this.clock.tick();
    if (act < 32) return this.edit();
    if (act < 34) return this.decide();
    if (act < 35) return this.signIn();
    if (act < 37) {
      const cell = cells[this.roll(cells.length)]!;
      if (cell.kind !== 'post') this.server.write(rowOf(cell), valueOf(cell, `jones${++this.#n}`), 'jones');
    } else if (act < 38) this.tabs[this.roll(this.tabs.length)]!.crash();
    else if (act < 39 && this.tabs.length < 2) {
      this.several = true;
      this.tabs.push(new Tab(this));
    } else if (this.tasks.length) this.runTask(0);
  }

  /** No more faults: everything that is on the way comes to an end. */
  async heal(): Promise<void> {
    this.faults = false;
    if (!this.tabs.length) this.tabs.push(new Tab(this));
    for (let n = 0; n < 3_000; n++) {
      await drained();
      this.signIn();
      await drained();
      if (this.tasks.length) this.runTask(0);
      else if (this.clock.timers()) this.clock.tick();
      else return;
    }
    throw new Error('It does not come to an end.');
  }

  get outbox(): Outbox {
    return this.tabs[0]!.outbox!;
  }
}

const drained = async () => {
  for (let n = 0; n < 2; n++) await new Promise(setImmediate);
};

/** What is wrong with how it ended; nothing, when every promise was kept. */
function faultsOf(world: World): string[] {
  const { server, outbox, made, decisions, givenUp } = world;
  const faults: string[] = [];
  const rows = [...server.history].flatMap(([key, history]) => history.map((row, n) => ({ key, ...row, before: history[n - 1] })));
  const times = (text: string) => rows.filter(({ value, posted }) => !posted && JSON.stringify(value).includes(`"${text}"`)).length;
  const shown = JSON.stringify(outbox.attention());
  const reached = ({ text, cell }: Made) =>
    cell.kind === 'post' ? outbox.stateOf(cell) || rows.some(({ posted }) => posted) : times(text) > 0 || shown.includes(`"${text}"`);

  for (const { cell, state } of outbox.states()) {
    const mark = cell.kind === 'post' && outbox.stateOf(partnerOf(cell)!)?.state;
    if ((state === 'SENT' || state === 'ON_THIS_COMPUTER') && mark !== 'CONFLICT' && mark !== 'REFUSED')
      faults.push(`stuck: ${keyOf(cell)} ${state}`);
  }
  for (const edit of made) {
    const { cell, text, n, stored, beside } = edit;
    const key = keyOf(cell);
    if (times(text) > 1) faults.push(`doubled: ${text}`);
    const kept = stored || (!world.several && cell.kind !== 'post');
    if (!kept || reached(edit)) continue;
    const later = made.some(
      (other) => keyOf(other.cell) === key && (other.n > n || beside.includes(other)) && (other.stored || reached(other)),
    );
    const givenBack = givenUp.some((decision) => rowOf(decision.cell) === rowOf(cell) && decision.n > n);
    const takenBack =
      cell.kind === 'post' && made.some((other) => keyOf(other.cell) === rowOf(cell) && (other.n > n || beside.includes(other)));
    if (!later && !givenBack && !takenBack) faults.push(`lost: ${text} in ${key}`);
  }
  for (const [value, saves] of server.carried) {
    const cell = made.find(({ text }) => value.includes(`"${text}"`))?.cell;
    if (cell && saves.size > 1 + (decisions.get(keyOf(cell)) ?? 0)) faults.push(`in ${saves.size} saves: ${value}`);
  }
  for (const { key, by, revision, before } of rows)
    if (by === person && before && before.by !== person && !world.saw(key, before.revision))
      faults.push(`overwritten unseen: ${key} ${before.revision} by ${revision}`);
  return faults;
}

test(`nothing is lost, doubled, stuck or overwritten unseen, whatever is killed or lost on the way and in whatever order (ROLLBOOK_SEED=${seed})`, async () => {
  const ends = { saves: 0, attention: 0 };
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(fc.nat(1e6), { minLength: 200, maxLength: 900 }), async (locks, dice) => {
      const world = new World(locks, [...dice]);
      while (!world.over) {
        world.step();
        await drained();
      }
      await world.heal();
      ends.saves += [...world.server.history.values()].flat().filter(({ by }) => by === person).length;
      ends.attention += world.outbox.attention().length;
      expect(faultsOf(world)).toEqual([]);
    }),
    { seed, numRuns: runs, endOnFailure: process.env['CLIENT_SHRINK'] === undefined },
  );
  expect(ends.saves).toBeGreaterThan(runs);
  expect(ends.attention).toBeGreaterThan(runs / 10);
}, 120_000);
