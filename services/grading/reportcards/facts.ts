import type { Event } from '@rollbook/events';
import type { BulkTransaction, Transaction } from '@rollbook/subgraph';
import type { Attendance, Family } from './rules.ts';

interface Request {
  readonly schoolId: string;
  /** At most 500. */
  readonly studentIds: readonly string[];
  /** Teachers who are named in the documents. */
  readonly staffIds?: readonly string[];
  /** The day that the documents are of. */
  readonly on: string;
  /** Of which days the attendance is told, the last one exclusive and no later than today; null: none is asked for. */
  readonly begins: string | null;
  readonly ends: string | null;
}

/** The batch that asks, and the places in it of those it asks for. */
interface Asker {
  readonly batchId: string;
  readonly first: number;
  readonly last: number;
}

/**
 * Asks the student and the attendance service for what documents about these students say; their answers come into `document_request`,
 * under the id that this answers. Whoever has printed them removes the row: nothing about families is kept here.
 */
export async function askFacts({ query, tell }: BulkTransaction, request: Request, asker?: Asker): Promise<string> {
  const { schoolId, studentIds, staffIds = [], on, begins, ends } = request;
  const [row] = await query<{ id: string }>(
    `insert into document_request (school_id, student_ids, batch_id, first_place, last_place) values ($1, $2, $3, $4, $5) returning id`,
    [schoolId, studentIds, asker?.batchId ?? null, asker?.first ?? null, asker?.last ?? null],
  );
  const payload = { requestId: row!.id, schoolId, studentIds, staffIds, on, begins, ends };
  await tell({ type: 'DocumentFactsAsked', aggregate: row!.id, payload });
  return row!.id;
}

export interface FamiliesTold {
  readonly students: readonly (Family & { readonly id: string })[];
  readonly staff: readonly { readonly id: string; readonly givenName: string; readonly familyName: string }[];
}

export type AttendanceTold = readonly (Attendance & { readonly id: string })[];

/** student: the answer to DocumentFactsAsked. Nobody waits for it any more: it is forgotten. */
export async function hearFamiliesTold({ query }: Transaction, { payload }: Event): Promise<void> {
  const { requestId, students, staff } = payload as FamiliesTold & { requestId: string };
  await query(`update document_request set families = $2 where id = $1`, [requestId, JSON.stringify({ students, staff })]);
  await goOn(query, requestId);
}

/** attendance: the answer to DocumentFactsAsked. */
export async function hearAttendanceTold({ query }: Transaction, { payload }: Event): Promise<void> {
  const { requestId, students } = payload as { requestId: string; students: AttendanceTold };
  await query(`update document_request set attendance = $2 where id = $1`, [requestId, JSON.stringify(students)]);
  await goOn(query, requestId);
}

/** A batch that was paused for want of an answer goes on by itself once it has one. */
const goOn = (query: Transaction['query'], requestId: string) =>
  query(
    `update report_batch b set status = 'WAITING' from document_request r
      where r.id = $1 and b.id = r.batch_id and b.status = 'PAUSED' and r.families is not null and (r.attendance is not null or b.without_attendance)`,
    [requestId],
  );
