import {
  calculate,
  type AssignmentFacts,
  type Calculation,
  type CategoryFacts,
  type Gradebook,
  type ScoreFacts,
  type StandardFacts,
} from './calculation.ts';
import { plainRules, type Cutoff, type GradingRules } from './gradingRules.ts';

/** Rows of one SQL statement: of a transaction, or read for an operation. */
export type Query = <Row>(sql: string, params?: readonly unknown[]) => Promise<Row[]>;

/** Whose grades are asked for: of a grading period, or (null) of all the work of a section. */
export interface Asked {
  readonly sectionId: string;
  readonly gradingPeriodId: string | null;
  readonly studentIds: readonly string[];
}

/** What a person set against a calculated mark; who and when, and why. */
export interface Override {
  readonly id: string;
  /** Null: the calculated mark holds again. */
  readonly mark: string | null;
  readonly calculatedMark: string | null;
  readonly calculatedPercent: string | null;
  readonly said: string;
  readonly at: string;
  readonly by: string;
}

/** A calculated grade, and what was set against it, the newest first: the newest is in force. */
export interface CalculatedGrade extends Calculation {
  readonly overrides: readonly Override[];
}

/** What decides about the grades of a section, and the scores of the students that were asked for. */
interface Found {
  readonly n: number;
  readonly on: string;
  readonly students: readonly string[];
  readonly rules: Partial<GradingRules> | null;
  readonly cutoffs: readonly Cutoff[];
  readonly levels: readonly Cutoff[] | null;
  readonly categories: readonly CategoryFacts[];
  readonly assignments: readonly AssignmentFacts[];
  readonly standards: readonly StandardFacts[];
  readonly scores: readonly (ScoreFacts & { readonly studentId: string })[];
  readonly overrides: readonly (Override & { readonly studentId: string })[];
}

/**
 * Whole gradebooks in one statement, however many sections, students and scores there are. Work belongs to a grading period by its own
 * word, else by the day on which it is due (or was given). What $1 (sections), $2 (their grading periods), $3 (students) and $4 (now) name.
 */
const findGradebooks = `
  with asked as materialized (
    select k.section_id, k.period_id, r.school_id, p.begins, p.ends, g.rules, g.cutoffs, g.rubric_id, k.n,
           ($4::timestamptz at time zone coalesce(s.time_zone, 'UTC'))::date as today
      from unnest($1::uuid[], $2::uuid[]) with ordinality k (section_id, period_id, n)
      join section_roster r on r.section_id = k.section_id
      left join school s on s.id = r.school_id
      left join grading_period p on p.id = k.period_id
      left join gradebook_rules g on g.section_id = k.section_id),
  work as materialized (
    select k.n, a.id, a.title, a.category_id, a.standard_id, a.due_on, a.highest, a.extra_credit, coalesce(a.due_on, a.assigned_on) as place
      from asked k join assignment a on a.section_id = k.section_id and a.withdrawn_on is null
       and (k.period_id is null or a.grading_period_id = k.period_id or
            a.grading_period_id is null and coalesce(a.due_on, a.assigned_on) >= k.begins and coalesce(a.due_on, a.assigned_on) < k.ends))
  select k.n::integer as n, k.today::text as "on", k.rules,
    coalesce(k.cutoffs, (select c.cutoffs from grading_scale c where c.school_id = k.school_id or c.school_id is null
                          order by c.school_id nulls last limit 1)) as cutoffs,
    (select b.levels from rubric b where b.id = k.rubric_id) as levels,
    -- whose grades the viewer may see at all
    array(select x.id from unnest($3::uuid[]) x (id) where works_at(k.school_id) or x.id = any (viewer_students())) as students,
    (select coalesce(json_agg(json_build_object('id', c.id, 'title', c.title, 'weight', c.weight, 'dropLowest', c.drop_lowest,
              'extraCredit', c.extra_credit) order by c.title, c.id), '[]')
       from category c where c.withdrawn_on is null and
         (c.section_id = k.section_id or c.section_id is null and c.id in (select w.category_id from work w where w.n = k.n))) as categories,
    (select coalesce(json_agg(json_build_object('id', w.id, 'title', w.title, 'categoryId', w.category_id, 'standardId', w.standard_id,
              'dueOn', w.due_on, 'highest', w.highest::text, 'extraCredit', w.extra_credit) order by w.place nulls first, w.id), '[]')
       from work w where w.n = k.n) as assignments,
    (select coalesce(json_agg(json_build_object('id', d.id, 'code', d.code, 'title', d.title) order by d.code, d.id), '[]')
       from standard d where d.id in (select w.standard_id from work w where w.n = k.n)) as standards,
    (select coalesce(json_agg(json_build_object('studentId', s.student_id, 'assignmentId', s.assignment_id, 'value', s.points::text,
              'status', s.status, 'late', s.late, 'daysLate', s.days_late, 'missing', s.missing, 'incomplete', s.incomplete)), '[]')
       from work w join score s on s.assignment_id = w.id and s.student_id = any ($3) and s.withdrawn_on is null where w.n = k.n) as scores,
    (select coalesce(json_agg(json_build_object('studentId', o.student_id, 'id', o.id, 'mark', o.mark, 'calculatedMark', o.calculated_mark,
              'calculatedPercent', o.calculated_percent, 'said', o.said, 'at', o.overridden_at, 'by', o.overridden_by) order by o.id desc), '[]')
       from grade_override o where o.section_id = k.section_id and o.student_id = any ($3)
        and o.grading_period_id is not distinct from k.period_id) as overrides
  from asked k`;

/** The calculated grades of students in several gradebooks, in the order in which they were asked for; by student. One statement. */
export async function calculationsOf(query: Query, asked: readonly Asked[], at: Date): Promise<ReadonlyMap<string, CalculatedGrade>[]> {
  const found = await query<Found>(findGradebooks, [
    asked.map(({ sectionId }) => sectionId),
    asked.map(({ gradingPeriodId }) => gradingPeriodId),
    [...new Set(asked.flatMap(({ studentIds }) => studentIds))],
    at.toISOString(),
  ]);
  const byPlace = new Map(found.map((facts) => [facts.n, facts]));
  return asked.map(({ studentIds }, n) => {
    const facts = byPlace.get(n + 1);
    return facts ? gradesOf(facts, studentIds) : new Map<string, CalculatedGrade>();
  });
}

function gradesOf({ on, students, scores, overrides, ...facts }: Found, studentIds: readonly string[]): Map<string, CalculatedGrade> {
  const gradebook: Gradebook = { ...facts, rules: { ...plainRules, ...facts.rules }, scale: facts.cutoffs, levels: facts.levels ?? [] };
  const scoresOf = Map.groupBy(scores, ({ studentId }) => studentId);
  const overridesOf = Map.groupBy(overrides, ({ studentId }) => studentId);
  const seen = new Set(students);
  return new Map(
    studentIds
      .filter((studentId) => seen.has(studentId))
      .map((studentId) => {
        const said = (overridesOf.get(studentId) ?? []).map(({ studentId: _, ...override }) => override);
        return [studentId, { ...calculate(gradebook, scoresOf.get(studentId) ?? [], on), overrides: said }];
      }),
  );
}

/**
 * The calculated grade of each of these students in a section and grading period (null: of all its work), with its arithmetic as plain
 * JSON, as `at` (the server's clock). Those whom `query` may not see are not in it.
 */
export async function calculationOf(
  query: Query,
  sectionId: string,
  gradingPeriodId: string | null,
  studentIds: readonly string[],
  at: Date = new Date(),
): Promise<ReadonlyMap<string, CalculatedGrade>> {
  const [grades] = await calculationsOf(query, [{ sectionId, gradingPeriodId, studentIds }], at);
  return grades!;
}
