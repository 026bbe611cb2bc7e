import type { Subject } from '@rollbook/school';
import { batch, type Context, type Slice } from '@rollbook/subgraph';
import type { MarkRow } from '../marks/entities.ts';
import { readsDrafts } from '../marks/rules.ts';
import type { SectionRow } from '../rosters/entities.ts';
import type { Arguments } from '../schema.types.ts';
import { approveMarkChange, declineMarkChange, markChanges, requestMarkChange } from './changes.ts';
import {
  CommentCode,
  MarkChange,
  MarkForm,
  MarkVerification,
  Posting,
  PostingCalculation,
  type CommentCodeRow,
  type MarkChangeRow,
  type MarkFormRow,
  type MarkPostingRow,
} from './entities.ts';
import { allCodes, codeById, commentCodes, markForm, setCommentCode, setMarkForm } from './forms.ts';
import { textIn } from './rules.ts';
import {
  missingMarks,
  postingStatus,
  schoolPostings,
  sectionPosting,
  verifyMarks,
  type SchoolPostingRow,
  type SectionPostingRow,
} from './status.ts';

type Posted = Pick<MarkPostingRow, 'markId' | 'revision'>;

const postingOfMark = batch<Posted, MarkPostingRow>(
  (marks, { read }) =>
    read(
      `select p.mark_id as "markId", p.revision, p.school_id as "schoolId", p.student_id as "studentId", p.value, p.effort, p.conduct,
              p.comment_codes as "commentCodes", p.comment, p.calculation, p.calculated_at as "calculatedAt", p.changed,
              p.posted_at as "postedAt", p.posted_by as "postedBy"
         from unnest($1::uuid[], $2::integer[]) k (id, revision) join mark m on m.id = k.id
         join mark_posting p on p.save_id = m.save_id and p.mark_id = k.id and p.revision = k.revision`,
      [marks.map(({ markId }) => markId), marks.map(({ revision }) => revision)],
    ),
  ({ markId, revision }) => ({ markId, revision }),
  ({ markId, revision }) => `${markId} ${revision}`,
);

async function postingOf(
  { id, schoolId, revision, status, teacherIds }: MarkRow,
  { load, viewer }: Context,
): Promise<MarkPostingRow | null> {
  // What was posted is kept with the others of its class; the family sees the mark.
  if (status !== 'POSTED' || !readsDrafts(viewer, { schoolIds: [schoolId], teacherIds })) return null;
  const posting = await load(postingOfMark, { markId: id, revision });
  return posting && { ...posting, teacherIds };
}

async function chosenComments({ schoolId, commentCodes: chosen }: MarkRow, language: string | null, { load }: Context) {
  if (!chosen.length) return [];
  const known = (await load(allCodes, schoolId))!.codes;
  return chosen.map((code) => {
    const found = known.get(code);
    return { code, text: found ? textIn(found, language) : null };
  });
}

/** Not for families, though it is about their child: what they see is what is posted. */
const aboutSchoolAnd = ({ schoolId, teacherIds }: { schoolId: string; teacherIds: readonly string[] }): Subject => ({
  schoolIds: [schoolId],
  teacherIds,
});
const person = (id: string | null) => (id ? { id } : null);
const section = ({
  sectionId,
  schoolId,
  teacherIds,
}: {
  sectionId: string;
  schoolId: string;
  teacherIds: readonly string[];
}): SectionRow => ({
  ...{ id: sectionId, schoolId, teacherIds, studentIds: [] },
});
const student = ({ studentId, schoolId, teacherIds }: { studentId: string; schoolId: string; teacherIds: readonly string[] }) => ({
  ...{ id: studentId, schoolIds: [schoolId], teacherIds },
});
const gradingPeriod = ({ gradingPeriodId }: { gradingPeriodId: string | null }) => person(gradingPeriodId);

export const posting: Slice<Arguments> = {
  entities: [MarkForm, CommentCode, Posting, PostingCalculation, MarkChange, MarkVerification],
  subjects: {
    // What a school asks for and what can be chosen there are facts of the institution.
    MarkForm: () => ({ schoolIds: null }),
    CommentCode: () => ({ schoolIds: null }),
    SectionPosting: aboutSchoolAnd,
    SchoolPosting: ({ schoolId }: SchoolPostingRow) => ({ schoolIds: [schoolId] }),
    MissingMark: aboutSchoolAnd,
    MarkPosting: aboutSchoolAnd,
    MarkChange: aboutSchoolAnd,
  },
  refusals: {
    mark_change_open: ['CHANGE_REQUESTED', 'A change of this mark was asked for already, and is not decided yet.'],
  },
  resolvers: {
    Query: {
      markForm: (_, args, context) => markForm(args, context),
      commentCodes: (_, args, context) => commentCodes(args, context),
      postingStatus: (_, args, context) => postingStatus(args, context),
      schoolPostings: (_, args, context) => schoolPostings(args, context),
      missingMarks: (_, args, context) => missingMarks(args, context),
      markChanges: (_, args, context) => markChanges(args, context),
    },
    Mutation: {
      setMarkForm: (_, { input }, context) => setMarkForm(input, context),
      setCommentCode: (_, { input }, context) => setCommentCode(input, context),
      verifyMarks: (_, { input }, context) => verifyMarks(input, context),
      requestMarkChange: (_, { input }, context) => requestMarkChange(input, context),
      approveMarkChange: (_, { input }, context) => approveMarkChange(input, context),
      declineMarkChange: (_, { input }, context) => declineMarkChange(input, context),
    },
    Section: {
      posting: ({ id }: SectionRow, { gradingPeriodId }, context) => sectionPosting(id, gradingPeriodId, context),
    },
    Mark: {
      posting: (mark: MarkRow, _, context) => postingOf(mark, context),
      chosenComments: (mark: MarkRow, { language }, context) => chosenComments(mark, language ?? null, context),
    },
    MarkForm: {
      school: ({ schoolId }: MarkFormRow) => person(schoolId),
      gradingPeriod,
      types: ({ markTypes }: MarkFormRow) => markTypes,
      required: ({ requiredTypes }: MarkFormRow) => requiredTypes,
    },
    CommentCode: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(codeById, id),
      school: ({ schoolId }: CommentCodeRow) => person(schoolId),
      texts: (row: CommentCodeRow) => {
        const others = Object.keys(row.texts).filter((language) => language !== row.language);
        return [row.language, ...others.toSorted()].map((language) => textIn(row, language));
      },
      text: (row: CommentCodeRow, { language }) => textIn(row, language ?? null),
    },
    SectionPosting: {
      section,
      gradingPeriod,
      teachers: ({ teacherIds }: SectionPostingRow) => teacherIds.map(person),
      missing: ({ seated, posted, drafts }: SectionPostingRow) => seated - posted - drafts,
      lacking: ({ required, without }: SectionPostingRow) => required.map((type) => ({ type, students: without[type] })),
      verifiedBy: ({ verifiedBy }: SectionPostingRow) => person(verifiedBy),
    },
    SchoolPosting: {
      school: ({ schoolId }: SchoolPostingRow) => person(schoolId),
    },
    MissingMark: {
      student,
    },
    MarkPosting: {
      calculation: ({ calculation }: MarkPostingRow) => calculation && JSON.stringify(calculation),
      scoresChanged: ({ changed }: MarkPostingRow) => changed,
      postedBy: ({ postedBy }: MarkPostingRow) => person(postedBy),
    },
    MarkChange: {
      student,
      section,
      gradingPeriod,
      askedBy: ({ askedBy }: MarkChangeRow) => person(askedBy),
      decidedBy: ({ decidedBy }: MarkChangeRow) => person(decidedBy),
    },
  },
};
