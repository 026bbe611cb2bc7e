import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Viewer } from '@rollbook/school';
import { randomFrom } from '@rollbook/subgraph/random.testing.ts';
import { idOf, ids, newSaveId, openGrading, people, type Grading } from '../testing.ts';
import { faultsOf, type Held, type Sending, type Version } from './checker.ts';

const seed = Number(process.env['ROLLBOOK_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const teachers = 8;
const steps = 40;
const students = Array.from({ length: 6 }, (_, n) => idOf(`pupil ${n}`));

const saveMarks = `mutation ($input: SaveMarksInput!) { saveMarks(input: $input) { replayed rows { studentId outcome revision code message current { value revision } } } }`;
const postMarks = `mutation ($input: PostMarksInput!) { postMarks(input: $input) { replayed rows { studentId outcome revision code message current { value revision } } } }`;
const saveScores = `mutation ($input: SaveScoresInput!) { saveScores(input: $input) { replayed rows { studentId outcome revision code message current { value revision } } } }`;

let service: Grading;
let assignments: string[];
const viewers: Viewer[] = Array.from({ length: teachers }, (_, n) => ({ ...people.teacher, subject: idOf(`teacher ${n}`) }));

beforeAll(async () => {
  service = await openGrading();
  const range = { begins: '2026-08-17', ends: null };
  await service.hear('scheduling', 'SectionChanged', {
    ...service.algebra,
    teachers: viewers.map(({ subject }) => ({ staffId: subject, role: 'CO_TEACHER', ...range })),
    students: students.map((studentId) => ({ studentId, ...range })),
  });
  await service.sql(`insert into grading_window (grading_period_id, opens_at, closes_at) values ($1, '2026-10-01Z', '2026-10-10Z')`, [
    ids.fall,
  ]);
  assignments = ['a', 'b'].map((name) => idOf(`assignment ${name}`));
  for (const id of assignments)
    await service.sql(`insert into assignment (id, school_id, section_id, title) values ($1, $2, $3, 'Quiz')`, [
      id,
      ids.school,
      ids.algebra,
    ]);
});
afterAll(() => service.close());

/** What a simulated teacher is about to send: never the same content twice. */
interface Plan {
  readonly verb: 'saveMarks' | 'postMarks' | 'saveScores';
  readonly input: Record<string, unknown> & { saveId: string };
  readonly cells: Sending['cells'];
}

let clock = 0;
let written = 0;

function planFor(random: () => number, seen: Map<string, number>): Plan {
  const pick = <T>(of: readonly T[]) => of[Math.floor(random() * of.length)]!;
  const verb = pick(['saveMarks', 'saveMarks', 'saveScores', 'saveScores', 'postMarks'] as const);
  const item = verb === 'saveScores' ? pick(assignments) : ids.fall;
  const chosen = students.filter(() => random() < 0.5);
  const some = chosen.length ? chosen : [pick(students)];
  // Sent in no order; the save sorts.
  const cells = some.toSorted(() => random() - 0.5).map((studentId) => {
    const key = `${item} ${studentId}`;
    return { studentId, key, base: seen.get(key) ?? 0, mark: pick(['A', 'B', 'C']), content: verb === 'postMarks' ? 'posted' : `text ${written++}` };
  }); // prettier-ignore
  const input = {
    saveId: newSaveId(),
    sectionId: ids.algebra,
    ...(verb === 'saveScores' ? {} : { gradingPeriodId: ids.fall }),
    cells: cells.map(({ studentId, base, mark, content }) => ({
      ...{ studentId, baseRevision: base },
      ...(verb === 'saveMarks' ? { value: mark, comment: content } : {}),
      ...(verb === 'saveScores' ? { assignmentId: item, value: '1', comment: content } : {}),
    })),
  };
  return { verb, input, cells: cells.map(({ key, base, content }) => ({ key, base, content })) };
}

const documents = { saveMarks, postMarks, saveScores };

async function send({ verb, input, cells }: Plan, viewer: Viewer, heard: boolean): Promise<Sending> {
  const invokedAt = clock++;
  const answer = (await service.data(viewer, documents[verb], { input }))[verb];
  return { saveId: input.saveId, invokedAt, answeredAt: heard ? clock++ : null, replayed: answer.replayed, cells, rows: answer.rows };
}

/** One teacher: reads, types, sends; sometimes hears no answer and sends again, once or twice at the same moment, perhaps much later. */
async function teach(viewer: Viewer, random: () => number, log: Sending[]): Promise<void> {
  const seen = new Map<string, number>();
  const unheard: Plan[] = [];
  const learn = ({ cells, rows }: Sending) => rows.forEach(({ revision }, n) => revision && seen.set(cells[n]!.key, revision));
  for (let step = 0; step < steps; step++) {
    const again = unheard.length > 0 && random() < 0.4 ? unheard.shift() : undefined;
    const plan = again ?? planFor(random, seen);
    const lost = random() < 0.3;
    const copies = random() < 0.2 ? 2 : 1;
    const sendings = await Promise.all(Array.from({ length: copies }, () => send(plan, viewer, !lost)));
    log.push(...sendings);
    if (lost) unheard.push(plan);
    else learn(sendings[0]!);
  }
  for (const plan of unheard) log.push(await send(plan, viewer, true));
}

const applied = `cross join lateral unnest(s.places, s.student_ids, s.assignment_ids, s.base_revisions, s.comments) c (n, student_id, assignment_id, base, comment)
  where not exists (select from jsonb_array_elements(coalesce(s.exceptions, '[]')) x where (x ->> 'n')::integer = c.n)`;

/** What the database holds: the history is read from the receipts alone. */
async function held(): Promise<Held> {
  const key = `coalesce(c.assignment_id, s.grading_period_id) || ' ' || c.student_id`;
  const [versions, marks, scores, conflicts, receipts] = await Promise.all([
    service.sql<Version>(
      `select s.id as "saveId", ${key} as key, c.base, case s.kind when 'POST' then 'posted' else c.comment end as content from save s ${applied}`,
    ),
    service.sql<Held['cells'][number]>(
      `select grading_period_id || ' ' || student_id as key, revision, case status when 'POSTED' then 'posted' else comment end as content from mark`,
    ),
    service.sql<Held['cells'][number]>(`select assignment_id || ' ' || student_id as key, revision, comment as content from score`),
    service.sql<Held['conflicts'][number]>(
      `select save_id as "saveId", coalesce(assignment_id, grading_period_id) || ' ' || student_id as key from conflict
         union all select s.id, ${key.replaceAll('c.', 'p.')} from save s
           cross join lateral unnest(s.places, s.student_ids, s.assignment_ids) p (n, student_id, assignment_id) where s.kind = 'POST'`,
    ),
    service.sql<{ id: string }>('select id from save'),
  ]);
  return { versions, cells: [...marks, ...scores], conflicts, receipts: receipts.map(({ id }) => id) };
}

test(`${teachers} teachers at once, with lost answers and resends, lose nothing, double nothing and overwrite nothing unseen (seed ${seed})`, async () => {
  const log: Sending[] = [];
  await Promise.all(viewers.map((viewer, n) => teach(viewer, randomFrom(seed + n), log)));
  const now = await held();
  expect(faultsOf(log, now)).toEqual([]);
  // The run was worth its name: there were races, replays and conflicts, and every cell moved.
  const outcomes = log.flatMap(({ rows }) => rows.map(({ outcome }) => outcome));
  expect(outcomes.filter((outcome) => outcome === 'CONFLICT').length).toBeGreaterThan(20);
  expect(log.filter(({ replayed }) => replayed).length).toBeGreaterThan(20);
  expect(now.cells).toHaveLength(students.length * 3);
  // Saves of one section follow one another: nobody had to be saved from a deadlock by a retry.
  expect(await service.sql('select deadlocks from pg_stat_database where datname = current_database()')).toEqual([{ deadlocks: '0' }]);
  checkTheChecker(log, now);
}, 60_000);

/** Each promise broken by hand in what was recorded must be found. */
function checkTheChecker(log: readonly Sending[], now: Held): void {
  const found = (sendings: readonly Sending[], there: Held) => new Set(faultsOf(sendings, there).map((fault) => fault.split(':')[0]));
  const key = now.cells[0]!.key;
  const ofCell = now.versions.filter((version) => version.key === key).toSorted((a, b) => a.base - b.base);
  const without = <T>(list: readonly T[], gone: T) => list.filter((one) => one !== gone);
  expect(found(log, { ...now, receipts: now.receipts.slice(1) })).toContain('lost_ack');
  expect(found(log, { ...now, versions: without(now.versions, ofCell[1]!) })).toContain('lost_update');
  expect(found(log, { ...now, versions: without(now.versions, ofCell.at(-1)!) })).toContain('final');
  expect(found(log, { ...now, versions: [...now.versions, { ...ofCell.at(-1)!, base: ofCell.length }] })).toContain('ghost');
  expect(found(log, { ...now, conflicts: [] })).toContain('conflict_unkept');
  expect(found(log.map((sending) => ({ ...sending, replayed: false })), now)).toContain('dup_apply'); // prettier-ignore
  const replay = log.find(({ replayed }) => replayed)!;
  expect(found([...log, { ...replay, rows: replay.rows.map((row) => ({ ...row, revision: 99 })) }], now)).toContain('replay_differs');
  const late = log.map((sending) => ({ ...sending, answeredAt: -1 }));
  expect(found(late, now)).toContain('realtime');
}
