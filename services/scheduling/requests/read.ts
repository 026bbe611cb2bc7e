import { mayRead, schoolYearOf, todayIn, type Subject } from '@rollbook/school';
import { columnsOf, connectionOf, pageArguments, type Connection, type Context } from '@rollbook/subgraph';
import { schoolById } from '../calendar/schools.ts';
import { batchOfLists, loadList } from '../lists.ts';
import { studentById, type StudentRow } from '../rosters/rosters.ts';
import { GraduationPlan, TeachingCapacity, type CapacityRow, type PlanRow, type RequestRow, type SheetRow } from './entities.ts';
import { offeringsOf, openSheets, requestColumns, sheetColumns, situationOf, wantedOf, type Offerings, type OpenSheet } from './facts.ts';
import { creditsOf, warningsOf, type SubjectCredits, type Warning } from './rules.ts';
import type { QueryCourseRequestsArguments, QueryStudentsToReviewArguments } from '../schema.types.ts';

/** Whom a sheet or a request is about. Teachers are named where they may ask: those who teach the student now. */
export const aboutStudent = ({ schoolId, studentId, teacherIds = [] }: SheetRow | RequestRow): Subject => ({
  schoolIds: [schoolId],
  studentId,
  teacherIds,
});

/** The school year that a question is about: the one after that of today, unless another is named. */
export async function yearAsked(schoolYear: number | null | undefined, schoolId: string | null, { load, now }: Context): Promise<number> {
  if (schoolYear != null) return schoolYear;
  const school = schoolId ? await load(schoolById, schoolId) : null;
  return schoolYearOf(todayIn(school?.timeZone ?? 'UTC', now())) + 1;
}

/** Requests of a school by student and place. */
export async function listRequests(
  { schoolId, schoolYear, filter, ...page }: QueryCourseRequestsArguments,
  context: Context,
): Promise<Connection<RequestRow>> {
  const { after, limit } = pageArguments(page, ['uuid', 'integer', 'uuid']);
  const { courseId = null, studentId = null, gradeLevel = null, priority = null } = filter ?? {};
  const rows = await context.read<RequestRow>(
    `select ${requestColumns} from course_request r join request_sheet s on s.id = r.sheet_id
     where r.school_id = $1 and r.school_year = $2 and r.status = 'REQUESTED'
       and ($3::text is null or r.course_id::text = $3) and ($4::text is null or r.student_id::text = $4)
       and ($5::text is null or s.grade_level = $5) and ($6::int is null or r.priority = $6)
       and ($7::text[] is null or (r.student_id, r.place, r.id) > ($7[1]::uuid, $7[2]::int, $7[3]::uuid))
     order by r.student_id, r.place, r.id limit $8`,
    [schoolId, await yearAsked(schoolYear, schoolId, context), courseId, studentId, gradeLevel, priority, after, limit],
  );
  return connectionOf(rows, limit, ({ studentId, place, id }) => [studentId, String(place), id]);
}

interface StudentYear {
  readonly studentId: string;
  readonly schoolYear: number;
}

const asText = ({ studentId, schoolYear }: StudentYear) => `${studentId} ${schoolYear}`;
const keyOf = ({ studentId, schoolYear }: StudentYear) => ({ studentId, schoolYear });
const asked = (keys: readonly StudentYear[]) => [keys.map((key) => key.studentId), keys.map((key) => key.schoolYear)];

const requestsOfStudent = batchOfLists<StudentYear, RequestRow>(
  (keys, { read }) =>
    read(
      `select ${requestColumns} from unnest($1::uuid[], $2::int[]) as k (student_id, school_year)
       join course_request r on r.student_id = k.student_id and r.school_year = k.school_year and r.status = 'REQUESTED'
       order by r.school_id, r.place, r.id`,
      asked(keys),
    ),
  keyOf,
  asText,
);

const sheetsOfStudent = batchOfLists<StudentYear, SheetRow>(
  (keys, { read }) =>
    read(
      `select ${sheetColumns} from unnest($1::uuid[], $2::int[]) as k (student_id, school_year)
       join request_sheet s on s.student_id = k.student_id and s.school_year = k.school_year order by s.school_id`,
      asked(keys),
    ),
  keyOf,
  asText,
);

/** What is there of a student for whoever may read it: the office of the school that keeps it, who teaches them, their family. */
async function readableOf<Row extends SheetRow | RequestRow>(
  lists: Parameters<typeof loadList<StudentYear, Row>>[1],
  { id }: StudentRow,
  schoolYear: number | null | undefined,
  context: Context,
): Promise<Row[]> {
  // By who teaches them now, also when the student was reached by an earlier day's roster.
  const { teacherIds = [] } = (await context.load(studentById, id)) ?? {};
  const rows = await loadList(context, lists, { studentId: id, schoolYear: await yearAsked(schoolYear, null, context) });
  return rows.map((row) => ({ ...row, teacherIds })).filter((row) => mayRead(context.viewer, 'ROSTER', aboutStudent(row)));
}

export const requestsFor = (student: StudentRow, schoolYear: number | null | undefined, context: Context) =>
  readableOf<RequestRow>(requestsOfStudent, student, schoolYear, context);

export const sheetsFor = (student: StudentRow, schoolYear: number | null | undefined, context: Context) =>
  readableOf<SheetRow>(sheetsOfStudent, student, schoolYear, context);

interface Reviewed {
  readonly sheetId: string;
  readonly sheet: OpenSheet;
  readonly warnings: readonly Warning[];
  readonly credits: readonly SubjectCredits[];
}

/** What is to be said of sheets; schools and years are looked up once each. */
async function review(rows: readonly SheetRow[], context: Context): Promise<Reviewed[]> {
  const query: Context['read'] = (sql, params) => context.read(sql, params);
  const offerings = new Map<string, Offerings>();
  for (const { schoolId, schoolYear } of rows) {
    const key = `${schoolId} ${schoolYear}`;
    if (!offerings.has(key)) offerings.set(key, await offeringsOf(query, { schoolId, schoolYear }));
  }
  return (await openSheets(query, rows)).map((sheet) => {
    const situation = situationOf(sheet, offerings.get(`${sheet.row.schoolId} ${sheet.row.schoolYear}`)!);
    const wanted = wantedOf(sheet.requests);
    return { sheetId: sheet.row.id, sheet, warnings: warningsOf(wanted, situation), credits: creditsOf(wanted, situation) };
  });
}

const reviewOfSheet = batchOfLists<string, Reviewed>(
  async (ids, context) => {
    const rows = await context.read<SheetRow>(`select ${sheetColumns} from request_sheet s where s.id = any($1)`, [ids]);
    return review(rows, context);
  },
  ({ sheetId }) => sheetId,
);

/** A sheet with what is to be said of it. */
export async function reviewedSheet({ id, teacherIds }: SheetRow, context: Context) {
  const [reviewed] = await loadList(context, reviewOfSheet, id);
  const requests = reviewed!.sheet.requests.map((request) => (teacherIds ? { ...request, teacherIds } : request));
  return { ...reviewed!, requests };
}

const sheetsAtOnce = 200;

/** Sheets with warnings, in the order of their students: read by the hundreds until the page is full. */
export async function listToReview(
  { schoolId, schoolYear, codes, ...page }: QueryStudentsToReviewArguments,
  context: Context,
): Promise<Connection<SheetRow>> {
  const { after, limit } = pageArguments(page, ['uuid']);
  const year = await yearAsked(schoolYear, schoolId, context);
  const found: SheetRow[] = [];
  for (let last: string | null = after?.[0] ?? null, more = true; more && found.length < limit;) {
    const rows: SheetRow[] = await context.read<SheetRow>(
      `select ${sheetColumns} from request_sheet s where s.school_id = $1 and s.school_year = $2 and ($3::uuid is null or s.student_id > $3)
       order by s.student_id limit $4`,
      [schoolId, year, last, sheetsAtOnce],
    );
    for (const { sheet, warnings } of await review(rows, context))
      if (warnings.some(({ code }) => !codes || codes.includes(code))) found.push(sheet.row);
    last = rows.at(-1)?.studentId ?? null;
    more = rows.length === sheetsAtOnce;
  }
  return connectionOf(found.slice(0, limit), limit, ({ studentId }) => [studentId]);
}

/** A line of the tally as it is read; see CourseTally. */
export interface Tally {
  readonly schoolId: string;
  readonly courseId: string;
  readonly requests: number;
  readonly required: number;
  readonly chosen: number;
  readonly wished: number;
  readonly asAlternate: number;
  readonly byGrade: readonly { readonly gradeLevel: string | null; readonly requests: number }[];
  readonly sections: number;
  readonly seats: number | null;
}

/** Counted from the rows as they are now. */
export async function tally(schoolId: string, schoolYear: number, { read }: Context): Promise<Tally[]> {
  return read<Tally>(
    `with asked as (
       select r.course_id, s.grade_level, r.priority, count(*)::int as n
       from course_request r join request_sheet s on s.id = r.sheet_id
       where r.school_id = $1 and r.school_year = $2 and r.status = 'REQUESTED' group by 1, 2, 3
     ), grades as (
       select course_id, grade_level, sum(n)::int as n from asked group by 1, 2
     ), instead as (
       select a as course_id, count(*)::int as n from course_request r cross join unnest(r.alternates) as a
       where r.school_id = $1 and r.school_year = $2 and r.status = 'REQUESTED' group by 1
     ), there as (
       select e.course_id, count(*)::int as sections,
         case when bool_or(e.seat_limit is null) then null else sum(e.seat_limit)::int end as seats
       from section e
       where e.school_id = $1 and e.cancelled_on is null
         and exists (select from academic_session a where a.id = any (e.session_ids) and a.school_year = $2)
       group by 1
     )
     select $1::uuid as "schoolId", c.id as "courseId",
       coalesce((select sum(n) from asked where course_id = c.id), 0)::int as requests,
       coalesce((select sum(n) from asked where course_id = c.id and priority = 1), 0)::int as required,
       coalesce((select sum(n) from asked where course_id = c.id and priority = 2), 0)::int as chosen,
       coalesce((select sum(n) from asked where course_id = c.id and priority = 3), 0)::int as wished,
       coalesce(i.n, 0) as "asAlternate",
       coalesce((select jsonb_agg(jsonb_build_object('gradeLevel', grade_level, 'requests', n) order by grade_level)
         from grades where course_id = c.id), '[]') as "byGrade",
       coalesce(t.sections, 0) as sections, case when t.course_id is null then 0 else t.seats end as seats
     from course c left join instead i on i.course_id = c.id left join there t on t.course_id = c.id
     where c.id in (select course_id from asked) or i.course_id is not null
     order by c.title, c.id`,
    [schoolId, schoolYear],
  );
}

export const plansOf = (schoolId: string, { read }: Context) =>
  read<PlanRow>(`select ${columnsOf(GraduationPlan, 'p')} from graduation_plan p where p.school_id = $1 order by p.name`, [schoolId]);

export const planById = batchOfLists<string, PlanRow>(
  (ids, { read }) => read(`select ${columnsOf(GraduationPlan, 'p')} from graduation_plan p where p.id = any($1)`, [ids]),
  ({ id }) => id,
);

export const capacitiesOf = (schoolId: string, schoolYear: number, { read }: Context) =>
  read<CapacityRow>(
    `select ${columnsOf(TeachingCapacity, 'c')} from teaching_capacity c where c.school_id = $1 and c.school_year = $2 order by c.staff_id`,
    [schoolId, schoolYear],
  );
