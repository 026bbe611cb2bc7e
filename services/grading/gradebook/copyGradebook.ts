import { refuse } from '@rollbook/school';
import type { Context, Transaction } from '@rollbook/subgraph';
import { checkMarks } from '../grades/rules.ts';
import { marksGivenIn } from '../grades/scales.ts';
import { reasonToward } from '../grades/settings.ts';
import { sectionToGrade } from '../rosters/resolvers.ts';
import type { Cutoff } from './gradingRules.ts';
import type { CopyGradebookInput } from '../schema.types.ts';

export interface Copied {
  readonly toSectionId: string;
  readonly categories: number;
  readonly assignments: number;
  readonly shiftDays: number;
}

type Query = Transaction['query'];
const mostDays = 3_660;

/** Who: those who teach both sections, the office with a reason. Nothing or everything is copied. */
export async function copyGradebook(input: CopyGradebookInput, context: Context): Promise<Copied> {
  const { fromSectionId, toSectionId } = input;
  const from = await sectionToGrade(fromSectionId, context);
  const to = await sectionToGrade(toSectionId, context);
  if (from.id === to.id) refuse('SAME_SECTION', 'A gradebook is copied from one section into another.');
  const reason = [from, to].map((section) => reasonToward(section, input.reason, context))[0]!;
  if (input.shiftDays != null && Math.abs(input.shiftDays) > mostDays)
    refuse('SHIFT_INVALID', `Assignments move by at most ${mostDays} days, not ${input.shiftDays}.`);
  return context.write(async ({ query }) => {
    await query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [toSectionId]);
    await checkEmpty(toSectionId, query);
    const shiftDays = input.shiftDays ?? (await weeksBetween(fromSectionId, toSectionId, query));
    await copyRules(fromSectionId, to, query);
    const categories = await copyCategories(fromSectionId, to, query);
    const assignments = await copyAssignments(fromSectionId, to, shiftDays, query);
    if (categories + assignments === 0) refuse('NOTHING_TO_COPY', 'The gradebook to copy from has neither categories nor assignments.');
    return { toSectionId, categories, assignments, shiftDays };
  }, reason);
}

interface Target {
  readonly id: string;
  readonly schoolId: string;
}

async function checkEmpty(sectionId: string, query: Query): Promise<void> {
  const found = await query(
    `select from assignment where section_id = $1 and withdrawn_on is null
     union all select from category where section_id = $1 and withdrawn_on is null limit 1`,
    [sectionId],
  );
  if (found.length) refuse('GRADEBOOK_NOT_EMPTY', 'The gradebook to copy into has categories or assignments already.');
}

/** From the first day of a section to that of another, in whole weeks: what was due on a Friday is due on a Friday. */
async function weeksBetween(from: string, to: string, query: Query): Promise<number> {
  const [found] = await query<{ days: number | null }>(
    `select round((t.begins - f.begins) / 7.0)::integer * 7 as days from section_roster f, section_roster t
      where f.section_id = $1 and t.section_id = $2`,
    [from, to],
  );
  return found!.days ?? 0;
}

async function copyRules(from: string, { id, schoolId }: Target, query: Query): Promise<void> {
  const [rules] = await query<{ cutoffs: readonly Cutoff[] | null; foreign: boolean }>(
    `select g.cutoffs, coalesce(b.school_id <> $2, false) as foreign from gradebook_rules g left join rubric b on b.id = g.rubric_id
      where g.section_id = $1`,
    [from, schoolId],
  );
  if (!rules) return;
  if (rules.foreign) refuse('RUBRIC_UNKNOWN', 'The rubric of the gradebook to copy from belongs to another school.');
  checkMarks(
    (rules.cutoffs ?? []).map(({ mark }) => mark),
    await marksGivenIn(schoolId, query),
  );
  await query(
    `insert into gradebook_rules (section_id, school_id, rules, cutoffs, rubric_id)
       select $2, $3, rules, cutoffs, rubric_id from gradebook_rules where section_id = $1
     on conflict (section_id) do update set (rules, cutoffs, rubric_id) = (excluded.rules, excluded.cutoffs, excluded.rubric_id)`,
    [from, id, schoolId],
  );
}

async function copyCategories(from: string, { id, schoolId }: Target, query: Query): Promise<number> {
  const copied = await query(
    `insert into category (school_id, section_id, title, weight, drop_lowest, extra_credit)
       select $3, $2, title, weight, drop_lowest, extra_credit from category where section_id = $1 and withdrawn_on is null
     returning id`,
    [from, id, schoolId],
  );
  return copied.length;
}

/** A category of the section is found again by its title; one of the district stays, a standard of another school does not. */
async function copyAssignments(from: string, { id, schoolId }: Target, days: number, query: Query): Promise<number> {
  const copied = await query(
    `insert into assignment (school_id, section_id, category_id, grading_period_id, standard_id, title, description, assigned_on, due_on,
                             lowest, highest, extra_credit)
       select $3, $2, case when c.section_id is null then c.id else own.id end, case when $4 = 0 then a.grading_period_id end, s.id, a.title,
              a.description, a.assigned_on + $4::integer, a.due_on + $4::integer, a.lowest, a.highest, a.extra_credit
         from assignment a
         left join category c on c.id = a.category_id and c.withdrawn_on is null
         left join category own on own.section_id = $2 and own.withdrawn_on is null and lower(own.title) = lower(c.title)
         left join standard s on s.id = a.standard_id and (s.school_id is null or s.school_id = $3)
        where a.section_id = $1 and a.withdrawn_on is null order by a.id
     returning id`,
    [from, id, schoolId, days],
  );
  return copied.length;
}
