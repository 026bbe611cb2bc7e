import { expect, test } from '@jest/globals';
import { buildSchema, coerceInputValue, type GraphQLInputType } from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MarkCell, PostCell, RollCell, ScoreCell } from './cells.ts';
import { GraphError, type Graph } from './graph.ts';
import { openOutbox, type Summary } from './outbox.ts';
import { memoryStorage, type OutboxStorage } from './storage.ts';
import { fakeClock, graphOf, SimulatedServer, type SaveInput } from './testing.ts';

const mark = (studentId: string): MarkCell => ({ kind: 'mark', sectionId: 'algebra', gradingPeriodId: 'fall', studentId });
const post = (studentId: string): PostCell => ({ ...mark(studentId), kind: 'post' });
const roll: RollCell = { kind: 'roll', sectionId: 'algebra', date: '2026-11-20', periodId: 'first' };
const score: ScoreCell = { kind: 'score', sectionId: 'algebra', assignmentId: 'essay', studentId: 'ann' };
const is = (value: string | null) => ({ value, comment: null });
const unseen = { revision: 0 };
const turns = async () => {
  for (let n = 0; n < 30; n++) await new Promise(setImmediate);
};

/** A person at a computer: a clock that stands still, a server, and a way to it that a test can break. */
async function openDesk({ storage = memoryStorage(), person = 'miller', server = new SimulatedServer() } = {}) {
  const clock = fakeClock();
  const asked: SaveInput[] = [];
  const way = { fault: undefined as undefined | ((deliver: () => object) => Promise<object>) };
  const straight = graphOf(server, person, async (deliver) => (way.fault ? way.fault(deliver) : deliver()));
  const graph: Graph = {
    request: (operation, variables, owner) => {
      asked.push((variables as { input: SaveInput }).input);
      return straight.request(operation, variables, owner);
    },
  };
  const outbox = await openOutbox({ storage, graph, person, ...clock });
  await turns();
  const tick = async () => {
    await turns();
    clock.tick();
    await turns();
  };
  return { clock, server, asked, way, graph, outbox, storage, tick };
}

test('an edit is stored before it is sent, sent after a moment, and then saved', async () => {
  const { outbox, asked, server, tick } = await openDesk();
  await outbox.edit(mark('ann'), is('A'), unseen);
  expect(outbox.stateOf(mark('ann'))).toMatchObject({ state: 'ON_THIS_COMPUTER', durable: true, value: is('A') });
  expect(outbox.summary()).toMatchObject({ unsaved: 1, notDurable: 0, text: '1 edit on this computer' });
  expect(asked).toEqual([]);
  await tick();
  expect(outbox.stateOf(mark('ann'))).toEqual({ cell: mark('ann'), state: 'SAVED', durable: true, revision: 1 });
  expect(outbox.summary().text).toBe('Everything is saved');
  expect(server.rowOf('mark/algebra/fall/ann')).toMatchObject({ value: is('A'), by: 'miller' });
});

test('nothing is sent that could not be stored, and it is stored when it can be', async () => {
  const memory = memoryStorage();
  let full = true;
  const storage: OutboxStorage = {
    ...memory,
    update: (person, step) => (full ? Promise.reject(new Error('disk full')) : memory.update(person, step)),
  };
  const { outbox, asked, tick } = await openDesk({ storage });
  await expect(outbox.edit(mark('ann'), is('A'), unseen)).rejects.toThrow('disk full');
  expect(outbox.stateOf(mark('ann'))).toMatchObject({ state: 'ON_THIS_COMPUTER', durable: false, value: is('A') });
  expect(outbox.summary().notDurable).toBe(1);
  await tick();
  expect(asked).toEqual([]);
  full = false;
  await tick();
  expect(outbox.summary()).toMatchObject({ unsaved: 1, notDurable: 0 });
  await tick();
  expect(asked).toHaveLength(1);
});

test('what is typed again before it is sent goes once, with what else waits in the section', async () => {
  const { outbox, asked, tick } = await openDesk();
  void outbox.edit(mark('ann'), is('B'), unseen);
  void outbox.edit(mark('bob'), is('C'), unseen);
  await outbox.edit(mark('ann'), is('A'), unseen);
  await tick();
  expect(asked).toMatchObject([
    { sectionId: 'algebra', gradingPeriodId: 'fall', cells: [{ studentId: 'ann', value: 'A' }, { studentId: 'bob' }] },
  ]);
});

test('a save holds at most 500 cells and 200,000 bytes', async () => {
  const { outbox, asked, tick } = await openDesk();
  for (let n = 0; n < 501; n++) void outbox.edit(mark(`student ${n}`), is('A'), unseen);
  await tick();
  expect(asked.map(({ cells }) => cells!.length)).toEqual([500, 1]);
  for (let n = 0; n < 3; n++) void outbox.edit(mark(`author ${n}`), { value: 'A', comment: 'é'.repeat(45_000) }, unseen);
  await tick();
  expect(asked.slice(2).map(({ cells }) => cells!.length)).toEqual([2, 1]);
});

test('an edit during a save waits for its outcome, and builds on it', async () => {
  const { outbox, asked, server, way, tick } = await openDesk();
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  way.fault = async (deliver) => answered.then(deliver);
  await outbox.edit(mark('ann'), is('B'), unseen);
  await tick();
  expect(outbox.stateOf(mark('ann'))).toMatchObject({ state: 'SENT', value: is('B') });
  await outbox.edit(mark('ann'), is('A'), unseen);
  await tick();
  expect(asked).toHaveLength(1);
  expect(outbox.stateOf(mark('ann'))).toMatchObject({ state: 'ON_THIS_COMPUTER', value: is('A') });
  answer();
  await turns();
  expect(asked.map(({ cells }) => cells![0]!.baseRevision)).toEqual([0, 1]);
  expect(server.history.get('mark/algebra/fall/ann')!.map(({ value }) => value)).toEqual([is('B'), is('A')]);
});

test('a save whose answer was lost is sent again as it was, also by the next program, and applied once', async () => {
  const first = await openDesk();
  first.way.fault = async (deliver) => {
    deliver();
    throw new GraphError('UNREACHABLE', 'cut');
  };
  await first.outbox.edit(mark('ann'), is('A'), unseen);
  await first.tick();
  await first.tick();
  expect(first.asked).toHaveLength(2);
  expect(first.outbox.stateOf(mark('ann'))!.state).toBe('SENT');
  await first.outbox.close();
  const { outbox, asked, server } = await openDesk(first);
  expect(asked).toEqual([first.asked[0]]);
  expect(first.asked[1]).toEqual(first.asked[0]);
  expect(outbox.stateOf(mark('ann'))!.state).toBe('SAVED');
  expect(server.history.get('mark/algebra/fall/ann')).toHaveLength(1);
});

test('the longer it is in vain, the longer it waits, up to a minute; one request at a time asks; it never gives up', async () => {
  const { outbox, asked, way, clock, tick } = await openDesk();
  way.fault = async () => {
    await new Promise(setImmediate);
    throw new GraphError('UNREACHABLE', 'cut');
  };
  for (let n = 0; n < 9; n++) void outbox.edit({ ...mark('ann'), sectionId: `section ${n}` }, is('A'), unseen);
  await tick();
  expect(asked).toHaveLength(4);
  const waits: number[] = [];
  for (let [n, before] = [0, clock.now()]; n < 60; n++, before = clock.now()) {
    while (asked.length === 4 + n) await tick();
    waits.push(clock.now() - before);
  }
  expect(waits.slice(0, 8)).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000]);
  expect(Math.max(...waits)).toBe(30_000);
  expect(asked).toHaveLength(64);
  way.fault = undefined;
  await tick();
  expect(outbox.summary()).toMatchObject({ unsaved: 0, text: 'Everything is saved' });
});

test('when the way is open again, it does not wait', async () => {
  const desk = await openDesk();
  desk.way.fault = async () => Promise.reject(new GraphError('UNREACHABLE', 'cut'));
  await desk.outbox.edit(mark('ann'), is('A'), unseen);
  await desk.tick();
  desk.way.fault = undefined;
  desk.outbox.online();
  await turns();
  expect(desk.outbox.stateOf(mark('ann'))!.state).toBe('SAVED');
});

test('a graph that has too much to do is left alone for as long as it asks, by everything', async () => {
  const { outbox, asked, way, clock, tick } = await openDesk();
  way.fault = async () => Promise.reject(new GraphError('OVERLOADED', 'later', { retryAfterMs: 7_000, status: 503 }));
  await outbox.edit(mark('ann'), is('A'), unseen);
  await tick();
  const shed = clock.now();
  await outbox.edit(roll, { exceptions: [] }, unseen);
  await tick();
  outbox.online();
  await turns();
  expect(asked).toHaveLength(1);
  way.fault = undefined;
  await tick();
  expect(clock.now() - shed).toBe(7_250);
  expect(outbox.summary().unsaved).toBe(0);
});

test('one service that is down does not keep the others waiting', async () => {
  const { outbox, way, tick } = await openDesk();
  way.fault = async (deliver) => {
    const data = deliver();
    if ('takeRoll' in data) return data;
    throw new GraphError('SUBGRAPH_UNAVAILABLE', 'grading is down', { status: 200 });
  };
  void outbox.edit(mark('ann'), is('A'), unseen);
  await outbox.edit(roll, { exceptions: [{ studentId: 'ann', code: 'T' }] }, unseen);
  await tick();
  expect(outbox.stateOf(roll)!.state).toBe('SAVED');
  expect(outbox.stateOf(mark('ann'))!.state).toBe('SENT');
});

test('without a sign-in nothing is sent and everything is kept, until the person has signed in again', async () => {
  const { outbox, asked, way, graph, tick } = await openDesk();
  way.fault = async () => Promise.reject(new GraphError('UNAUTHENTICATED', 'Sign in again.', { status: 401 }));
  await outbox.edit(mark('ann'), is('A'), unseen);
  await tick();
  await outbox.edit(mark('bob'), is('B'), unseen);
  await tick();
  await tick();
  expect(asked).toHaveLength(1);
  expect(outbox.summary()).toMatchObject({ paused: 'UNAUTHENTICATED', text: '2 edits on this computer' });
  way.fault = undefined;
  outbox.signedInAgain(graph);
  await turns();
  expect(outbox.summary()).toMatchObject({ unsaved: 0 });
  expect(outbox.summary().paused).toBeUndefined();
});

test.each(['SAVE_ID_REUSED', 'BAD_USER_INPUT', 'NOT_FOUND', 'REQUEST_TOO_LARGE'])(
  'a save that is refused as %s is not sent again; the person sees each of its edits, and why',
  async (code) => {
    const { outbox, asked, way, tick } = await openDesk();
    way.fault = async () => Promise.reject(new GraphError(code, 'No.', { status: code === 'REQUEST_TOO_LARGE' ? 413 : 200 }));
    void outbox.edit(mark('ann'), is('A'), unseen);
    await outbox.edit(mark('bob'), is('B'), unseen);
    await tick();
    expect(outbox.attention()).toMatchObject([
      { state: 'REFUSED', code, message: 'No.', value: is('A') },
      { state: 'REFUSED', code, value: is('B') },
    ]);
    expect(outbox.summary().text).toBe('2 to look at');
    way.fault = undefined;
    await outbox.keepMine(mark('ann'));
    await outbox.takeTheirs(mark('bob'));
    await turns();
    expect(asked[1]!.saveId).not.toBe(asked[0]!.saveId);
    expect(outbox.states()).toMatchObject([{ cell: mark('ann'), state: 'SAVED' }]);
  },
);

test('a roll of a school that attendance has not heard of yet is no refusal: it is sent again as it was, and then saved', async () => {
  const { outbox, asked, way, tick } = await openDesk();
  const unknown = {
    outcome: 'REFUSED',
    replayed: false,
    code: 'SCHOOL_NOT_KNOWN',
    message: 'Not yet.',
    revision: null,
    rows: [],
    roll: null,
  };
  way.fault = async () => ({ takeRoll: unknown });
  await outbox.edit(roll, { exceptions: [{ studentId: 'ann', code: 'T' }] }, unseen);
  await tick();
  expect(outbox.attention()).toEqual([]);
  expect(outbox.stateOf(roll)!.state).toBe('SENT');
  expect(outbox.summary()).toMatchObject({ unsaved: 1, lastError: { code: 'SCHOOL_NOT_KNOWN', message: 'Not yet.' } });
  way.fault = undefined;
  for (let n = 0; n < 5 && outbox.stateOf(roll)!.state !== 'SAVED'; n++) await tick();
  expect(outbox.stateOf(roll)).toMatchObject({ state: 'SAVED', revision: 1 });
  const rolls = asked.filter((input) => input.date);
  expect(rolls.length).toBeGreaterThan(1);
  expect(new Set(rolls.map((input) => JSON.stringify(input))).size).toBe(1);
});

test('a page of a proxy, a graph of another release, an address that is wrong: none of them refuses a save', async () => {
  for (const [code, status] of [
    ['NOT_THE_GRAPH', 200],
    ['GRAPHQL_VALIDATION_FAILED', 400],
    ['NOT_FOUND', 404],
    ['FORBIDDEN', 403],
  ] as const) {
    const { outbox, way, tick } = await openDesk();
    way.fault = async () => Promise.reject(new GraphError(code, 'No.', { status }));
    await outbox.edit(mark('ann'), is('A'), unseen);
    await tick();
    expect(outbox.attention()).toEqual([]);
    expect(outbox.summary()).toMatchObject({ unsaved: 1, lastError: { code } });
    way.fault = undefined;
    await tick();
    expect(outbox.stateOf(mark('ann'))!.state).toBe('SAVED');
  }
});

test('a conflict shows both values; mine goes only on the revision that was shown', async () => {
  const { outbox, asked, server, tick } = await openDesk();
  server.write('mark/algebra/fall/ann', is('C'), 'jones');
  await outbox.edit(mark('ann'), is('A'), unseen);
  await tick();
  expect(outbox.stateOf(mark('ann'))).toMatchObject({
    ...{ state: 'CONFLICT', value: is('A') },
    found: { revision: 1, value: is('C'), savedBy: 'jones' },
  });
  await outbox.edit(mark('ann'), is('B'), unseen); // typing on does not choose
  await tick();
  expect(outbox.stateOf(mark('ann'))).toMatchObject({ state: 'CONFLICT', value: is('B') });
  expect(asked).toHaveLength(1);
  await outbox.keepMine(mark('ann'));
  await turns();
  expect(asked[1]!.cells![0]).toMatchObject({ baseRevision: 1, value: 'B' });
  expect(server.rowOf('mark/algebra/fall/ann')).toMatchObject({ value: is('B'), revision: 2 });
});

test('whoever takes theirs builds on it from then on', async () => {
  const { outbox, server, tick } = await openDesk();
  server.write('mark/algebra/fall/ann', is('C'), 'jones');
  await outbox.edit(mark('ann'), is('A'), unseen);
  await tick();
  await outbox.takeTheirs(mark('ann'));
  expect(outbox.stateOf(mark('ann'))).toMatchObject({ state: 'SAVED', revision: 1 });
  expect(server.rowOf('mark/algebra/fall/ann')!.value).toEqual(is('C'));
  await outbox.edit(mark('ann'), is('D'), unseen);
  await tick();
  await tick();
  expect(server.rowOf('mark/algebra/fall/ann')).toMatchObject({ value: is('D'), revision: 2 });
});

test('a posting waits for the mark that it posts, and posts that revision', async () => {
  const { outbox, asked, server, tick } = await openDesk();
  await outbox.edit(mark('ann'), is('A'), unseen);
  await outbox.edit(post('ann'), null, unseen);
  await tick();
  expect(asked.map(({ cells }) => cells)).toEqual([
    [{ studentId: 'ann', baseRevision: 0, value: 'A', comment: null }],
    [{ studentId: 'ann', baseRevision: 1 }],
  ]);
  expect(server.rowOf('mark/algebra/fall/ann')).toMatchObject({ posted: true, value: is('A') });
});

test('a posting does not go while its mark is in conflict, and goes when the person has chosen', async () => {
  const { outbox, asked, server, tick } = await openDesk();
  server.write('mark/algebra/fall/ann', is('C'), 'jones');
  await outbox.edit(mark('ann'), is('A'), unseen);
  await tick();
  await outbox.edit(post('ann'), null, unseen);
  await tick();
  await tick();
  expect(asked).toHaveLength(1);
  expect(outbox.stateOf(post('ann'))!.state).toBe('ON_THIS_COMPUTER');
  await outbox.keepMine(mark('ann'));
  await turns();
  expect(server.rowOf('mark/algebra/fall/ann')).toMatchObject({ value: is('A'), posted: true, revision: 3 });
});

test('what was typed during a save that is then refused goes next', async () => {
  const { outbox, server, way, tick } = await openDesk();
  server.refuses = (value) => (JSON.stringify(value).includes('Z') ? 'VALUE_NOT_ON_SCALE' : undefined);
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  way.fault = async (deliver) => answered.then(deliver);
  await outbox.edit(mark('ann'), is('Z'), unseen);
  await tick();
  await outbox.edit(mark('ann'), is('A'), unseen);
  answer();
  await tick();
  expect(outbox.stateOf(mark('ann'))!.state).toBe('SAVED');
  expect(server.rowOf('mark/algebra/fall/ann')!.value).toEqual(is('A'));
});

test('a mark that is changed before its posting has gone is not posted', async () => {
  const { outbox, server, tick } = await openDesk();
  await outbox.edit(mark('ann'), is('A'), unseen);
  await outbox.edit(post('ann'), null, unseen);
  await outbox.edit(mark('ann'), is('B'), unseen);
  expect(outbox.stateOf(post('ann'))).toBeUndefined();
  await tick();
  await tick();
  expect(server.history.get('mark/algebra/fall/ann')).toMatchObject([{ value: is('B'), posted: false }]);
});

test('a roll that was saved without some students shows them', async () => {
  const { outbox, way, tick } = await openDesk();
  const rows = [{ studentId: 'zoe', outcome: 'REFUSED', code: 'NOT_ENROLLED', message: 'Not on the roster.' }];
  way.fault = async (deliver) => ({ takeRoll: { ...(deliver() as { takeRoll: object }).takeRoll, rows } });
  await outbox.edit(roll, { exceptions: [{ studentId: 'zoe', code: 'A' }] }, unseen);
  await tick();
  expect(outbox.attention()).toMatchObject([
    { cell: roll, state: 'REFUSED', code: 'ROWS_REFUSED', revision: 1, rows: [{ studentId: 'zoe', code: 'NOT_ENROLLED' }] },
  ]);
});

test('an answer that does not tell of each cell is no answer', async () => {
  const { outbox, way, tick } = await openDesk();
  way.fault = async (deliver) => ({ saveMarks: { ...(deliver() as { saveMarks: object }).saveMarks, rows: [] } });
  await outbox.edit(mark('ann'), is('A'), unseen);
  await tick();
  expect(outbox.stateOf(mark('ann'))!.state).toBe('SENT');
  way.fault = undefined;
  await tick();
  expect(outbox.stateOf(mark('ann'))!.state).toBe('SAVED');
});

test("another person's work on this computer is neither shown nor sent; only that there is some", async () => {
  const miller = await openDesk();
  miller.way.fault = async () => Promise.reject(new GraphError('UNREACHABLE', 'cut'));
  await miller.outbox.edit(mark('ann'), is('A'), unseen);
  await miller.tick();
  await miller.outbox.close();
  const jones = await openDesk({ ...miller, person: 'jones' });
  await jones.tick();
  expect(jones.outbox.states()).toEqual([]);
  expect(jones.outbox.summary()).toMatchObject({ others: 1, unsaved: 0 });
  expect(jones.asked).toEqual([]);
  await jones.outbox.close();
  const again = await openDesk(miller);
  expect(again.outbox.summary()).toMatchObject({ others: 0, unsaved: 0 });
  expect(again.server.rowOf('mark/algebra/fall/ann')).toMatchObject({ by: 'miller' });
});

test('of two tabs one sends; when it is closed, the other does', async () => {
  const first = await openDesk();
  const second = await openDesk(first);
  await second.outbox.edit(mark('ann'), is('A'), unseen);
  expect(first.outbox.stateOf(mark('ann'))).toMatchObject({ state: 'ON_THIS_COMPUTER' });
  await second.tick();
  await first.tick();
  expect([first.asked.length, second.asked.length]).toEqual([1, 0]);
  expect(second.outbox.stateOf(mark('ann'))!.state).toBe('SAVED');
  await first.outbox.close();
  await turns();
  await second.outbox.edit(mark('ann'), is('B'), unseen);
  await second.tick();
  expect(second.asked).toMatchObject([{ cells: [{ baseRevision: 1 }] }]);
});

test('who subscribes hears of each change once, with what a banner needs', async () => {
  const { outbox, tick } = await openDesk();
  const heard: [states: string[], summary: Summary][] = [];
  const stop = outbox.subscribe((changed, summary) => heard.push([changed.map(({ state }) => state), summary]));
  await outbox.edit(mark('ann'), is('A'), unseen);
  await tick();
  const told = heard.flatMap(([states]) => states);
  expect(told).toEqual(['ON_THIS_COMPUTER', 'ON_THIS_COMPUTER', 'SENT', 'SAVED']); // in memory, durable, sent, saved
  expect(heard.at(-1)![1]).toMatchObject({ unsaved: 0 });
  stop();
  await outbox.edit(mark('ann'), is('B'), unseen);
  expect(heard.flatMap(([states]) => states)).toEqual(told);
});

test('a revision that nobody can have seen is refused at once', async () => {
  const { outbox } = await openDesk();
  for (const revision of [-1, 1.5, Number.NaN, 2 ** 31]) expect(() => outbox.edit(mark('ann'), is('A'), { revision })).toThrow('revision');
});

test('what is sent fits the inputs of the public contract', async () => {
  const { outbox, asked, tick } = await openDesk();
  void outbox.edit(mark('ann'), { value: null, comment: 'left' }, { revision: 0, reason: 'for Ms. Miller' });
  void outbox.edit(post('bob'), null, { revision: 3 });
  void outbox.edit(score, { value: '87.5', late: true, status: 'FULLY_GRADED' }, unseen);
  void outbox.edit(roll, { exceptions: [{ studentId: 'ann', code: 'T', minutes: 5, comment: 'bus' }] }, unseen);
  await tick();
  const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../gateway/supergraph.graphql'), 'utf8'), { assumeValidSDL: true });
  const inputs = ['SaveMarksInput', 'PostMarksInput', 'SaveScoresInput', 'TakeRollInput'];
  const faults: string[] = [];
  inputs.forEach((name, n) =>
    coerceInputValue(asked[n], schema.getType(name) as GraphQLInputType, (path, _, error) =>
      faults.push(`${name} ${path}: ${error.message}`),
    ),
  );
  expect(asked).toHaveLength(4);
  expect(faults).toEqual([]);
  for (const { saveId } of asked) expect(saveId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
