import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { randomFrom } from '@rollbook/subgraph/random.testing.ts';
import { clerk, coTeacher, id, newSaveId, openAttendance, sectionFact, teacher, today, type Attendance } from '../testing.ts';
import type { EntryRow, SaveRow } from './entities.ts';
import { faultsOf, type SentSave } from './history.testing.ts';
import { rollId } from './rules.ts';

const seed = Number(process.env['ROLLBOOK_SEED'] ?? Date.now() % 1_000_000);

let service: Attendance;
beforeAll(async () => {
  service = await openAttendance();
  const meetings = [1, 2].map((n) => ({
    periodId: id('period', n),
    periodName: `Period ${n}`,
    days: [],
    begins: '2026-08-17',
    ends: null,
  }));
  for (const n of [1, 2]) await service.hear('scheduling', 'SectionChanged', sectionFact(n, { meetings }));
});
afterAll(() => service.close());

const take = 'mutation ($input: TakeRollInput!) { answer: takeRoll(input: $input) { outcome revision } }';
const correct = 'mutation ($input: CorrectAttendanceInput!) { answer: correctAttendance(input: $input) { outcome revision } }';
const letters = ['A', 'E', 'U', 'T', 'L', 'F'];
let clock = 0;

/** One person at a screen: saves what they see, loses answers, sends again (sometimes much later, sometimes twice at once). */
async function work(viewer: Viewer, random: () => number, saves: number, log: SentSave[]): Promise<void> {
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)]!;
  const seen = new Map<string, number>();
  const waiting: (() => Promise<void>)[] = [];
  for (let n = 0; n < saves; n++) {
    const [section, period] = [pick([1, 2]), pick([1, 2])];
    const target = { sectionId: id('section', section), date: today, periodId: id('period', period) };
    const roll = rollId(target.sectionId, today, target.periodId);
    if (random() < 0.7) seen.set(roll, await revisionOf(roll));
    const baseRevision = seen.get(roll) ?? 0;
    const corrects = viewer === clerk && baseRevision > 0 && random() < 0.7;
    const save: SentSave = {
      saveId: newSaveId(),
      rollId: roll,
      baseRevision,
      mark: `${viewer.subject} ${n}`,
      sentAt: clock++,
      answers: [],
    };
    const rows = [...new Set([pick([1, 2, 3, 4, 5]), pick([1, 2, 3, 4, 5])])].map((student) => ({
      studentId: id('student', student),
      code: pick(letters),
      comment: save.mark,
    }));
    const input = {
      ...target,
      saveId: save.saveId,
      baseRevision,
      ...(corrects ? { reason: 'seen', corrections: rows } : { exceptions: rows }),
    };
    log.push(save);
    let tries = 0;
    const send = async () => {
      if (++tries > 50) throw new Error(`${save.saveId} is never answered`);
      const { data, errors } = await service.ask(viewer, corrects ? correct : take, { input });
      if (errors) {
        expect(errors[0]!.extensions['code']).toMatch(/^(UNAVAILABLE|INTERNAL)$/); // the connection was cut: unknown, to be sent again
        waiting.push(send);
      } else if (random() < 0.25)
        waiting.push(send); // the answer is lost on the way
      else {
        const answer = data!['answer'] as { outcome: string; revision: number | null };
        save.answers.push({ ...answer, at: clock++ });
        if (answer.revision) seen.set(roll, Math.max(answer.revision, seen.get(roll) ?? 0));
      }
    };
    if (random() < 0.15)
      waiting.push(send); // the request itself is lost
    else await Promise.all(random() < 0.2 ? [send(), send()] : [send()]);
    while (waiting.length > 3 || (waiting.length && random() < 0.3)) await waiting.shift()!();
  }
  while (waiting.length) await waiting.shift()!();
}

async function revisionOf(roll: string): Promise<number> {
  const [row] = await service.sql<{ revision: number }>('select revision from roll where id = $1', [roll]);
  return row?.revision ?? 0;
}

/** Cuts connections of running saves, as a network does. */
async function cutConnections(while_: Promise<unknown>, random: () => number): Promise<number> {
  let running = true;
  void while_.finally(() => (running = false));
  let cuts = 0;
  while (running) {
    await new Promise((done) => setTimeout(done, 5 + random() * 60));
    cuts += (
      await service.sql(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'attendance statements'
           and state <> 'idle' and query not ilike 'listen%' limit 1`,
      )
    ).length;
  }
  return cuts;
}

const historyRows = () =>
  service.sql<SaveRow>(
    `select save_id as "saveId", roll_id as "rollId", revision, base_revision as "baseRevision", is_correction as "isCorrection", roster,
       student_ids as "studentIds", codes, comments from roll_save`,
  );

/** What the history adds up to: the comment that stands for each student, by the roll and by the office. */
function replayed(history: readonly SaveRow[]): string[] {
  const said = new Map<string, { taken: string | null; office: string | null }>();
  for (const save of history.filter((row) => row.revision !== null).sort((a, b) => a.revision! - b.revision!))
    for (const student of save.isCorrection ? save.studentIds : save.roster) {
      const key = `${save.rollId} ${student}`;
      const entry = said.get(key) ?? { taken: null, office: null };
      const at = save.studentIds.indexOf(student);
      entry[save.isCorrection ? 'office' : 'taken'] = at === -1 ? null : `${save.codes[at]} ${save.comments[at]}`;
      said.set(key, entry);
    }
  return [...said].map(([key, { taken, office }]) => `${key}: ${taken} | ${office}`).sort();
}

test(`rolls taken and corrected by four at once, with lost requests, lost answers and cut connections, are each kept once (seed ${seed})`, async () => {
  const random = randomFrom(seed);
  const sent: SentSave[] = [];
  const people = [teacher, coTeacher, clerk, { ...teacher, students: [] }];
  const working = Promise.all(people.map((viewer, n) => work(viewer, randomFrom(seed + n + 1), 60, sent)));
  const cuts = await cutConnections(working, random);
  await working;

  const history = await historyRows();
  const rolls = new Map(
    (await service.sql<{ id: string; revision: number }>('select id, revision from roll')).map((roll) => [roll.id, roll.revision]),
  );
  expect(faultsOf(sent, history, rolls)).toEqual([]);
  expect(sent.every((save) => save.answers.length > 0)).toBe(true);
  const outcomes = sent.flatMap((save) => save.answers.map((answer) => answer.outcome));
  expect(new Set(outcomes)).toEqual(new Set(['SAVED', 'CONFLICT']));

  const entries = await service.sql<EntryRow & { rollId: string }>(
    `select roll_id as "rollId", student_id as "studentId", taken_code as "takenCode", taken_comment as "takenComment",
       office_code as "officeCode", office_comment as "officeComment" from roll_entry`,
  );
  const word = (code: string | null, comment: string | null) => (code ? `${code} ${comment}` : 'null');
  const present = entries.map(
    (e) => `${e.rollId} ${e.studentId}: ${word(e.takenCode, e.takenComment)} | ${word(e.officeCode, e.officeComment)}`,
  );
  expect(present.sort()).toEqual(replayed(history));
  expect(cuts).toBeGreaterThan(0);
});

describe('the checker of histories finds', () => {
  const sent = (saveId: string, changes: Partial<SentSave> = {}): SentSave => ({
    ...{ saveId, rollId: 'r', baseRevision: 0, mark: saveId, sentAt: 0, answers: [{ outcome: 'SAVED', revision: 1, at: 1 }] },
    ...changes,
  });
  const row = (saveId: string, revision: number | null, changes: Partial<SaveRow> = {}) =>
    ({ saveId, rollId: 'r', revision, baseRevision: (revision ?? 1) - 1, comments: [saveId], ...changes }) as SaveRow;
  const at = (revision: number) => new Map([['r', revision]]);

  test('nothing in a history that is right', () => expect(faultsOf([sent('a')], [row('a', 1)], at(1))).toEqual([]));
  test.each([
    ['a lost acknowledgement', [sent('a')], [], 0, 'lost acknowledgement'],
    ['a save applied twice', [sent('a')], [row('a', 1), row('a', 2)], 2, 'applied twice'],
    ['a save nobody sent', [sent('a')], [row('a', 1), row('b', 2)], 2, 'ghost'],
    ['other content than was sent', [sent('a')], [row('a', 1, { comments: ['b'] })], 1, 'stored otherwise'],
    ['a revision gap', [sent('a', { answers: [] })], [row('a', 2)], 1, 'revision gap'],
    ['a silent overwrite', [sent('a'), sent('b', { answers: [] })], [row('a', 1), row('b', 2, { baseRevision: 0 })], 2, 'silent overwrite'],
    ['a present that is not the last of the history', [sent('a')], [row('a', 1)], 2, 'is at revision 2'],
    [
      'a conflict that was not kept',
      [sent('a', { answers: [{ outcome: 'CONFLICT', revision: null, at: 1 }] })],
      [],
      0,
      'conflict not kept',
    ],
    [
      'a conflict that was applied',
      [sent('a', { answers: [{ outcome: 'CONFLICT', revision: null, at: 1 }] })],
      [row('a', 1)],
      1,
      'conflict applied',
    ],
    [
      'two answers to one save',
      [
        sent('a', {
          answers: [
            { outcome: 'SAVED', revision: 1, at: 1 },
            { outcome: 'CONFLICT', revision: null, at: 2 },
          ],
        }),
      ],
      [row('a', 1)],
      1,
      'answered differently',
    ],
    [
      'a later save with an earlier revision',
      [
        sent('a', { baseRevision: 1, answers: [{ outcome: 'SAVED', revision: 2, at: 1 }] }),
        sent('b', { sentAt: 2, answers: [{ outcome: 'SAVED', revision: 1, at: 3 }] }),
      ],
      [row('a', 2), row('b', 1)],
      2,
      'out of order',
    ],
  ] as const)('%s', (_, saves, history, revision, fault) => {
    expect(faultsOf(saves, history, at(revision)).join()).toContain(fault);
  });
});
