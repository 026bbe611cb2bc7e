import { describe, expect, test } from '@jest/globals';
import { storyOf, violationsOf, type Held, type Kind } from './checker.ts';
import { sendingsIn, type Event, type Row, type SaveInput, type Verb } from './history.ts';

/** A section with two students, Ana and Ben, and what became of a few saves; each test breaks one thing in it. */
const key = (student: string) => `mark/algebra/fall/${student}`;
const saved = (revision: number): Row => ({ outcome: 'SAVED', revision, code: null });
const conflict = (revision: number): Row => ({ outcome: 'CONFLICT', revision, code: 'CONFLICT' });

function marks(saveId: string, cells: [student: string, base: number, comment: string][]): SaveInput {
  return {
    ...{ saveId, sectionId: 'algebra', gradingPeriodId: 'fall' },
    cells: cells.map(([studentId, baseRevision, comment]) => ({ studentId, baseRevision, comment })),
  };
}

function sends(teacher: string, input: SaveInput, at: number, verb: Verb = 'saveMarks', attempt = input.saveId): Event {
  return { event: 'invoke', attempt, teacher, verb, input, at };
}
const hears = (attempt: string, rows: Row[], at: number, replayed = false): Event => ({ event: 'ack', attempt, replayed, rows, at });

/** Miller saves Ana and Ben, loses the answer and sends again; Olsen, who saw nothing, loses; Miller reads, and saves Ana once more. */
const events: readonly Event[] = [
  { event: 'typed', teacher: 'Miller', key: key('ana'), content: 'm1', at: 0 },
  { event: 'stored', teacher: 'Miller', key: key('ana'), content: 'm1', at: 1 },
  sends('Miller', marks('one', [['ana', 0, 'm1'], ['ben', 0, 'm2']]), 2, 'saveMarks', 'one, first'),
  { event: 'fail', attempt: 'one, first', code: 'UNREACHABLE', at: 3 },
  sends('Miller', marks('one', [['ana', 0, 'm1'], ['ben', 0, 'm2']]), 4, 'saveMarks', 'one, again'),
  hears('one, again', [saved(1), saved(1)], 5, true),
  sends('Olsen', marks('two', [['ana', 0, 'o1']]), 6),
  hears('two', [conflict(1)], 7),
  { event: 'read', teacher: 'Miller', invokedAt: 8, at: 9, cells: [{ key: key('ana'), revision: 1, content: 'm1' }] },
  sends('Miller', marks('three', [['ana', 1, 'm3']]), 10),
  hears('three', [saved(2)], 11),
]; // prettier-ignore

const versions = [
  { saveId: 'one', key: key('ana'), base: 0, revision: 1, content: 'm1' },
  { saveId: 'one', key: key('ben'), base: 0, revision: 1, content: 'm2' },
  { saveId: 'three', key: key('ana'), base: 1, revision: 2, content: 'm3' },
];
const held: Held = {
  versions,
  cells: [
    { key: key('ana'), revision: 2, content: 'm3' },
    { key: key('ben'), revision: 1, content: 'm2' },
  ],
  lost: [{ saveId: 'two', key: key('ana'), content: 'o1', foundRevision: 1 }],
  receipts: ['one', 'two', 'three'],
  before: new Set(),
  rosters: { committed: ['ana', 'ben'], held: { grading: ['ben', 'ana'], attendance: ['ana', 'ben'] } },
  waiting: [],
};

const found = (there: Partial<Held>, happened: readonly Event[] = events) =>
  violationsOf(happened, sendingsIn(happened), { ...held, ...there });
const kinds = (...these: Parameters<typeof found>) => [...new Set(found(...these).map(({ kind }) => kind))].toSorted();
const with_ = (...more: Event[]) => [...events, ...more];
const changed = (at: number, change: object) => events.map((event) => (event.at === at ? ({ ...event, ...change } as Event) : event));

describe('the checker', () => {
  test('finds nothing where every promise was kept', () => expect(found({})).toEqual([]));

  const cases: [what: string, kind: Kind, there: Partial<Held>, happened?: readonly Event[]][] = [
    ['an acknowledged save that has no receipt', 'lost_ack', { receipts: ['two', 'three'] }],
    ['an acknowledged value that is not in the history', 'lost_ack', {}, with_(sends('Olsen', marks('four', [['ben', 1, 'o2']]), 20), hears('four', [saved(2)], 21))],
    ['a stored edit that was never sent', 'lost_edit', {}, with_({ event: 'stored', teacher: 'Olsen', key: key('ben'), content: 'o9', at: 20 })],
    ['a save that was answered as new twice', 'dup_apply', {}, with_(sends('Miller', marks('three', [['ana', 1, 'm3']]), 20, 'saveMarks', 'copy'), hears('copy', [saved(2)], 21))],
    ['a value that was sent under two ids', 'dup_apply', { receipts: [...held.receipts, 'nine'] }, with_(sends('Miller', marks('nine', [['ana', 1, 'm3']]), 20), hears('nine', [saved(2)], 21))],
    ['a value that was applied twice', 'dup_apply', { versions: [...versions, { saveId: 'five', key: key('ana'), base: 2, revision: 3, content: 'm1' }] }],
    ['a version that nobody sent', 'ghost', { versions: [...versions, { saveId: 'who', key: key('ben'), base: 1, revision: 2, content: 'x' }] }],
    ['a version that is not what was sent', 'ghost', { versions: versions.with(1, { ...versions[1]!, content: 'x' }) }],
    ['a cell without history', 'ghost', { cells: [...held.cells, { key: key('cyd'), revision: 1, content: 'x' }] }],
    ['a value that was read and is nowhere', 'ghost', {}, changed(9, { cells: [{ key: key('ana'), revision: 1, content: 'm9' }] })],
    ['a version that overwrites one it is not built on', 'lost_update', { versions: versions.with(2, { ...versions[2]!, base: 0 }) }],
    ['a gap between revisions', 'lost_update', { versions: versions.with(2, { ...versions[2]!, base: 2, revision: 3 }) }],
    ['a value that lost and is not kept', 'conflict_unkept', { lost: [] }],
    ['a save that was answered CONFLICT and applied', 'conflict_applied', { versions: [...versions, { saveId: 'two', key: key('ana'), base: 2, revision: 3, content: 'o1' }] }],
    ['a value that was called lost when it had been applied', 'conflict_applied', { lost: [...held.lost, { saveId: 'six', key: key('ana'), content: 'm1', foundRevision: 1 }] }],
    ['a save that comes before one acknowledged earlier', 'realtime', {}, changed(10, { at: 12 }).with(10, hears('three', [saved(2)], 13)).concat(sends('Olsen', marks('seven', [['ana', 1, 'o7']]), 8), hears('seven', [saved(2)], 9))],
    ['a reading that is older than what was acknowledged', 'stale_read', {}, with_({ event: 'read', teacher: 'Olsen', invokedAt: 20, at: 21, cells: [{ key: key('ana'), revision: 1, content: 'm1' }] })],
    ['another answer to the same save', 'replay_differs', {}, with_(sends('Miller', marks('three', [['ana', 1, 'm3']]), 20, 'saveMarks', 'copy'), hears('copy', [conflict(2)], 21, true))],
    ['an outbox that does not empty', 'stuck', { waiting: ['SENT mark'] }],
    ['a cell that is not the end of its history', 'final', { cells: held.cells.with(0, { ...held.cells[0]!, content: 'm1' }) }],
    ['a cell that is behind its history', 'final', { cells: held.cells.with(0, { ...held.cells[0]!, revision: 1 }) }],
    ['a listener that lacks what was committed', 'cross_service', { rosters: { committed: ['ana', 'ben'], held: { grading: ['ana'] } } }],
    ['a listener that holds what was not committed', 'cross_service', { rosters: { committed: ['ana'], held: { grading: ['ana', 'ben'] } } }],
  ]; // prettier-ignore
  for (const [what, kind, ...history] of cases) test(`finds ${what}: ${kind}`, () => expect(kinds(...history)).toContain(kind));

  test('lets pass what only looks wrong', () => {
    // What was there before anybody sent anything.
    const earlier = { saveId: 'demo', key: key('eve'), base: 0, revision: 1, content: '' };
    const cell = { key: key('eve'), revision: 1, content: '' };
    expect(found({ versions: [...versions, earlier], cells: [...held.cells, cell], before: new Set(['demo']) })).toEqual([]);
    // A loser who insists, having seen what stands.
    const insisted = with_(sends('Olsen', marks('eight', [['ana', 2, 'o1']]), 20), hears('eight', [saved(3)], 21));
    const again = { saveId: 'eight', key: key('ana'), base: 2, revision: 3, content: 'o1' };
    const cells = held.cells.with(0, { key: key('ana'), revision: 3, content: 'o1' });
    expect(found({ versions: [...versions, again], cells, receipts: [...held.receipts, 'eight'] }, insisted)).toEqual([]);
    // A roll of a school that is not known yet leaves nothing, and may be judged otherwise later.
    const roll: SaveInput = { saveId: 'roll', sectionId: 'algebra', date: 'today', periodId: '1', baseRevision: 0, exceptions: [] };
    const refused = hears('refused', [{ outcome: 'REFUSED', revision: null, code: 'SCHOOL_NOT_KNOWN' }], 21);
    expect(found({}, with_(sends('Olsen', roll, 20, 'takeRoll', 'refused'), refused))).toEqual([]);
  });

  test('tells all that happened to a cell, in order', () => {
    const story = storyOf(key('ana'), events, sendingsIn(events), held).join('\n');
    const told = [
      'sends saveMarks one',
      'one is answered SAVED 1 null, replayed',
      'sends saveMarks two',
      'answered CONFLICT',
      'reads "m1" at 1',
    ];
    const places = [...told, 'history: 2 on 1 "m3" by three', 'lost: "o1" by two', 'now: "m3" at 2'].map((text) => story.indexOf(text));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });
});
