import { columnsOf, type BulkTransaction } from '@rollbook/subgraph';
import { SheetUnprintable, type Typesetters } from '@rollbook/typesetting';
import { askFacts } from '../reportcards/facts.ts';
import { codeOf, pageOf, snapshotOf, type Heading, type Place, type Snapshot } from './documents.ts';
import { TranscriptOrder, type OrderRow, type PolicyRow, type RecordRow } from './entities.ts';
import { rankClass } from './read.ts';
import { policiesOf, recordsOf } from './records.ts';

type Query = BulkTransaction['query'];

/** So many students are asked about in one question, and made into documents in one transaction. */
const studentsAtOnce = 50;
/** So many questions are on the way at the same time. */
const questionsAtOnce = 4;

/** What an order needs again and again while this process works on it: the ranks of whole classes. */
export interface Classes {
  orderId: string | null;
  readonly ranks: Map<string, Promise<Map<string, Place>>>;
}
export const noClasses = (): Classes => ({ orderId: null, ranks: new Map() });

/**
 * One step of the oldest open order that no other process is at: asks about some students, or makes the documents of some whose facts have
 * come. All of a step is one transaction, so an order that was interrupted goes on where it was, and nobody's document is made twice.
 * True when there is more to do at once.
 */
export async function workOnOrder(tx: BulkTransaction, typesetters: Typesetters, classes: Classes, now: Date): Promise<boolean> {
  const { query } = tx;
  const [order] = await query<OrderRow>(
    `select ${columnsOf(TranscriptOrder, 'o')} from transcript_order o where o.status <> 'DONE' and
       (not exists (select from document_request d where d.batch_id = o.id) or
        exists (select from document_request d where d.batch_id = o.id and d.families is not null) or
        (select count(*) from document_request d where d.batch_id = o.id) < $1 and
         exists (select from transcript_ordered w where w.order_id = o.id and w.request_id is null and w.number is null and w.fault is null))
     order by o.id limit 1 for update skip locked`,
    [questionsAtOnce],
  );
  if (!order) return false;
  if (classes.orderId !== order.id) {
    classes.orderId = order.id;
    classes.ranks.clear();
  }
  if (await askAboutSome(tx, order)) return true;
  const [answer] = await query<{ id: string; schoolId: string; families: { students: Heading[] } }>(
    `delete from document_request where id = (select id from document_request where batch_id = $1 and families is not null order by id limit 1)
     returning id, school_id as "schoolId", families`,
    [order.id],
  );
  if (answer) await issue(query, order, answer, typesetters, classes, now);
  await query(
    `update transcript_order o set (done, status) = (select count(*) filter (where w.number is not null or w.fault is not null),
         case when bool_and(w.number is not null or w.fault is not null) then 'DONE' else 'RUNNING' end
       from transcript_ordered w where w.order_id = o.id) where o.id = $1`,
    [order.id],
  );
  return answer !== undefined;
}

/** Asks who the next students are, a school at a time, unless enough questions are on the way. */
async function askAboutSome(tx: BulkTransaction, order: OrderRow): Promise<boolean> {
  const open = await tx.query<{ schoolId: string; studentIds: string[] }>(
    `select school_id as "schoolId", (array_agg(student_id order by student_id))[1:$2] as "studentIds" from transcript_ordered
      where order_id = $1 and request_id is null and number is null and fault is null
        and (select count(*) from document_request d where d.batch_id = $1) < $3
      group by school_id order by school_id limit 1`,
    [order.id, studentsAtOnce, questionsAtOnce],
  );
  const [next] = open;
  if (!next) return false;
  const asker = { batchId: order.id, first: 0, last: 0 };
  const requestId = await askFacts(tx, { ...next, on: order.orderedOn, begins: null, ends: null }, asker);
  await tx.query('update transcript_ordered set request_id = $2 where order_id = $1 and student_id = any($3)', [
    ...[order.id, requestId, next.studentIds],
  ]);
  return true;
}

interface Wanted {
  readonly studentId: string;
  readonly gradeLevel: string | null;
}

interface Answer {
  readonly id: string;
  readonly schoolId: string;
  readonly families: { readonly students: readonly Heading[] };
}

/** Makes the documents of those about whom was asked. One that cannot be made is a fault on the list and holds up nobody. */
async function issue(query: Query, order: OrderRow, answer: Answer, typesetters: Typesetters, classes: Classes, now: Date): Promise<void> {
  const { schoolId } = answer;
  const wanted = await query<Wanted>(
    `select student_id as "studentId", grade_level as "gradeLevel" from transcript_ordered where order_id = $1 and request_id = $2 order by student_id`,
    [order.id, answer.id],
  );
  const [school] = await query<{ id: string; name: string }>('select id, name from school where id = $1', [schoolId]);
  const records = Map.groupBy(
    await recordsOf(
      query,
      wanted.map(({ studentId }) => studentId),
    ),
    ({ studentId }) => studentId,
  );
  const policy = (await policiesOf(query, [schoolId])).get(schoolId)!;
  const numbers = await query<{ number: string }>(
    `select to_char($1::date, 'YYYY') || '-' || lpad(nextval('transcript_number')::text, 7, '0') as number from generate_series(1, $2::int)`,
    [order.orderedOn, wanted.length],
  );
  const made = await Promise.all(
    wanted.map(async ({ studentId, gradeLevel }, n) => {
      const heading = answer.families.students.find(({ id }) => id === studentId);
      const fault = faultOf(heading, records.get(studentId) ?? [], policy, order);
      if (fault) return { studentId, ...fault };
      const ranks = gradeLevel ? await ranksOf(query, classes, schoolId, gradeLevel, order.orderedOn) : null;
      const snapshot = snapshotOf(
        {
          ...{ number: numbers[n]!.number, official: order.official, issuedTo: order.issuedTo, issuedAt: now.toISOString() },
          ...{ school: school!, student: heading!, gradeLevel, rank: ranks?.get(studentId) ?? null },
        },
        records.get(studentId) ?? [],
        policy,
      );
      return printed(studentId, snapshot, typesetters);
    }),
  );
  await keepMade(query, order, schoolId, made);
}

type Made = Fault | Printed;
interface Fault {
  readonly studentId: string;
  readonly fault: string;
  readonly message: string;
}
interface Printed {
  readonly studentId: string;
  readonly number: string;
  readonly issuedAt: string;
  readonly snapshot: string;
  readonly code: string;
  readonly pdf: string;
}

/** Why there is no transcript of this student. */
function faultOf(heading: Heading | undefined, records: readonly RecordRow[], policy: PolicyRow, order: OrderRow) {
  if (!heading) return { fault: 'STUDENT_UNKNOWN', message: 'Nobody knows the name of this student.' };
  if (!records.length) return { fault: 'NO_RECORDS', message: 'There is no record of a course.' };
  const strange = records.find(({ mark }) => !policy.marks.some((meaning) => meaning.mark === mark));
  if (strange)
    return {
      fault: 'MARK_WITHOUT_MEANING',
      message: `${strange.courseTitle} has the mark ${strange.mark}, which the policy does not know.`,
    };
  const atOnce = Map.groupBy(
    records.filter(({ source }) => source !== 'TRANSFER'),
    ({ schoolYear, session, schoolId }) => JSON.stringify([schoolYear, session, schoolId]),
  );
  const crowded = [...atOnce.values()].find((together) => together.length > policy.mostAtOnce);
  if (!crowded || order.despite) return null;
  return {
    fault: 'TOO_MANY_CLASSES',
    message: `${crowded.length} classes in ${crowded[0]!.session}; ${policy.mostAtOnce} are possible at once.`,
  };
}

function ranksOf(query: Query, { ranks }: Classes, schoolId: string, gradeLevel: string, on: string): Promise<Map<string, Place>> {
  const key = `${schoolId} ${gradeLevel}`;
  let found = ranks.get(key);
  if (!found) {
    found = rankClass(query, { schoolId, gradeLevel, on, weighted: true }).then(
      (all) => new Map(all.map(({ of, place }) => [of, { place, of: all.length, gradeLevel, on }])),
    );
    ranks.set(key, found);
  }
  return found;
}

/** The PDF of a snapshot: for the same snapshot always the same bytes. */
export function pdfOf(snapshot: Snapshot, typesetters: Typesetters): Promise<Uint8Array> {
  const data = pageOf(snapshot, codeOf(JSON.stringify(snapshot)));
  return typesetters.pdf({ template: 'transcript.typ', data, madeAt: new Date(snapshot.issuedAt) });
}

async function printed(studentId: string, snapshot: Snapshot, typesetters: Typesetters): Promise<Made> {
  const text = JSON.stringify(snapshot);
  try {
    const pdf = Buffer.from(await pdfOf(snapshot, typesetters)).toString('base64');
    return { studentId, number: snapshot.number, issuedAt: snapshot.issuedAt, snapshot: text, code: codeOf(text), pdf };
  } catch (error) {
    if (error instanceof SheetUnprintable) return { studentId, fault: 'UNPRINTABLE', message: error.message };
    throw error;
  }
}

async function keepMade(query: Query, order: OrderRow, schoolId: string, made: readonly Made[]): Promise<void> {
  const documents = made.filter((each) => 'number' in each);
  await query(
    `insert into transcript_document (number, student_id, school_id, order_id, official, issued_to, issued_at, snapshot, code, pdf)
       select number, "studentId", $2, $1, $3, $4, "issuedAt", snapshot, code, decode(pdf, 'base64')
         from jsonb_to_recordset($5) as d ("studentId" uuid, number text, "issuedAt" timestamptz, snapshot text, code text, pdf text)`,
    [order.id, schoolId, order.official, order.issuedTo, JSON.stringify(documents)],
  );
  await query(
    `update transcript_ordered w set number = m.number, fault = m.fault, fault_message = m.message
       from jsonb_to_recordset($2) as m ("studentId" uuid, number text, fault text, message text)
      where w.order_id = $1 and w.student_id = m."studentId"`,
    [order.id, JSON.stringify(made.map((each) => ('number' in each ? { studentId: each.studentId, number: each.number } : each)))],
  );
}
