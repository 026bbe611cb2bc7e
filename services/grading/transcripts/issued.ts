import { isUuid } from '@rollbook/school';
import { batch, columnsOf, connectionOf, pageArguments, type Context } from '@rollbook/subgraph';
import type { QueryTranscriptDocumentsArguments, QueryVerifyTranscriptArguments } from '../schema.types.ts';
import { codeTyped } from './documents.ts';
import { TranscriptOrder, TranscriptOrdered, type DocumentRow, type OrderedRow, type OrderRow } from './entities.ts';

interface Page {
  readonly first?: number | null;
  readonly after?: string | null;
}

export const orderById = batch<string, OrderRow>(
  (ids, { read }) => read(`select ${columnsOf(TranscriptOrder, 'o')} from transcript_order o where o.id = any($1)`, [ids]),
  ({ id }) => id,
);

/** All of a document `d` but its PDF; with where the student's records are kept today. */
const columns = `d.number, d.student_id as "studentId", d.school_id as "schoolId", d.official, d.issued_to as "issuedTo",
  d.issued_at as "issuedAt", d.snapshot, d.code, record_schools(d.student_id) as "schoolIds"`;

export const documentByNumber = batch<string, DocumentRow>(
  (numbers, { read }) => read(`select ${columns} from transcript_document d where d.number = any($1)`, [numbers]),
  ({ number }) => number,
  String,
  () => true,
);

const pdfByNumber = batch<string, { number: string; pdf: string }>(
  (numbers, { read }) =>
    read(`select number, translate(encode(pdf, 'base64'), E'\\n', '') as pdf from transcript_document where number = any($1)`, [numbers]),
  ({ number }) => number,
  String,
  () => true,
);
export const pdfOfDocument = async (number: string, load: Context['load']) => (await load(pdfByNumber, number))!.pdf;

export async function documentsOf({ studentId, ...page }: QueryTranscriptDocumentsArguments, { read }: Context) {
  const { after, limit } = pageArguments(page, ['text']);
  const rows = isUuid(studentId)
    ? await read<DocumentRow>(
        `select ${columns} from transcript_document d where d.student_id = $1 and ($2::text[] is null or d.number < $2[1])
           order by d.number desc limit $3`,
        [studentId, after, limit],
      )
    : [];
  return connectionOf(rows, limit, ({ number }) => [number]);
}

export async function documentsOfOrder(orderId: string, page: Page, { read }: Context) {
  const { after, limit } = pageArguments(page, ['text']);
  const rows = await read<DocumentRow>(
    `select ${columns} from transcript_document d where d.order_id = $1 and ($2::text[] is null or d.number > $2[1]) order by d.number limit $3`,
    [orderId, after, limit],
  );
  return connectionOf(rows, limit, ({ number }) => [number]);
}

export async function faultsOfOrder(orderId: string, page: Page, { read }: Context) {
  const { after, limit } = pageArguments(page, ['uuid']);
  const rows = await read<OrderedRow>(
    `select ${columnsOf(TranscriptOrdered, 'w')} from transcript_ordered w
      where w.order_id = $1 and w.fault is not null and ($2::uuid is null or w.student_id > $2) order by w.student_id limit $3`,
    [orderId, after?.[0] ?? null, limit],
  );
  return connectionOf(rows, limit, ({ studentId }) => [studentId]);
}

/** Compares with what is kept, and what is kept with its code. */
export async function verifyTranscript({ number, code }: QueryVerifyTranscriptArguments, { read }: Context) {
  const [found] = await read<{ issuedTo: string | null; issuedAt: Date; official: boolean }>(
    'select issued_to as "issuedTo", issued_at as "issuedAt", official from verified_transcript($1, $2)',
    [number.trim(), codeTyped(code)],
  );
  return found ? { genuine: true, ...found } : { genuine: false };
}
