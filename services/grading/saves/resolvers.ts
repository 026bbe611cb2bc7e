import { columnsOf, connectionOf, pageArguments, type Context, type Slice } from '@rollbook/subgraph';
import { findAssignment } from '../gradebook/assignments.ts';
import type { SectionRow } from '../rosters/entities.ts';
import { sectionToGrade } from '../rosters/resolvers.ts';
import { Conflict, Save, type ConflictRow } from './entities.ts';
import { conflictAfter, resolveConflict, type Resolved } from './resolveConflict.ts';
import type { Arguments, QueryConflictsArguments } from '../schema.types.ts';

/** Who: those who teach the section today; the principal of its school. */
async function listConflicts({ sectionId, includeResolved, ...page }: QueryConflictsArguments, context: Context) {
  const section = await sectionToGrade(sectionId, context);
  const { after, limit } = pageArguments(page, ['uuid']);
  const rows = await context.read<ConflictRow>(
    `select ${columnsOf(Conflict, 'c')} from conflict c
      where c.section_id = $1 and ($2::text[] is null or c.id < $2[1]::uuid) and ($4 or c.resolution is null)
      order by c.id desc limit $3`,
    [sectionId, after, limit, includeResolved ?? false],
  );
  const conflicts = rows.map((row) => ({ ...row, teacherIds: section.teacherIds }));
  return connectionOf(conflicts, limit, (conflict) => [conflict.id]);
}

const codesOf = (codes: readonly string[] | string = []) => (typeof codes === 'string' ? codes.split(',').filter(Boolean) : codes);

export const saves: Slice<Arguments> = {
  entities: [Save, Conflict],
  subjects: {
    GradeConflict: ({ schoolId, studentId, teacherIds }: ConflictRow) => ({ schoolIds: [schoolId], studentId, teacherIds }),
  },
  resolvers: {
    Query: {
      conflicts: (_, args, context) => listConflicts(args, context),
    },
    Mutation: {
      resolveConflict: (_, { input }, context) => resolveConflict(input, context),
    },
    GradeConflict: {
      student: ({ studentId, schoolId, teacherIds }: ConflictRow) => ({ id: studentId, schoolIds: [schoolId], teacherIds }),
      section: ({ sectionId, schoolId, teacherIds, studentId }: ConflictRow): SectionRow => ({
        ...{ id: sectionId, schoolId, teacherIds, studentIds: [studentId] },
      }),
      gradingPeriod: ({ gradingPeriodId }: ConflictRow) => (gradingPeriodId ? { id: gradingPeriodId } : null),
      assignment: ({ assignmentId }: ConflictRow, _, context) => (assignmentId ? findAssignment(assignmentId, context) : null),
      value: ({ lost }: ConflictRow) => lost.value,
      comment: ({ lost }: ConflictRow) => lost.comment,
      effort: ({ lost }: ConflictRow) => lost.effort || null,
      conduct: ({ lost }: ConflictRow) => lost.conduct || null,
      commentCodes: ({ lost }: ConflictRow) => codesOf(lost.commentCodes),
      savedBy: ({ subject }: ConflictRow) => ({ id: subject }),
      savedAt: ({ receivedAt }: ConflictRow) => receivedAt,
      foundValue: ({ found }: ConflictRow) => found.value,
      foundComment: ({ found }: ConflictRow) => found.comment,
      foundEffort: ({ found }: ConflictRow) => found.effort ?? null,
      foundConduct: ({ found }: ConflictRow) => found.conduct ?? null,
      foundCommentCodes: ({ found }: ConflictRow) => codesOf(found.commentCodes),
      foundBy: ({ foundBy }: ConflictRow) => ({ id: foundBy }),
      resolvedBy: ({ resolvedBy }: ConflictRow) => (resolvedBy ? { id: resolvedBy } : null),
    },
    ResolveConflictAnswer: {
      conflict: (answer: Resolved, _, context) => conflictAfter(answer, context),
    },
  },
};
