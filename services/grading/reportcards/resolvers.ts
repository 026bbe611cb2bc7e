import { holds, isUuid, refuse, type Subject } from '@rollbook/school';
import { batch, columnsOf, connectionOf, pageArguments, type Context, type PageArguments, type Slice } from '@rollbook/subgraph';
import {
  DocumentRequest,
  ReportBatch,
  ReportBatchStudent,
  ReportCard,
  ReportCardTemplate,
  type BatchRow,
  type CardRow,
  type TemplateRow,
} from './entities.ts';
import {
  batchById,
  batchColumns,
  cancelReportBatch,
  mayPrint,
  printReportCards,
  resumeReportBatch,
  setReportCardTemplate,
} from './verbs.ts';
import type { Arguments } from '../schema.types.ts';

/** All of a document but its two long columns. */
const cardColumns = columnsOf(ReportCard, 'c')
  .split(', ')
  .filter((column) => !/^c\.(snapshot|pdf)\b/.test(column))
  .join(', ');

/** Of a document `c`, who teaches its student at an instant. */
const taughtBy = (at: string) => `array(
  select distinct t.id from section_seat s join section_roster r on r.section_id = s.section_id
      cross join lateral (select roster_day(r, ${at}::timestamptz) offset 0) d (day)
      cross join lateral unnest(r.teacher_ids, r.teacher_begins, r.teacher_ends) t (id, begins, ends)
    where s.student_id = c.student_id and t.begins <= d.day and (t.ends is null or t.ends > d.day)
      and s.begins <= d.day and (s.ends is null or s.ends > d.day)) as "teacherIds"`;

/** Teachers are looked for when a teacher asks; families and the office read nothing but the document. `at`: the parameter with the instant. */
const columnsFor = ({ viewer }: Context, at: string) =>
  `${cardColumns}, ${holds(viewer, ['TEACHER']) ? taughtBy(at) : `array(select c.id where ${at}::timestamptz is null) as "teacherIds"`}`;

const cardById = batch<string, CardRow>(
  (ids, context) =>
    context.read(`select ${columnsFor(context, '$2')}, c.pdf from report_card c where c.id = any($1)`, [ids, context.now().toISOString()]),
  ({ id }) => id,
);

async function batchSeen(id: string, context: Context): Promise<BatchRow | null> {
  const found = isUuid(id) ? await context.load(batchById, id) : null;
  return found && mayPrint(context, found.schoolId) ? found : null;
}

async function batchesOf(schoolId: string | null, page: PageArguments, context: Context) {
  const { after, limit } = pageArguments(page, ['uuid']);
  if (schoolId !== null && !isUuid(schoolId)) refuse('NOT_FOUND', `There is no school ${schoolId} of yours.`);
  if (!mayPrint(context, schoolId)) refuse('FORBIDDEN', 'Batches are for those who may start them; name your school.');
  const rows = await context.read<BatchRow>(
    `select ${batchColumns} from report_batch b where b.school_id is not distinct from $1 and ($2::text[] is null or b.id < ($2)[1]::uuid)
       order by b.id desc limit $3`,
    [schoolId, after, limit],
  );
  return connectionOf(rows, limit, ({ id }) => [id]);
}

interface RemarkRow {
  readonly place: number;
  readonly studentId: string;
  readonly schoolId: string;
  readonly state: string;
  readonly code: string;
  readonly message: string;
}

async function remarksOf({ id }: BatchRow, page: PageArguments, { read }: Context) {
  const { after, limit } = pageArguments(page, ['integer']);
  const rows = await read<RemarkRow>(
    `select place, student_id as "studentId", school_id as "schoolId", state, code, message from report_batch_student
      where batch_id = $1 and code is not null and ($2::text[] is null or place > ($2)[1]::integer) order by place limit $3`,
    [id, after, limit],
  );
  return connectionOf(rows, limit, ({ place }) => [String(place)]);
}

async function cardsOf({ id }: BatchRow, page: PageArguments, context: Context) {
  const { after, limit } = pageArguments(page, ['integer']);
  const rows = await context.read<CardRow & { place: number }>(
    `select s.place, ${columnsFor(context, '$4')} from report_batch_student s
       join report_card c on c.batch_id = s.batch_id and c.student_id = s.student_id and c.school_id = s.school_id
      where s.batch_id = $1 and s.state = 'PRINTED' and ($2::text[] is null or s.place > ($2)[1]::integer) order by s.place limit $3`,
    [id, after, limit, context.now().toISOString()],
  );
  return connectionOf(rows, limit, ({ place }) => [String(place)]);
}

async function cardsOfStudent({ id }: { id: string }, page: PageArguments, context: Context) {
  const { after, limit } = pageArguments(page, ['uuid']);
  const rows = await context.read<CardRow>(
    `select ${columnsFor(context, '$4')} from report_card c where c.student_id = $1 and ($2::text[] is null or c.id < ($2)[1]::uuid) order by c.id desc limit $3`,
    [id, after, limit, context.now().toISOString()],
  );
  return connectionOf(rows, limit, (row) => [row.id]);
}

async function templates(schoolId: string | null, { read }: Context): Promise<TemplateRow[]> {
  if (schoolId !== null && !isUuid(schoolId)) refuse('NOT_FOUND', `There is no school ${schoolId}.`);
  return read(
    `select distinct on (t.kind, t.layout) ${columnsOf(ReportCardTemplate, 't')} from report_card_template t
      where t.school_id is null or t.school_id = $1 order by t.kind desc, t.layout, t.school_id nulls last`,
    [schoolId],
  );
}

/** Of the school's office; of the whole district, its staff's. */
const aboutSchool = ({ schoolId }: { schoolId: string | null }): Subject => ({ schoolIds: schoolId === null ? [] : [schoolId] });
/** A document is for the family, for those who teach the student and for those who lead the school. */
const aboutStudent = ({ schoolId, studentId, teacherIds }: CardRow): Subject => ({ schoolIds: [schoolId], studentId, teacherIds });

const schoolOf = ({ schoolId }: { schoolId: string | null }) => (schoolId ? { id: schoolId } : null);
const periodOf = ({ gradingPeriodId }: { gradingPeriodId: string }) => ({ id: gradingPeriodId });
const studentOf = ({ studentId, schoolId, teacherIds = [] }: { studentId: string; schoolId: string; teacherIds?: readonly string[] }) => ({
  ...{ id: studentId, schoolIds: [schoolId], teacherIds },
});
const doneOf = ({ printed, unchanged, faulty }: BatchRow) => printed + unchanged + faulty;

export const reportcards: Slice<Arguments> = {
  entities: [ReportCardTemplate, DocumentRequest, ReportBatch, ReportBatchStudent, ReportCard],
  subjects: {
    ReportBatch: aboutSchool,
    ReportBatchRemark: ({ schoolId }: RemarkRow) => ({ schoolIds: [schoolId] }),
    ReportCard: aboutStudent,
    ReportCardTemplate: () => ({ schoolIds: null }),
  },
  resolvers: {
    Query: {
      reportBatch: (_, { id }, context) => batchSeen(id, context),
      reportBatches: (_, { schoolId, ...page }, context) => batchesOf(schoolId ?? null, page, context),
      reportCard: (_, { id }, { load }) => load(cardById, id),
      reportCardTemplates: (_, { schoolId }, context) => templates(schoolId ?? null, context),
    },
    Mutation: {
      printReportCards: (_, { input }, context) => printReportCards(input, context),
      cancelReportBatch: (_, { input }, context) => cancelReportBatch(input, context),
      resumeReportBatch: (_, { input }, context) => resumeReportBatch(input, context),
      setReportCardTemplate: (_, { input }, context) => setReportCardTemplate(input, context),
    },
    Student: { reportCards: cardsOfStudent },
    ReportBatch: {
      __resolveReference: ({ id }: { id: string }, context: Context) => batchSeen(id, context),
      school: schoolOf,
      gradingPeriod: periodOf,
      done: doneOf,
      pagesPerSecond: ({ pages, workedMs }: BatchRow) => (workedMs > 0 ? (pages * 1000) / workedMs : null),
      secondsLeft: (row: BatchRow) => secondsLeft(row),
      remarks: remarksOf,
      cards: cardsOf,
      startedBy: ({ startedBy }: BatchRow) => ({ id: startedBy }),
    },
    ReportBatchRemark: {
      student: studentOf,
      school: schoolOf,
      isPrinted: ({ state }: RemarkRow) => state !== 'FAULTY',
      codes: ({ code }: RemarkRow) => code.split(' '),
    },
    ReportCard: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(cardById, id),
      student: studentOf,
      school: schoolOf,
      gradingPeriod: periodOf,
      sha256: ({ sha256 }: CardRow) => sha256.toString('hex'),
      pdfBase64: async ({ id, pdf }: CardRow, _, { load }) => (pdf ?? (await load(cardById, id))?.pdf)?.toString('base64') ?? null,
    },
    ReportCardTemplate: { school: schoolOf },
  },
};

function secondsLeft(row: BatchRow): number | null {
  const done = doneOf(row);
  if (row.endedAt) return 0;
  return row.total === null || !done ? null : Math.ceil((((row.total - done) / done) * row.workedMs) / 1000);
}
