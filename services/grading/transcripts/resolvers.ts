import { isUuid } from '@rollbook/school';
import type { Context, Slice } from '@rollbook/subgraph';
import type { Arguments } from '../schema.types.ts';
import {
  FinalPeriod,
  TranscriptDocument,
  TranscriptDue,
  TranscriptOrder,
  TranscriptOrdered,
  TranscriptPickup,
  TranscriptPolicy,
  TranscriptRecord,
  type DocumentRow,
  type FinalPeriodRow,
  type OrderedRow,
  type OrderRow,
  type PolicyRow,
  type RecordRow,
} from './entities.ts';
import { codeShown } from './documents.ts';
import { documentByNumber, documentsOf, documentsOfOrder, faultsOfOrder, orderById, pdfOfDocument, verifyTranscript } from './issued.ts';
import { issueTranscripts } from './orders.ts';
import {
  classRanks,
  finalPeriodsOf,
  recordById,
  shownRecord,
  studentsOnList,
  transcriptFaults,
  transcriptOf,
  type FaultRow,
  type ListedRow,
  type RankRow,
  type ShownRecord,
  type TranscriptRow,
} from './read.ts';
import { policyOf } from './records.ts';
import { shown } from './rules.ts';
import { correctTranscriptRecord, recordTransferCredit, setFinalPeriods, setTranscriptPolicy } from './verbs.ts';

/** About a student, for the offices that keep the records and the family: who teaches the student does not see all that was ever earned. */
const aboutStudent = ({ studentId, schoolIds }: { studentId: string; schoolIds: readonly string[] }) => ({
  studentId,
  schoolIds,
  teacherIds: [],
});
const aboutOneOf = ({ studentId, schoolId }: { studentId: string; schoolId: string }) => aboutStudent({ studentId, schoolIds: [schoolId] });
/** What is asked about may be published: a fact of the institution. */
const published = () => ({ schoolIds: null });
const studentOf = (row: { studentId: string; schoolIds?: readonly string[]; schoolId?: string }) => ({
  ...{ id: row.studentId, schoolIds: row.schoolIds ?? [row.schoolId], teacherIds: [] },
});

/** What was just written, with where the student's records are kept. */
async function written(record: RecordRow, { load }: Context): Promise<ShownRecord> {
  const transcript = await load(transcriptOf, record.studentId);
  const standing = transcript!.standings.find((each) => each.record.id === record.id) ?? { record, inGpa: false, earnsCredit: false };
  return shownRecord(standing, transcript!);
}

export const transcripts: Slice<Arguments> = {
  entities: [
    ...[TranscriptPolicy, FinalPeriod, TranscriptPickup, TranscriptDue, TranscriptRecord],
    ...[TranscriptOrder, TranscriptOrdered, TranscriptDocument],
  ],
  refusals: {
    transcript_record_replaced_once: ['ALREADY_CORRECTED', 'This record was replaced at the same moment; correct the one that stands.'],
  },
  subjects: {
    Transcript: aboutStudent,
    TranscriptRecord: aboutStudent,
    ClassRank: ({ of, schoolId }: RankRow) => aboutOneOf({ studentId: of, schoolId }),
    ListedStudent: aboutOneOf,
    TranscriptFault: aboutOneOf,
    TranscriptOrder: ({ schoolId }: OrderRow) => ({ schoolIds: schoolId ? [schoolId] : [], teacherIds: [] }),
    TranscriptOrderFault: aboutOneOf,
    TranscriptDocument: ({ studentId, schoolId, schoolIds = [] }: DocumentRow & { schoolIds?: readonly string[] }) =>
      aboutStudent({ studentId, schoolIds: [schoolId, ...schoolIds] }),
    ...{ TranscriptPolicy: published, MarkMeaning: published, TranscriptList: published, FinalPeriod: published },
  },
  resolvers: {
    Query: {
      transcript: (_, { studentId }, { load }) => (isUuid(studentId) ? load(transcriptOf, studentId) : null),
      classRanks: (_, args, context) => classRanks(args, context),
      studentsOnList: (_, args, context) => studentsOnList(args, context),
      transcriptPolicy: (_, { schoolId }, { read }) => (isUuid(schoolId) ? policyOf(read, schoolId) : null),
      finalPeriods: (_, { schoolId, schoolYear }, context) => finalPeriodsOf(schoolId, schoolYear ?? null, context),
      transcriptFaults: (_, args, context) => transcriptFaults(args, context),
      transcriptOrder: (_, { id }, { load }) => (isUuid(id) ? load(orderById, id) : null),
      transcriptDocument: (_, { number }, { load }) => load(documentByNumber, number),
      transcriptDocuments: (_, args, context) => documentsOf(args, context),
      verifyTranscript: (_, args, context) => verifyTranscript(args, context),
    },
    Mutation: {
      setTranscriptPolicy: (_, { input }, context) => setTranscriptPolicy(input, context),
      setFinalPeriods: (_, { input }, context) => setFinalPeriods(input, context),
      issueTranscripts: (_, { input }, context) => issueTranscripts(input, context),
      recordTransferCredit: async (_, { input }, context) => written(await recordTransferCredit(input, context), context),
      correctTranscriptRecord: async (_, { input }, context) => written(await correctTranscriptRecord(input, context), context),
    },
    Transcript: {
      student: studentOf,
      records: (transcript: TranscriptRow) => transcript.standings.map((standing) => shownRecord(standing, transcript)),
      gpaShown: ({ gpa }: TranscriptRow) => shown(gpa),
      weightedGpaShown: ({ weightedGpa }: TranscriptRow) => shown(weightedGpa),
    },
    TranscriptRecord: {
      student: studentOf,
      school: ({ schoolId }: ShownRecord) => ({ id: schoolId }),
      replaces: async ({ replaces, schoolIds }: ShownRecord, _, { load }) => {
        const before = replaces ? await load(recordById, replaces) : null;
        return before && { ...before, schoolIds, inGpa: null, earnsCredit: null };
      },
      recordedAt: ({ recordedAt }: ShownRecord) => recordedAt,
      recordedBy: ({ recordedBy }: ShownRecord) => ({ id: recordedBy }),
      reason: ({ reason }: ShownRecord) => reason,
      inGpa: ({ inGpa }: ShownRecord) => inGpa,
      earnsCredit: ({ earnsCredit }: ShownRecord) => earnsCredit,
    },
    ClassRank: {
      student: ({ of, schoolId }: RankRow) => studentOf({ studentId: of, schoolId }),
      of: ({ total }: RankRow) => total,
      gpa: ({ gpa }: RankRow) => gpa,
      place: ({ place }: RankRow) => place,
    },
    ListedStudent: {
      student: (row: ListedRow) => studentOf(row),
      gpa: ({ gpa }: ListedRow) => gpa,
      creditsEarned: ({ creditsEarned }: ListedRow) => creditsEarned,
    },
    TranscriptFault: {
      student: (row: FaultRow) => studentOf(row),
      kind: ({ kind }: FaultRow) => kind,
      schoolYear: ({ schoolYear }: FaultRow) => schoolYear,
      session: ({ session }: FaultRow) => session,
      message: ({ message }: FaultRow) => message,
    },
    TranscriptOrder: {
      school: ({ schoolId }: OrderRow) => (schoolId ? { id: schoolId } : null),
      orderedBy: ({ orderedBy }: OrderRow) => ({ id: orderedBy }),
      faults: ({ id }: OrderRow, page, context) => faultsOfOrder(id, page, context),
      documents: ({ id }: OrderRow, page, context) => documentsOfOrder(id, page, context),
    },
    TranscriptOrderFault: {
      student: (row: OrderedRow) => studentOf(row),
      code: ({ fault }: OrderedRow) => fault,
      message: ({ faultMessage }: OrderedRow) => faultMessage,
    },
    TranscriptDocument: {
      student: (row: DocumentRow) => studentOf(row),
      school: ({ schoolId }: DocumentRow) => ({ id: schoolId }),
      code: ({ code }: DocumentRow) => codeShown(code),
      pdf: ({ number }: DocumentRow, _, { load }) => pdfOfDocument(number, load),
    },
    TranscriptPolicy: {
      school: ({ schoolId }: PolicyRow) => (schoolId ? { id: schoolId } : null),
    },
    FinalPeriod: {
      gradingPeriod: ({ gradingPeriodId }: FinalPeriodRow) => ({ id: gradingPeriodId }),
    },
  },
};
