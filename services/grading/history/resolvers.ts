import { isUuid, refuse, type Subject } from '@rollbook/school';
import type { Context, Slice } from '@rollbook/subgraph';
import { readsDrafts } from '../marks/rules.ts';
import type { SectionRow } from '../rosters/entities.ts';
import { findSection } from '../rosters/resolvers.ts';
import { replayed } from './rules.ts';
import type { Arguments, QueryMarkHistoryArguments, QueryScoreHistoryArguments } from '../schema.types.ts';

/** What a version of a mark and one of a score have in common, whatever its save said. */
interface Version {
  readonly kind: 'MARKS' | 'POST' | 'SCORES' | 'IMPORT' | 'CHANGE';
  readonly revision: number;
  readonly value: string | null;
  readonly comment: string | null;
  readonly saveId: string;
  readonly savedAt: Date;
  readonly savedBy: string;
  readonly reason: string | null;
}

interface MarkVersion extends Version {
  readonly kind: 'MARKS' | 'POST' | 'CHANGE';
  readonly effort: string | null;
  readonly conduct: string | null;
  readonly codes: string | null;
}

/** A version with whom it is about: who may read it. */
type VersionRow = Version & { readonly studentId: string; readonly section: SectionRow };

/** The cells of saves (`s`) that were applied: those of which the answer said nothing else. */
const applied = `save s cross join lateral
    unnest(s.places, s.student_ids, s.assignment_ids, s.base_revisions, s.cell_values, s.comments, s.text_scores, s.statuses, s.lates,
      s.missings, s.incompletes, s.withdrawns, s.days_lates, s.efforts, s.conducts, s.comment_codes)
      c (n, student_id, assignment_id, base, value, comment, text_score, status, late, missing, incomplete, withdrawn, days_late, effort, conduct,
        codes)
  where s.section_id = $1 and s.student_ids @> array[$2::uuid] and c.student_id = $2
    and not exists (select from jsonb_array_elements(coalesce(s.exceptions, '[]')) x where (x ->> 'n')::integer = c.n)`;

const said = `s.kind, c.base + 1 as revision, c.comment, s.id as "saveId", s.received_at as "savedAt", s.subject as "savedBy", s.reason`;

/** Who reads drafts: those who teach the section today, and the school's counselors and principal. Refuses NOT_FOUND, FORBIDDEN. */
async function sectionToLookBackOn(id: string, context: Context): Promise<SectionRow> {
  const section = (await findSection(id, context)) ?? refuse('NOT_FOUND', `There is no section ${id} in a school of yours.`);
  if (!readsDrafts(context.viewer, { schoolIds: [section.schoolId], teacherIds: section.teacherIds }))
    refuse('FORBIDDEN', 'You do not teach this section today. What its marks were before is for its teachers and the school.');
  return section;
}

async function markHistory({ sectionId, studentId, gradingPeriodId }: QueryMarkHistoryArguments, context: Context) {
  const section = await sectionToLookBackOn(sectionId, context);
  if (!isUuid(studentId) || !isUuid(gradingPeriodId)) return [];
  const changes = await context.read<MarkVersion>(
    `select ${said}, c.value, c.effort, c.conduct, c.codes
       from ${applied} and s.grading_period_id = $3 and s.kind in ('MARKS', 'POST', 'CHANGE') order by c.base`,
    [sectionId, studentId, gradingPeriodId],
  );
  return about(section, studentId, replayed(changes));
}

/** Scores are told as the table has them: without trailing zeros. */
async function scoreHistory({ sectionId, studentId, assignmentId }: QueryScoreHistoryArguments, context: Context) {
  const section = await sectionToLookBackOn(sectionId, context);
  if (!isUuid(studentId) || !isUuid(assignmentId)) return [];
  const changes = await context.read<Version>(
    `select ${said}, trim_scale(c.value::numeric)::text as value, c.text_score as "textScore", c.status, c.late, c.days_late as "daysLate", c.missing, c.incomplete,
            coalesce(c.withdrawn, false) as withdrawn
       from ${applied} and c.assignment_id = $3 and s.kind in ('SCORES', 'IMPORT') order by c.base`,
    [sectionId, studentId, assignmentId],
  );
  return about(section, studentId, changes);
}

const about = (section: SectionRow, studentId: string, versions: readonly Version[]): VersionRow[] =>
  versions.map((version) => ({ ...version, section, studentId }));

const subjectOf = ({ section, studentId }: VersionRow): Subject => ({
  ...{ schoolIds: [section.schoolId], teacherIds: section.teacherIds, studentId },
});
const savedBy = ({ savedBy: id }: VersionRow) => ({ id });

export const history: Slice<Arguments> = {
  entities: [],
  subjects: { MarkVersion: subjectOf, ScoreVersion: subjectOf },
  resolvers: {
    Query: {
      markHistory: (_, cell, context) => markHistory(cell, context),
      scoreHistory: (_, cell, context) => scoreHistory(cell, context),
    },
    MarkVersion: { savedBy },
    ScoreVersion: { savedBy },
  },
};
