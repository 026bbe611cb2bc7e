import { holds, isUuid, refuse } from '@rollbook/school';
import { columnsOf, connectionOf, pageArguments, type Context, type Slice } from '@rollbook/subgraph';
import { RollSave } from '../rolls/entities.ts';
import { answerOf, rollById, statementOf, type StoredAnswer } from '../rolls/resolvers.ts';
import { checkRevision, checkSaveId, checkText, meanings } from '../rolls/rules.ts';
import { sectionById } from '../rosters/resolvers.ts';
import { officesOf, schoolWideRoles } from '../rosters/rules.ts';
import { RollConflictResolution, type RollConflictRow } from './entities.ts';
import type { Arguments, QueryRollConflictsArguments, ResolveRollConflictInput } from '../schema.types.ts';

/** Who: of each roll, those who teach the section on its day; the office and the counselors of its school. */
async function listConflicts({ sectionId, includeResolved, ...page }: QueryRollConflictsArguments, context: Context) {
  const { viewer } = context;
  const section = (await context.load(sectionById, sectionId)) ?? refuse('NOT_FOUND', `There is no section ${sectionId} among yours.`);
  const { after, limit } = pageArguments(page, ['uuid']);
  const conflicts = await context.read<RollConflictRow>(
    `select ${columnsOf(RollSave, 's')}, teachers_on(c, r.date) as "teacherIds",
            x.resolution, x.resolved_at as "resolvedAt", x.resolved_by as "resolvedBy"
       from section_roster c join roll r using (section_id) join roll_save s on s.roll_id = r.id and s.answer ->> 'outcome' = 'CONFLICT'
       left join roll_conflict_resolution x on x.lost_save_id = s.save_id
      where c.section_id = $1 and ($2 or $3 = any (teachers_on(c, r.date))) and ($4 or x.resolution is null)
        and ($5::text[] is null or s.save_id < $5[1]::uuid)
      order by s.save_id desc limit $6`,
    [section.id, holds(viewer, schoolWideRoles, section.schoolId), viewer.subject, includeResolved ?? false, after, limit],
  );
  return connectionOf(conflicts, limit, ({ saveId }) => [saveId]);
}

interface Resolved {
  readonly answer: StoredAnswer;
  readonly sectionId: string;
  readonly date: string;
  readonly periodId: string;
}

/** Who: who teaches the section on the roll's day, or the office; checked in resolve_roll_conflict, in one round trip. */
async function resolveRollConflict(input: ResolveRollConflictInput, context: Context) {
  const { saveId, clientId, lostSaveId, resolution } = input;
  checkResolution(input);
  const offices = officesOf(context.viewer);
  const [resolved] = await context.statement<Resolved>(
    `select answer, section_id as "sectionId", date, period_id as "periodId" from resolve_roll_conflict($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[saveId, clientId, lostSaveId, resolution, resolution === 'KEEP_MINE' ? input.baseRevision : null],
      ...[offices.schoolIds, offices.everywhere, context.now()],
    ],
  );
  const { answer, ...place } = resolved!;
  const why = answer.outcome === 'ERROR' && refusals[answer.code!];
  if (why) refuse(...why);
  return answerOf({ saveId, baseRevision: 0, ...place }, [], answer);
}

const refusals: Readonly<Record<string, readonly [code: string, message: string]>> = {
  CONFLICT_NOT_FOUND: ['NOT_FOUND', 'There is no saving among yours that lost and has this saveId.'],
  CONFLICT_RESOLVED: ['CONFLICT_RESOLVED', 'Somebody resolved this before you; ask for the conflicts again to see who and how.'],
};

/** Refuses BAD_USER_INPUT: a resolution that nobody could mean. */
function checkResolution({ saveId, clientId, lostSaveId, resolution, baseRevision }: ResolveRollConflictInput): void {
  checkSaveId(saveId);
  if (clientId != null) checkText(clientId, 'clientId');
  if (!isUuid(lostSaveId)) refuse(...refusals['CONFLICT_NOT_FOUND']!);
  if (resolution === 'TAKE_THEIRS') return;
  if (baseRevision == null)
    refuse('BAD_USER_INPUT', 'To keep your word, say which revision of the roll you see now.', { argument: 'baseRevision' });
  checkRevision(baseRevision!);
}

export const conflicts: Slice<Arguments> = {
  entities: [RollConflictResolution],
  subjects: {
    RollConflict: ({ schoolId, teacherIds }: RollConflictRow) => ({ schoolIds: [schoolId], teacherIds }),
  },
  refusals: {
    // An id that stands for a resolution of another school.
    roll_conflict_resolution_save: ['SAVE_ID_REUSED', meanings['SAVE_ID_REUSED']!],
  },
  resolvers: {
    Query: {
      rollConflicts: (_, args, context) => listConflicts(args, context),
    },
    Mutation: {
      resolveRollConflict: (_, { input }, context) => resolveRollConflict(input, context),
    },
    RollConflict: {
      roll: ({ rollId }: RollConflictRow, _, { load }) => load(rollById, rollId),
      kind: (conflict: RollConflictRow) => statementOf(conflict, conflict).kind,
      reason: ({ correctionReason }: RollConflictRow) => correctionReason,
      savedBy: ({ savedBy }: RollConflictRow) => ({ id: savedBy }),
      exceptions: (conflict: RollConflictRow) => statementOf(conflict, conflict).exceptions,
      resolvedBy: ({ resolvedBy }: RollConflictRow) => (resolvedBy ? { id: resolvedBy } : null),
    },
  },
};
