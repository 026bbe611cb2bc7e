import { holds, todayIn, type Viewer } from '@rollbook/school';
import { batch, columnsOf, connectionOf, pageArguments, type Context, type Slice } from '@rollbook/subgraph';
import { RollEntry, type EntryRow } from '../rolls/entities.ts';
import { stateOf } from '../rolls/rules.ts';
import type { SchoolRow, SectionRow } from '../rosters/entities.ts';
import { schoolById, sectionById, sectionOnly, type StudentRow } from '../rosters/resolvers.ts';
import { maySeeClass, schoolWideRoles } from '../rosters/rules.ts';
import { checkRange, dayState } from './rules.ts';
import type { Arguments, SchoolMissingRollsArguments, SectionMissingRollsArguments, StudentAttendanceArguments } from '../schema.types.ts';

interface MissingRow {
  readonly sectionId: string;
  readonly date: string;
  readonly periodId: string | null;
  readonly periodName: string | null;
  readonly teacherIds: readonly string[];
}

const missingColumns = `m.section_id as "sectionId", m.date, m.period_id as "periodId", m.period_name as "periodName",
  teachers_on(s, m.date) as "teacherIds"`;

async function missingInSchool(school: SchoolRow, { date, ...page }: SchoolMissingRollsArguments, { viewer, now, read }: Context) {
  const { after, limit } = pageArguments(page, ['text', 'uuid', 'uuid or none']);
  const today = todayIn(school.timeZone, now());
  const seesAll = holds(viewer, schoolWideRoles, school.id);
  const rows = await read<MissingRow>(
    `select ${missingColumns} from missing_rolls($1, $2, least($2::date, $3::date)) m join section_roster s using (section_id)
     where ($4::uuid is null or $4 = any(teachers_on(s, m.date)))
       and ($5::text[] is null
         or (coalesce(m.period_name, ''), m.section_id, coalesce(m.period_id::text, '')) > ($5[1], $5[2]::uuid, $5[3]))
     order by coalesce(m.period_name, ''), m.section_id, coalesce(m.period_id::text, '') limit $6`,
    [school.id, date ?? today, today, seesAll ? null : viewer.subject, after, limit],
  );
  return connectionOf(rows, limit, (row) => [row.periodName ?? '', row.sectionId, row.periodId ?? '']);
}

async function missingInSection(section: SectionRow, { from, to }: SectionMissingRollsArguments, context: Context): Promise<MissingRow[]> {
  checkRange(from, to);
  const rows = await context.read<MissingRow>(
    `select ${missingColumns} from missing_rolls($2, $3, least($4::date, school_today($2, $5)), $1) m join section_roster s using (section_id)
     order by m.date, coalesce(m.period_name, '')`,
    [section.id, section.schoolId, from, to, context.now()],
  );
  return rows.filter((row) => maySeeClass(context.viewer, section, row.date));
}

interface RangeKey {
  readonly studentId: string;
  readonly from: string;
  readonly to: string;
}

/** A meeting a student was expected in, or is named on the roll of; teachers only where the viewer may see the roster. */
type MeetingRow = (
  EntryRow | (Pick<EntryRow, 'studentId' | 'sectionId' | 'schoolId' | 'date'> & { periodId: string | null; takenState?: never })
) & {
  readonly teacherIds: readonly string[] | null;
};
const rangeText = ({ studentId, from, to }: RangeKey) => `${studentId} ${from} ${to}`;

const meetingsOfStudent = batch<RangeKey, RangeKey & { said: MeetingRow[]; expected: MeetingRow[] }>(
  async (keys, { read, now }) => {
    const ranges = [keys.map((key) => key.studentId), keys.map((key) => key.from), keys.map((key) => key.to)];
    const [said, expected] = await Promise.all([
      read<MeetingRow & { key: number }>(
        `select k.n::integer as key, ${columnsOf(RollEntry, 'e')}, teachers_on(s, e.date) as "teacherIds"
         from unnest($1::uuid[], $2::date[], $3::date[]) with ordinality k (student_id, begins, until, n)
           join roll_entry e on e.student_id = k.student_id and e.date between k.begins and k.until
           left join section_roster s on s.section_id = e.section_id`,
        ranges,
      ),
      read<MeetingRow & { key: number }>(
        `select k.n::integer as key, k.student_id as "studentId", m.section_id as "sectionId", m.school_id as "schoolId", m.date,
           m.period_id as "periodId", teachers_on(s, m.date) as "teacherIds"
         from unnest($1::uuid[], $2::date[], $3::date[]) with ordinality k (student_id, begins, until, n)
           cross join lateral expected_meetings(k.student_id, k.begins, k.until) m
           left join section_roster s on s.section_id = m.section_id
         where m.date <= school_today(m.school_id, $4)`,
        [...ranges, now()],
      ),
    ]);
    return keys.map((key, i) => ({
      ...key,
      said: said.filter((row) => row.key === i + 1),
      expected: expected.filter((row) => row.key === i + 1),
    }));
  },
  (key) => key,
  rangeText,
);

const percentOf = batch<string, { schoolId: string; absentFromPercent: number }>(
  (ids, { read }) =>
    read('select s.id as "schoolId", (rule_of(s.id)).absent_from_percent as "absentFromPercent" from unnest($1::uuid[]) s (id)', [ids]),
  (rule) => rule.schoolId,
);

/** Does the viewer see the student's whole day at this school, and not only the sections they teach? */
function seesWholeDay(viewer: Viewer, studentId: string, schoolId: string): boolean {
  return viewer.students.includes(studentId) || holds(viewer, schoolWideRoles, schoolId);
}

async function attendanceOfStudent(student: StudentRow, { from, to }: StudentAttendanceArguments, context: Context) {
  checkRange(from, to);
  const { viewer, load } = context;
  const { said, expected } = (await load(meetingsOfStudent, { studentId: student.id, from, to }))!;
  const missing = expected.filter(
    (meeting) =>
      !said.some(
        (entry) =>
          entry.sectionId === meeting.sectionId &&
          entry.date === meeting.date &&
          (meeting.periodId === null || entry.periodId === meeting.periodId),
      ),
  );
  const visible = [...said, ...missing].filter(
    (row) => seesWholeDay(viewer, student.id, row.schoolId) || row.teacherIds?.includes(viewer.subject),
  );
  const days = [...Map.groupBy(visible, (row) => `${row.date} ${row.schoolId}`).entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  return Promise.all(
    days.map(async ([, rows]) => {
      const { date, schoolId } = rows[0]!;
      const periods = rows.map((row) => ({ ...row, attendance: stateOf(row.takenState === undefined ? undefined : row) }));
      const { absentFromPercent } = (await load(percentOf, schoolId))!;
      const states = periods.map((period) => period.attendance.state);
      return { date, schoolId, periods, state: seesWholeDay(viewer, student.id, schoolId) ? dayState(states, absentFromPercent) : null };
    }),
  );
}

const periodOf = ({ periodId }: { periodId: string | null }) => periodId && { id: periodId };

export const days: Slice<Arguments> = {
  entities: [],
  resolvers: {
    School: { missingRolls: missingInSchool },
    Section: { missingRolls: missingInSection },
    Student: { attendance: attendanceOfStudent },
    MissingRoll: {
      section: (row: MissingRow, _, { load }) => load(sectionById, row.sectionId),
      period: periodOf,
      teachers: (row: MissingRow) => row.teacherIds.map((id) => ({ id })),
    },
    AttendanceDay: { school: (day: { schoolId: string }, _, { load }) => load(schoolById, day.schoolId) },
    PeriodAttendance: {
      section: async ({ sectionId, schoolId }: MeetingRow, _, { load }) =>
        (await load(sectionById, sectionId)) ?? sectionOnly(sectionId, schoolId),
      period: periodOf,
    },
  },
};
