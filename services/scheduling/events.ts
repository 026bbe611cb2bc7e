import type { Event, Fact } from '@rollbook/events';
import { addDays, laterOf } from '@rollbook/school';
import type { Transaction } from '@rollbook/subgraph';
import type { DayKind, SessionRow } from './calendar/entities.ts';
import type { TeacherRole } from './sections/entities.ts';

/** Facts this service tells. Each carries the whole present state of its aggregate. Ends are the first day after. */
export interface SectionChanged {
  readonly id: string;
  readonly schoolId: string;
  readonly courseId: string;
  readonly title: string;
  readonly number: string;
  readonly sessionIds: readonly string[];
  readonly begins: string;
  /** Of a cancelled section, the day it was cancelled; nobody teaches it or sits in it from then on. */
  readonly ends: string | null;
  readonly cancelled: boolean;
  readonly teachers: readonly { staffId: string; role: TeacherRole; begins: string; ends: string | null }[];
  readonly students: readonly { studentId: string; begins: string; ends: string | null }[];
  readonly meetings: readonly {
    periodId: string;
    periodName: string;
    /** Days of the rotation ("A") or weekdays ("TUESDAY"); empty: every school day. */
    days: readonly string[];
    begins: string;
    ends: string | null;
    roomName: string | null;
  }[];
}

export interface GradingPeriodChanged {
  readonly id: string;
  readonly schoolYear: number;
  readonly title: string;
  readonly begins: string;
  readonly ends: string;
  /** The semester, term or year it is part of. */
  readonly sessionId: string | null;
  /** Told only of a session that no longer counts as a grading period, or never takes place: no marks go into it that are not there already. */
  readonly withdrawn?: true;
}

/** What the database tells when courses were written, by whatever verb or import (017-told-courses.sql). */
export interface CourseChanged {
  readonly id: string;
  /** The school that offers it; null, or the id of no school: the district does. */
  readonly schoolId: string | null;
  readonly number: string | null;
  readonly title: string;
  /** For the whole course, exact decimal text. */
  readonly credits: string | null;
  readonly subjects: readonly string[];
  readonly subjectCodes: readonly string[];
  readonly repeatable: boolean;
}

export interface CalendarChanged {
  readonly id: string;
  readonly schoolId: string;
  readonly schoolYear: number;
  /** Of a year-round school; empty elsewhere. */
  readonly track: string;
  readonly days: readonly { date: string; kind: DayKind; dayLabel: string | null }[];
}

export function gradingPeriodChanged({ id, schoolYear, title, begins, ends, parentId }: SessionRow): Fact {
  const payload: GradingPeriodChanged = { id, schoolYear, title, begins, ends, sessionId: parentId };
  return { type: 'GradingPeriodChanged', aggregate: id, payload };
}

/** Told as a day long at least: an empty period is nothing that a listener could keep, even for a moment. */
export function gradingPeriodWithdrawn(session: SessionRow): Fact {
  const { aggregate, type, payload } = gradingPeriodChanged({ ...session, ends: laterOf(session.ends, addDays(session.begins, 1)) });
  return { aggregate, type, payload: { ...(payload as GradingPeriodChanged), withdrawn: true } };
}

export async function tellCalendar({ query, tell }: Transaction, id: string): Promise<void> {
  const [row] = await query<{ payload: CalendarChanged }>(
    `select jsonb_build_object('id', c.id, 'schoolId', c.school_id, 'schoolYear', c.school_year, 'track', c.track, 'days', coalesce(
       (select jsonb_agg(jsonb_build_object('date', d.date, 'kind', d.kind, 'dayLabel', d.day_label) order by d.date)
          from calendar_date d where d.calendar_id = c.id), '[]')) as payload
     from calendar c where c.id = $1`,
    [id],
  );
  await tell({ type: 'CalendarChanged', aggregate: id, payload: row!.payload });
}

/** What is told of a section `s`: dates within its own, nothing that never took place. */
const sectionPayload = `jsonb_build_object(
  'id', s.id, 'schoolId', s.school_id, 'courseId', s.course_id, 'title', s.title, 'number', s.number,
  'sessionIds', to_jsonb(s.session_ids), 'begins', s.begins, 'ends', s.closes, 'cancelled', s.cancelled_on is not null,
  'teachers', coalesce((
    select jsonb_agg(jsonb_build_object('staffId', t.staff_id, 'role', t.role, 'begins', t.begins, 'ends', least(t.ends, s.closes))
      order by t.begins, t.id)
    from teacher_assignment t where t.section_id = s.id and t.begins < coalesce(least(t.ends, s.closes), 'infinity')), '[]'),
  'students', coalesce((
    select jsonb_agg(jsonb_build_object('studentId', e.student_id, 'begins', e.begins, 'ends', least(e.ends, s.closes))
      order by e.student_id, e.begins)
    from section_enrollment e where e.section_id = s.id and e.begins < coalesce(least(e.ends, s.closes), 'infinity')), '[]'),
  'meetings', coalesce((
    select jsonb_agg(jsonb_build_object('periodId', m.period_id, 'periodName', p.name, 'days', m.days,
      'begins', m.begins, 'ends', least(m.ends, s.closes), 'roomName', r.name) order by m.begins, p.sort_order, p.id)
    from (
      select period_id, room_id, begins, ends, coalesce(array_agg(day_label order by day_label) filter (where day_label <> ''), '{}') as days
      from meeting_pattern where section_id = s.id group by period_id, room_id, begins, ends) m
    join period p on p.id = m.period_id left join room r on r.id = m.room_id
    where m.begins < coalesce(least(m.ends, s.closes), 'infinity')), '[]'))`;

/** Tells the present state of sections. They are locked first, so what is told is what was last committed, in that order. */
export async function tellSections({ query, tell }: Transaction, ids: readonly string[]): Promise<void> {
  if (!ids.length) return;
  await query('select from section where id = any($1) order by id for no key update', [ids]);
  const rows = await query<{ id: string; payload: SectionChanged }>(
    `select s.id, ${sectionPayload} as payload from (select *, least(ends, cancelled_on) as closes from section where id = any($1)) s
     order by s.id`,
    [ids],
  );
  await tell(...rows.map(({ id, payload }) => ({ type: 'SectionChanged', aggregate: id, payload })));
}

interface SchoolChanged {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
}

interface EnrollmentsChanged {
  readonly schoolId: string;
  readonly enrollments: readonly object[];
}

interface StudentWithdrawn {
  readonly studentId: string;
  readonly schoolId: string;
  /** The first day on which the student is in none of the school's sections. */
  readonly on: string;
}

/** Keeps what is needed of a school. */
async function hearSchool({ query }: Transaction, { payload }: Event): Promise<void> {
  const { id, name, timeZone } = payload as SchoolChanged;
  await query(
    `insert into school as s (id, name, time_zone) values ($1, $2, $3)
       on conflict (id) do update set name = excluded.name, time_zone = excluded.time_zone
       where (s.name, s.time_zone) is distinct from (excluded.name, excluded.time_zone)`,
    [id, name, timeZone],
  );
}

/** Ends the roster rows of a student who left the school; those that were over by then stay as they are. */
async function hearWithdrawal(tx: Transaction, { payload }: Event): Promise<void> {
  const { studentId, schoolId, on } = payload as StudentWithdrawn;
  const left = await tx.query<{ sectionId: string }>(
    `update section_enrollment e set ends = greatest(e.begins, $3::date) from section s
       where s.id = e.section_id and e.student_id = $1 and e.school_id = $2
         and coalesce(least(e.ends, s.ends, s.cancelled_on), 'infinity') > greatest(e.begins, $3::date)
       returning e.section_id as "sectionId"`,
    [studentId, schoolId, on],
  );
  await tellSections(tx, [...new Set(left.map(({ sectionId }) => sectionId))]);
}

/** Keeps who is enrolled where, so that a student without classes is missed from the minute they enroll. */
async function hearEnrollments({ query }: Transaction, { payload }: Event): Promise<void> {
  const { schoolId, enrollments } = payload as EnrollmentsChanged;
  await query(
    `insert into enrolled_student (id, school_id, student_id, grade_level, is_primary, begins, ends)
       select id, $1, "studentId", "gradeLevel", "primary", begins, ends from jsonb_to_recordset($2)
         as r (id uuid, "studentId" uuid, "gradeLevel" text, "primary" boolean, begins date, ends date)
     on conflict (id) do update set (school_id, student_id, grade_level, is_primary, begins, ends) =
       (excluded.school_id, excluded.student_id, excluded.grade_level, excluded.is_primary, excluded.begins, excluded.ends)`,
    [schoolId, JSON.stringify(enrollments)],
  );
}

/** What this service does when another tells a fact. */
export const listens = { student: { SchoolChanged: hearSchool, EnrollmentsChanged: hearEnrollments, StudentWithdrawn: hearWithdrawal } };
