import { todayIn } from '@rollbook/school';
import { integerSetting, type BatchHand, type BulkTransaction } from '@rollbook/subgraph';
import { openTypesetters, type Typesetters } from '@rollbook/typesetting';
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { freeze, schoolToPrint, setCards, templatesFolder, type Card, type SchoolToPrint, type Told } from './cards.ts';
import type { BatchRow } from './entities.ts';
import { askFacts, type AttendanceTold, type FamiliesTold } from './facts.ts';
import { listStudents, periodOf, teachersOf, type Period } from './reading.ts';
import { frozen } from './rules.ts';

/** How batches go about their work; tests and measurements set it. */
export const pace = {
  /** Threads that set documents (TYPESETTING_THREADS). Half of the machine: people are waiting for answers too. */
  threads: Math.max(1, integerSetting('TYPESETTING_THREADS', Math.floor(availableParallelism() / 2))),
  /** Documents that are read, set and written together: few, since each step holds up whoever waits for an answer. */
  chunk: 16,
  /** Students whose families and attendance are asked for at once; few for the same reason. */
  asked: 120,
  /** How long other services are waited for before a batch pauses, or prints without attendance. */
  factsWaitMs: 60_000,
  lookMs: 1_000,
  leaseSeconds: 15,
  /** Is told between any two steps. */
  onStep: (_step: string) => {},
};

/** A batch that comes no further is not tried for ever. */
const mostAttempts = 10;
/** Requests for facts that are open at the same time: the next is answered while one is printed. */
const requestsAhead = 2;
/** Chunks at work at the same time: one is read or written while another is set. */
const lanes = 2;

const holder = randomUUID();
const looking = new Set<() => void>();
/** There is something to do: services in this process look at once. */
export function wakeBatches(): void {
  for (const look of looking) look();
}

/** Takes up batches that wait or were left, one at a time, until the service closes; then leaves the one at work to the next process. */
export function keepBatchesGoing(hand: BatchHand): () => Promise<void> {
  const ending = new AbortController();
  const typesetters = openTypesetters(templatesFolder, pace.threads);
  let busy: Promise<void> | undefined;
  const look = () => {
    if (busy || ending.signal.aborted) return;
    busy = takeUpNext(hand, typesetters, ending.signal)
      .catch((error: unknown) => {
        if (!ending.signal.aborted) hand.log.warn({ err: error }, 'a batch of report cards was left; it is taken up again');
        return false;
      })
      .then((isMore) => {
        busy = undefined;
        if (isMore) look();
      });
  };
  const timer = setInterval(look, pace.lookMs);
  timer.unref();
  looking.add(look);
  return async () => {
    ending.abort();
    clearInterval(timer);
    looking.delete(look);
    await typesetters.close();
    await busy;
  };
}

/** This process does not work on the batch any more: it was cancelled, paused, or is another's by now. */
class Left extends Error {}

/** A batch at work. */
interface AtWork {
  readonly batch: BatchRow;
  readonly period: Period;
  readonly hand: BatchHand;
  readonly typesetters: Typesetters;
  readonly ending: AbortSignal;
  readonly schools: Map<string, SchoolToPrint>;
  /** The request whose students are being printed, as far as they are not in a chunk yet. */
  current: { request: OpenRequest; told: Told; places: Place[] } | null;
  /** The last place of the requests that were taken. */
  takenTo: number;
  attendanceIsLate: boolean;
  /** Since when work was done that is not written down yet, on this process's clock. */
  sinceMs: number;
}

interface Place {
  readonly place: number;
  readonly studentId: string;
}

interface OpenRequest {
  readonly id: string;
  readonly schoolId: string;
  readonly first: number;
  readonly last: number;
  readonly waitedMs: number;
  readonly hasFamilies: boolean;
  readonly hasAttendance: boolean;
}

async function takeUpNext(hand: BatchHand, typesetters: Typesetters, ending: AbortSignal): Promise<boolean> {
  const [batch] = await hand.bulk(({ query }) =>
    query<BatchRow & { attempts: number }>(
      `update report_batch b set status = 'RUNNING', lease_holder = $1, lease_until = clock_timestamp() + make_interval(secs => $2), attempts = attempts + 1
         where id = (select id from report_batch where status in ('WAITING', 'RUNNING') and coalesce(lease_until, '-infinity') < clock_timestamp()
                      order by id limit 1 for update skip locked)
       returning id, kind, school_id as "schoolId", grading_period_id as "gradingPeriodId", student_ids as "studentIds", without_attendance as "withoutAttendance", total, attempts`,
      [holder, pace.leaseSeconds],
    ),
  );
  if (!batch) return false;
  if (batch.attempts > mostAttempts) {
    await end(hand, batch.id, 'FAILED', `It came no further in ${mostAttempts} attempts; the log says why.`);
    return true;
  }
  const period = await hand.bulk(({ query }) => periodOf(query, batch.gradingPeriodId));
  if (!period) {
    await end(hand, batch.id, 'FAILED', 'The grading period was withdrawn.');
    return true;
  }
  const work: AtWork = {
    ...{ batch, period, hand, typesetters, ending, schools: new Map(), current: null, takenTo: 0 },
    ...{ attendanceIsLate: false, sinceMs: performance.now() },
  };
  try {
    await print(work);
  } catch (error) {
    if (!(error instanceof Left)) throw error;
  }
  return true;
}

async function print(work: AtWork): Promise<void> {
  const { batch, hand, period } = work;
  pace.onStep('taken up');
  if (batch.total === null)
    await holding(work, async ({ query }) => {
      const total = await listStudents(query, batch, period, hand.now());
      await query('update report_batch set total = $2 where id = $1', [batch.id, total]);
    });
  pace.onStep('listed');
  const chunks = inTurn(() => nextChunk(work));
  const lane = async () => {
    for (let chunk = await chunks(); chunk; chunk = await chunks()) await printChunk(work, chunk);
  };
  const results = await Promise.allSettled(Array.from({ length: lanes }, lane));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  pace.onStep('all printed');
  await end(hand, batch.id, 'DONE', null);
  pace.onStep('done');
}

/** One after the other, whoever calls. */
function inTurn<T>(work: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

/** A step of whoever holds the lease: renews it, and leaves when the batch is cancelled or another's. */
function holding<T>({ batch, hand, ending }: AtWork, step: (tx: BulkTransaction) => Promise<T>): Promise<T> {
  return hand
    .bulk(async (tx) => {
      if (ending.aborted) throw new Left();
      const [held] = await tx.query<{ cancel: boolean }>(
        `update report_batch set lease_until = clock_timestamp() + make_interval(secs => $3) where id = $1 and lease_holder = $2 and status = 'RUNNING'
         returning cancel_requested as cancel`,
        [batch.id, holder, pace.leaseSeconds],
      );
      if (!held) throw new Left();
      if (held.cancel) {
        await endRow(tx.query, batch.id, 'CANCELLED', null);
        return null;
      }
      return { done: await step(tx) };
    })
    .then((result) => {
      if (!result) throw new Left();
      return result.done;
    });
}

const end = (hand: BatchHand, batchId: string, status: 'DONE' | 'CANCELLED' | 'FAILED', failure: string | null) =>
  hand.bulk(({ query }) => endRow(query, batchId, status, failure));

/** What was asked about families is forgotten with the batch. */
export async function endRow(
  query: BulkTransaction['query'],
  batchId: string,
  status: 'DONE' | 'CANCELLED' | 'FAILED',
  failure: string | null,
): Promise<void> {
  await query(
    `update report_batch set status = $2, failure = $3, waiting_for = '{}', lease_until = null, ended_at = clock_timestamp() where id = $1 and ended_at is null`,
    [batchId, status, failure],
  );
  await query('delete from document_request where batch_id = $1', [batchId]);
}

interface Chunk {
  readonly request: OpenRequest;
  readonly told: Told;
  readonly places: readonly Place[];
}

/** The next students to print for, once what other services know of them is here; null when there is nobody left. */
async function nextChunk(work: AtWork): Promise<Chunk | null> {
  while (!work.current?.places.length) {
    await askAhead(work);
    const request = await nextRequest(work);
    if (!request) return null;
    const told = await toldFor(work, request);
    work.takenTo = request.last;
    const places = await work.hand.bulk(({ query }) =>
      query<Place>(
        `select place, student_id as "studentId" from report_batch_student
          where batch_id = $1 and place between $2 and $3 and state = 'LISTED' order by place`,
        [work.batch.id, request.first, request.last],
      ),
    );
    work.current = { request, told, places };
  }
  const { request, told, places } = work.current;
  return { request, told, places: places.splice(0, pace.chunk) };
}

async function askAhead(work: AtWork): Promise<void> {
  const { batch, hand, period, takenTo } = work;
  for (;;) {
    const isAsked = await holding(work, async (tx) => {
      const [open] = await tx.query<{ n: number }>(
        'select count(*)::integer as n from document_request where batch_id = $1 and first_place > $2',
        [batch.id, takenTo],
      );
      if (open!.n >= requestsAhead) return false;
      const next = await tx.query<Place & { schoolId: string }>(
        `select s.place, s.student_id as "studentId", s.school_id as "schoolId" from report_batch_student s
          where s.batch_id = $1 and s.state = 'LISTED' and s.place > $2
            and not exists (select from document_request r where r.batch_id = $1 and s.place between r.first_place and r.last_place)
          order by s.place limit $3`,
        [batch.id, takenTo, pace.asked],
      );
      if (!next.length) return false;
      const { id: schoolId, today } = await schoolOf(work, next[0]!.schoolId, tx.query);
      const mine = next.filter((row) => row.schoolId === schoolId);
      const studentIds = mine.map(({ studentId }) => studentId);
      const staffIds = await teachersOf(tx.query, studentIds, schoolId);
      const ends = [period.begins, [period.ends, today].sort()[0]!].sort()[1]!;
      const asker = { batchId: batch.id, first: mine[0]!.place, last: mine.at(-1)!.place };
      await askFacts(tx, { schoolId, studentIds, staffIds, on: today, begins: period.begins, ends }, asker);
      return true;
    });
    hand.log.trace({ batch: batch.id }, 'facts asked for');
    pace.onStep('asked');
    if (!isAsked) return;
  }
}

async function schoolOf(work: AtWork, id: string, query: BulkTransaction['query']): Promise<SchoolToPrint> {
  const known = work.schools.get(id);
  if (known) return known;
  const [school] = await query<{ name: string; timeZone: string }>(`select name, time_zone as "timeZone" from school where id = $1`, [id]);
  const { name, timeZone } = school!;
  const { batch, period, hand } = work;
  const read = await schoolToPrint(query, { id, name, today: todayIn(timeZone, hand.now()), kind: batch.kind, period });
  work.schools.set(id, read);
  return read;
}

const requestColumns = `id, school_id as "schoolId", first_place as first, last_place as last,
  (extract(epoch from clock_timestamp() - asked_at) * 1000)::integer as "waitedMs",
  families is not null as "hasFamilies", attendance is not null as "hasAttendance"`;

async function nextRequest({ batch, hand, takenTo }: AtWork): Promise<OpenRequest | null> {
  const [request] = await hand.bulk(({ query }) =>
    query<OpenRequest>(
      `select ${requestColumns} from document_request where batch_id = $1 and first_place > $2 order by first_place limit 1`,
      [batch.id, takenTo],
    ),
  );
  return request ?? null;
}

const pollMs = 100;
const lateWaitMs = 1_000;

/** What the other services told of a request; while they have not, says whom the batch waits for, and in the end pauses it. */
async function toldFor(work: AtWork, request: OpenRequest): Promise<Told> {
  const { batch, hand } = work;
  const begunMs = performance.now();
  let said = '';
  for (let now: OpenRequest | undefined = request; ;) {
    if (!now) throw new Left();
    const waitsFor = [now.hasFamilies ? [] : ['student'], now.hasAttendance ? [] : ['attendance']].flat();
    const mayWaitMs = now.hasFamilies && batch.withoutAttendance && work.attendanceIsLate ? lateWaitMs : pace.factsWaitMs;
    const isLate = now.waitedMs > mayWaitMs;
    if (!waitsFor.length || (isLate && now.hasFamilies && batch.withoutAttendance)) {
      work.attendanceIsLate ||= !now.hasAttendance;
      if (said) await holding(work, ({ query }) => query(`update report_batch set waiting_for = '{}' where id = $1`, [batch.id]));
      work.sinceMs += said ? performance.now() - begunMs : 0;
      return answersOf(work, request.id);
    }
    if (isLate) {
      await holding(work, ({ query }) =>
        query(`update report_batch set status = 'PAUSED', waiting_for = $2, lease_until = null, attempts = 0 where id = $1`, [
          batch.id,
          waitsFor,
        ]),
      );
      throw new Left();
    }
    const saying = waitsFor.join();
    if (saying !== said || performance.now() % 2_000 < pollMs * 2)
      await holding(work, ({ query }) => query('update report_batch set waiting_for = $2 where id = $1', [batch.id, waitsFor]));
    said = saying;
    await new Promise((done) => setTimeout(done, pollMs));
    [now] = await hand.bulk(({ query }) =>
      query<OpenRequest>(`select ${requestColumns} from document_request where id = $1`, [request.id]),
    );
  }
}

async function answersOf({ hand }: AtWork, requestId: string): Promise<Told> {
  const [row] = await hand.bulk(({ query }) =>
    query<{ families: FamiliesTold; attendance: AttendanceTold | null }>(
      'select families, attendance from document_request where id = $1',
      [requestId],
    ),
  );
  if (!row) throw new Left();
  const { families, attendance } = row;
  return {
    families: new Map(families.students.map((family) => [family.id, family])),
    staff: new Map(families.staff.map(({ id, givenName, familyName }) => [id, `${givenName} ${familyName}`.trim()])),
    attendance: attendance && new Map(attendance.map((summary) => [summary.id, summary])),
  };
}

async function printChunk(work: AtWork, { request, told, places }: Chunk): Promise<void> {
  const { hand, typesetters } = work;
  pace.onStep('before reading');
  const ids = places.map(({ studentId }) => studentId);
  const frozenCards = await hand.bulk(async ({ query }) => freeze(query, ids, await schoolOf(work, request.schoolId, query), told));
  pace.onStep('frozen');
  const publishedAt = new Date(Math.floor(hand.now().getTime() / 1000) * 1000); // a PDF knows whole seconds
  const set = await setCards(
    frozenCards.filter((card) => card.state === 'PRINTED'),
    typesetters,
    publishedAt,
  );
  if (work.ending.aborted) throw new Left(); // what the closing typesetters refused is nobody's fault
  const byStudent = new Map(set.map((card) => [card.studentId, card]));
  const cards = frozenCards.map((card) => (card.state === 'PRINTED' ? byStudent.get(card.studentId)! : card));
  pace.onStep('set');
  await holding(work, async ({ query }) => {
    await write(query, work, request, places, cards, publishedAt);
    pace.onStep('before the commit');
  });
  pace.onStep('written');
}

/** All of a chunk in one transaction: each document once, and each student's place in the batch with it. */
async function write(
  query: BulkTransaction['query'],
  work: AtWork,
  { id, schoolId, first, last }: OpenRequest,
  places: readonly Place[],
  cards: readonly Card[],
  publishedAt: Date,
): Promise<void> {
  const { batch } = work;
  let pages = 0;
  for (const card of cards) {
    if (card.state !== 'PRINTED') continue;
    pages += card.pages;
    const { text, sha256, contentSha256 } = frozen(card.snapshot);
    await query(
      `insert into report_card (kind, student_id, school_id, grading_period_id, version, snapshot, sha256, content_sha256, template_version,
                                language, pages, pdf, published_at, batch_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [
        ...[batch.kind, card.studentId, schoolId, batch.gradingPeriodId, card.version, text, sha256, contentSha256],
        ...[card.snapshot.templateVersion, card.snapshot.language, card.pages, Buffer.from(card.pdf), publishedAt, batch.id],
      ],
    );
  }
  const told = cards.map((card) => (card.state === 'FAULTY' ? [card.fault] : card.notes));
  await query(
    `update report_batch_student s set state = c.state, code = nullif(c.code, ''), message = nullif(c.message, '')
       from unnest($2::integer[], $3::text[], $4::text[], $5::text[]) c (place, state, code, message)
      where s.batch_id = $1 and s.place = c.place and s.state = 'LISTED'`,
    [
      ...[batch.id, places.map(({ place }) => place), cards.map(({ state }) => state)],
      ...[told.map((notes) => notes.map(({ code }) => code).join(' ')), told.map((notes) => notes.map(({ message }) => message).join(' '))],
    ],
  );
  const count = (state: Card['state']) => cards.filter((card) => card.state === state).length;
  const now = performance.now();
  await query(
    `update report_batch set printed = printed + $2, unchanged = unchanged + $3, faulty = faulty + $4, pages = pages + $5,
       worked_ms = worked_ms + $6, attempts = 0 where id = $1`,
    [batch.id, count('PRINTED'), count('UNCHANGED'), count('FAULTY'), pages, Math.max(0, Math.round(now - work.sinceMs))],
  );
  work.sinceMs = now;
  await query(
    `delete from document_request r where r.id = $1 and not exists (select from report_batch_student s
       where s.batch_id = $2 and s.place between $3 and $4 and s.state = 'LISTED')`,
    [id, batch.id, first, last],
  );
}
