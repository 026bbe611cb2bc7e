import type { Ask } from './databases.ts';
import type { Held, Lost, Version } from './checker.ts';

/** The cells of saves that were applied, from the receipts alone. */
const gradingVersions = `
  select s.id as "saveId", c.base, c.base + 1 as revision, case s.kind when 'POST' then 'posted' else coalesce(c.comment, '') end as content,
         case when c.assignment_id is null then concat_ws('/', 'mark', s.section_id, s.grading_period_id, c.student_id)
              else concat_ws('/', 'score', c.assignment_id, c.student_id) end as key
    from save s cross join lateral unnest(s.places, s.student_ids, s.assignment_ids, s.base_revisions, s.comments)
           c (n, student_id, assignment_id, base, comment)
   where not exists (select from jsonb_array_elements(coalesce(s.exceptions, '[]')) x where (x ->> 'n')::integer = c.n)`;

const gradingCells = `
  select concat_ws('/', 'mark', section_id, grading_period_id, student_id) as key, revision,
         case status when 'POSTED' then 'posted' else coalesce(comment, '') end as content from mark
  union all select concat_ws('/', 'score', assignment_id, student_id), revision, coalesce(comment, '') from score`;

const gradingLost = `
  select save_id as "saveId", coalesce(lost ->> 'comment', '') as content, found_revision as "foundRevision",
         case when assignment_id is null then concat_ws('/', 'mark', section_id, grading_period_id, student_id)
              else concat_ws('/', 'score', assignment_id, student_id) end as key from conflict`;

const rollText = (comments: string) => `coalesce((select string_agg(c, '|' order by c collate "C") from unnest(${comments}) c), '')`;
const rollKey = `concat_ws('/', 'roll', r.section_id, r.date, r.period_id)`;

const rollVersions = `
  select s.save_id as "saveId", s.base_revision as base, s.revision, ${rollText('s.comments')} as content, ${rollKey} as key,
         coalesce((select string_agg(c.comment, '|' order by c.comment collate "C") from unnest(s.student_ids, s.comments) c (id, comment)
            where c.id = any (s.roster)), '') as shown
    from roll_save s join roll r on r.id = s.roll_id where s.revision is not null`;

/** What a roll says of those who were on the roster when it was last said. */
const rollCells = `
  select ${rollKey} as key, r.revision, coalesce((select string_agg(e.taken_comment, '|' order by e.taken_comment collate "C")
    from roll_entry e, roll_save s where e.roll_id = r.id and s.roll_id = r.id and s.revision = r.revision and e.student_id = any (s.roster)), '') as content
    from roll r`;

const rollLost = `
  select s.save_id as "saveId", ${rollText('s.comments')} as content, ${rollKey} as key,
         (select coalesce(max(w.revision), 0) from roll_save w where w.roll_id = s.roll_id and w.xmin::text::bigint < s.xmin::text::bigint) as "foundRevision"
    from roll_save s join roll r on r.id = s.roll_id where s.answer ->> 'outcome' = 'CONFLICT'`;

const committedRosters = `
  select concat_ws(' ', 'seat', e.section_id, e.student_id, e.begins, coalesce(least(e.ends, s.ends, s.cancelled_on)::text, 'open')) as row
    from section_enrollment e join section s on s.id = e.section_id where e.begins < coalesce(least(e.ends, s.ends, s.cancelled_on), 'infinity')
  union select concat_ws(' ', 'teacher', t.section_id, t.staff_id, t.begins, coalesce(least(t.ends, s.ends, s.cancelled_on)::text, 'open'))
    from teacher_assignment t join section s on s.id = t.section_id where t.begins < coalesce(least(t.ends, s.ends, s.cancelled_on), 'infinity')`;

const rosterArrays = `
  select concat_ws(' ', 'seat', r.section_id, x.id, x.begins, coalesce(x.ends::text, 'open')) as row
    from section_roster r cross join lateral unnest(r.student_ids, r.student_begins, r.student_ends) x (id, begins, ends)
  union select concat_ws(' ', 'teacher', r.section_id, x.id, x.begins, coalesce(x.ends::text, 'open'))
    from section_roster r cross join lateral unnest(r.teacher_ids, r.teacher_begins, r.teacher_ends) x (id, begins, ends)`;

const classrooms = `
  select concat_ws(' ', 'seat', r.section_id, x.id, x.begins, coalesce(x.ends::text, 'open')) as row
    from classroom r cross join lateral unnest(r.student_ids, r.student_begins, r.student_ends) x (id, begins, ends)
  union select concat_ws(' ', 'teacher', section_id, staff_id, begins, coalesce(ends::text, 'open')) from classroom_teacher`;

const receipts = (ask: Ask) =>
  Promise.all([
    ask<{ id: string }>('grading', 'select id from save'),
    ask<{ id: string }>('attendance', 'select save_id as id from roll_save'),
  ]);

export async function receiptsIn(ask: Ask): Promise<string[]> {
  return (await receipts(ask)).flat().map(({ id }) => id);
}

export async function rostersIn(ask: Ask): Promise<Held['rosters']> {
  const rows = async (service: string, text: string) => (await ask<{ row: string }>(service, text)).map(({ row }) => row);
  const [committed, grading, attendance, student] = await Promise.all([
    rows('scheduling', committedRosters),
    rows('grading', rosterArrays),
    rows('attendance', rosterArrays),
    rows('student', classrooms),
  ]);
  return { committed, held: { grading, attendance, student } };
}

/** Reads, as administrator, all that the checker needs; of databases in which nobody writes any more. */
export async function readHeld(ask: Ask, before: ReadonlySet<string>, waiting: readonly string[]): Promise<Held> {
  const [gradedVersions, gradedCells, gradedLost, takenVersions, takenCells, takenLost, stored, rosters] = await Promise.all([
    ask<Version>('grading', gradingVersions),
    ask<Held['cells'][number]>('grading', gradingCells),
    ask<Lost>('grading', gradingLost),
    ask<Version>('attendance', rollVersions),
    ask<Held['cells'][number]>('attendance', rollCells),
    ask<Lost>('attendance', rollLost),
    receiptsIn(ask),
    rostersIn(ask),
  ]);
  return {
    ...{ versions: [...gradedVersions, ...takenVersions], cells: [...gradedCells, ...takenCells], lost: [...gradedLost, ...takenLost] },
    ...{ receipts: stored, before, rosters, waiting },
  };
}
