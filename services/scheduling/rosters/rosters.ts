import { batch } from '@rollbook/subgraph';
import { batchOfLists } from '../lists.ts';
import type { SectionRow } from '../sections/entities.ts';
import { sectionColumns } from '../sections/sections.ts';
import type { RosterRow } from './entities.ts';
import type { RosterOf } from './rules.ts';

interface RosterKey {
  readonly sectionId: string;
  /** Null: today at the section's school, or the nearest day the section has. */
  readonly asked: string | null;
}

export interface Roster extends RosterOf {
  readonly rows: readonly RosterRow[];
}

interface FlatRow extends RosterRow {
  readonly asked: string | null;
  readonly studentId: string;
}

/** The roster of a section on a day. */
export const rosterOfSection = batch<RosterKey, RosterKey & Roster>(
  async (keys, { read, now }) => {
    const flat = await read<FlatRow>(
      `select section_id as "sectionId", asked, school_id as "schoolId", teacher_ids as "teacherIds", student_id as "studentId", begins, ends
         from rosters_on($1, $2, $3)`,
      [keys.map((k) => k.sectionId), keys.map((k) => k.asked), now()],
    );
    return [...Map.groupBy(flat, (row) => `${row.sectionId} ${row.asked}`).values()].map((rows) => {
      const { sectionId, asked, schoolId, teacherIds } = rows[0]!;
      return { sectionId, asked, schoolId, teacherIds, rows: rows.filter((row) => row.studentId !== null) };
    });
  },
  ({ sectionId, asked }) => ({ sectionId, asked }),
  ({ sectionId, asked }) => `${sectionId} ${asked}`,
);

export interface EnrollmentKey {
  readonly sectionId: string;
  readonly studentId: string;
}

/** A roster row by its key: of several (a student who left and came back) the one of today, else the latest. */
export const enrollmentByKey = batch<EnrollmentKey, RosterRow>(
  (keys, { read, now }) =>
    read(
      `select distinct on (k.section_id, k.student_id)
         e.section_id as "sectionId", e.school_id as "schoolId", e.student_id as "studentId", e.begins, e.ends, t.teacher_ids as "teacherIds"
       from unnest($1::uuid[], $2::uuid[]) as k (section_id, student_id)
       join section_enrollment e on e.section_id = k.section_id and e.student_id = k.student_id and (e.ends is null or e.ends > e.begins)
       join (
         select s.id, d.today, array(
           select a.staff_id from teacher_assignment a where a.section_id = s.id
             and a.begins <= greatest(s.begins, d.today) and (a.ends is null or least(d.today, s.ends - 1, s.cancelled_on - 1) < a.ends)
         ) as teacher_ids
         from section s cross join lateral (select school_today(s.school_id, $3) as today) d
         where s.id = any($1)
       ) t on t.id = e.section_id
       order by k.section_id, k.student_id, (e.begins <= t.today and (e.ends is null or t.today < e.ends)) desc, e.begins desc`,
      [keys.map((k) => k.sectionId), keys.map((k) => k.studentId), now()],
    ),
  ({ sectionId, studentId }) => ({ sectionId, studentId }),
  ({ sectionId, studentId }) => `${sectionId} ${studentId}`,
);

/** A student as far as this service may tell who they are to the viewer. */
export interface StudentRow {
  readonly id: string;
  /** Null: no roster row of theirs is here for the viewer to see, and nothing is told about them either. */
  readonly schoolIds: readonly string[] | null;
  readonly teacherIds?: readonly string[];
}

/** A student by reference from another service, with the schools and the present teachers that decide who may read on. */
export const studentById = batch<string, StudentRow>(
  async (ids, { read, now }) => {
    const known = await read<StudentRow>(
      `select e.student_id as id, array_agg(distinct e.school_id) as "schoolIds",
         coalesce(array_agg(distinct a.staff_id) filter (where a.staff_id is not null), '{}') as "teacherIds"
       from section_enrollment e
       cross join lateral (select school_today(e.school_id, $2) as today) d
       left join teacher_assignment a on a.section_id = e.section_id
         and a.begins <= d.today and (a.ends is null or d.today < a.ends)
         and e.begins <= d.today and (e.ends is null or d.today < e.ends)
       where e.student_id = any($1) group by e.student_id`,
      [ids, now()],
    );
    const seen = new Set(known.map((student) => student.id));
    return [...known, ...ids.filter((id) => !seen.has(id)).map((id) => ({ id, schoolIds: null }))];
  },
  (student) => student.id,
);

interface StudentDay {
  readonly studentId: string;
  /** Null: today at each section's school. */
  readonly asked: string | null;
}

/** The sections a student sits in on a day. */
export const sectionsOfStudent = batchOfLists<StudentDay, SectionRow & StudentDay>(
  (keys, { read, now }) =>
    read(
      `select k.student_id as "studentId", k.asked, ${sectionColumns}
       from unnest($1::uuid[], $2::date[]) as k (student_id, asked)
       join section_enrollment e on e.student_id = k.student_id
       join section s on s.id = e.section_id
       cross join lateral (select coalesce(k.asked, school_today(s.school_id, $3)) as date) d
       where e.begins <= d.date and s.begins <= d.date and d.date < coalesce(least(e.ends, s.ends, s.cancelled_on), 'infinity')
       order by s.number, s.id`,
      [keys.map((k) => k.studentId), keys.map((k) => k.asked), now()],
    ),
  ({ studentId, asked }) => ({ studentId, asked }),
  ({ studentId, asked }) => `${studentId} ${asked}`,
);
