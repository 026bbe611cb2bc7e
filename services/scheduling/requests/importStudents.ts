import type { Transaction } from '@rollbook/subgraph';
import { fault, type Fault, type ScheduleRow } from './csv.ts';
import { offeringsOf, openSheets, sheetColumns, wantedOf as wantedOnSheet } from './facts.ts';
import { courseNumbered, coursesByNumber, judge, personId, refuseCell, settle, type Applied, type Place } from './importing.ts';
import { checkGrade, type Wanted } from './rules.ts';
import { keepSheets, letOthersIn, planEdits, writeEdits, type Edit, type SheetFacts } from './sheets.ts';
import type { SheetRow } from './entities.ts';

/** The students' sheets, without what is asked for. An empty cell leaves what is there. */
export async function keepStudents(tx: Transaction, place: Place, rows: readonly ScheduleRow[]): Promise<Applied> {
  const { schoolId, schoolYear } = place;
  const plans = await tx.query<{ id: string; name: string }>('select id, name from graduation_plan where school_id = $1', [schoolId]);
  const there = await tx.query<SheetRow>(`select ${sheetColumns} from request_sheet s where s.school_id = $1 and s.school_year = $2`, [
    schoolId,
    schoolYear,
  ]);
  const factsOf = ({ studentId, gradeLevel, programs, team, track, planId }: SheetRow) => ({
    studentId,
    gradeLevel,
    programs,
    team,
    track,
    planId,
  });
  const present = new Map(there.map((sheet) => [sheet.studentId, factsOf(sheet)]));
  const wantedOf = (row: ScheduleRow): Required<SheetFacts> => {
    const studentId = personId(place, row.text('student')!);
    const before = present.get(studentId);
    const plan = row.text('plan');
    const named = plans.find(({ name }) => name === plan);
    if (plan && !named) refuseCell('plan', 'PLAN_UNKNOWN', `The school has no graduation plan "${plan}".`);
    checkGrade(row.text('grade'));
    return {
      studentId,
      gradeLevel: row.text('grade') ?? before?.gradeLevel ?? null,
      programs: row.text('programs') === null ? (before?.programs ?? []) : row.list('programs'),
      team: row.text('team') ?? before?.team ?? null,
      track: row.text('track') ?? before?.track ?? null,
      planId: named?.id ?? before?.planId ?? null,
    };
  };
  const { judged, faults } = judge(rows, wantedOf, ({ studentId }) => studentId);
  const { kept, changed } = settle<SheetFacts>(judged, present);
  if (changed.length) await keepSheets(tx, place, changed);
  return { kept, faults };
}

/** What students took. A course that is not in the catalog counts by its number. */
export async function keepHistory(tx: Transaction, place: Place, rows: readonly ScheduleRow[]): Promise<Applied> {
  const courses = await coursesByNumber(tx, place);
  const wantedOf = (row: ScheduleRow) => {
    const courseNumber = row.text('course')!;
    const known = courses.get(courseNumber) ?? [];
    const schoolYear = row.number('school_year')!;
    if (schoolYear < 1900 || schoolYear > 2200) refuseCell('school_year', 'SCHOOL_YEAR_INVALID', `${schoolYear} is no school year.`);
    const passed = row.flag('passed');
    return {
      ...{ studentId: personId(place, row.text('student')!), schoolYear, term: row.text('term') ?? '', courseNumber },
      ...{ courseId: known.length === 1 ? known[0]!.id : null, mark: row.text('mark'), passed },
      credits: row.number('credits')?.toFixed(3) ?? (passed && known.length === 1 ? (known[0]!.credits ?? '0.000') : '0.000'),
    };
  };
  const keyOf = ({ studentId, schoolYear, term, courseNumber }: ReturnType<typeof wantedOf>) =>
    JSON.stringify([studentId, schoolYear, term, courseNumber]);
  const { judged, faults } = judge(rows, wantedOf, keyOf);
  const there = await tx.query<ReturnType<typeof wantedOf>>(
    `select student_id as "studentId", school_year as "schoolYear", term, course_number as "courseNumber", course_id as "courseId", mark,
       passed, credits
     from course_history where school_id = $1 and student_id = any($2)`,
    [place.schoolId, judged.map(({ wanted }) => wanted.studentId)],
  );
  const { kept, changed } = settle(judged, new Map(there.map((row) => [keyOf(row), row])));
  await tx.query(
    `insert into course_history (school_id, student_id, school_year, term, course_number, course_id, mark, passed, credits)
       select $1, w."studentId", w."schoolYear", w.term, w."courseNumber", w."courseId", w.mark, w.passed, w.credits
       from jsonb_to_recordset($2) as w ("studentId" uuid, "schoolYear" int, term text, "courseNumber" text, "courseId" uuid, mark text,
         passed boolean, credits numeric)
     on conflict on constraint history_once do update set
       (course_id, mark, passed, credits) = (excluded.course_id, excluded.mark, excluded.passed, excluded.credits)`,
    [place.schoolId, JSON.stringify(changed)],
  );
  return { kept, faults };
}

/** A row adds a request to a student's sheet, or changes the one for its course; what the file does not name stays. */
export async function keepRequests(tx: Transaction, place: Place, rows: readonly ScheduleRow[]): Promise<Applied> {
  const courses = await coursesByNumber(tx, place);
  const wantedOf = (row: ScheduleRow) => ({
    studentId: personId(place, row.text('student')!),
    courseId: courseNumbered(courses, 'course', row.text('course')!).id,
    priority: row.number('priority') ?? 2,
    alternates: row.list('alternates').map((number) => courseNumbered(courses, 'alternates', number).id),
  });
  const { judged, faults } = judge(rows, wantedOf, ({ studentId, courseId }) => `${studentId} ${courseId}`);
  const students = [...new Set(judged.map(({ wanted }) => wanted.studentId))];
  const sheets = await openSheets(tx.query, await keepSheets(tx, place, students.map((studentId) => ({ studentId })))); // prettier-ignore
  const offerings = await offeringsOf(tx.query, place);
  const rowsOf = Map.groupBy(judged, ({ wanted }) => wanted.studentId);
  const kept: { line: number; changed: boolean }[] = [];
  const edits: Edit[] = [];
  for (const [n, sheet] of sheets.entries()) {
    await letOthersIn(n);
    let wanted: readonly Wanted[] = wantedOnSheet(sheet.requests);
    for (const { line, wanted: row } of rowsOf.get(sheet.row.studentId)!) {
      const next = withRow(wanted, row);
      const { refused } = await planEdits([{ sheet, wanted: next }], offerings, false);
      const changed = JSON.stringify(next) !== JSON.stringify(wanted);
      if (refused[0]) faults.push(faultOf(line, refused[0].refusal));
      else kept.push({ line, changed });
      if (!refused[0]) wanted = next;
    }
    edits.push({ sheet, wanted });
  }
  const { changed } = await planEdits(edits, offerings, false);
  if (changed.length) await writeEdits(tx, changed, 'IMPORTED');
  return { kept, faults };
}

function withRow(present: readonly Wanted[], { courseId, priority, alternates }: Wanted): readonly Wanted[] {
  const wanted = { courseId, priority, alternates };
  return present.some((each) => each.courseId === courseId)
    ? present.map((each) => (each.courseId === courseId ? wanted : each))
    : [...present, wanted];
}

function faultOf(line: number, { code, message }: { readonly code: string; readonly message: string }): Fault {
  const columns: Readonly<Record<string, string>> = {
    PRIORITY_INVALID: 'priority',
    ALTERNATE_REPEATED: 'alternates',
    ALTERNATES_CIRCLE: 'alternates',
  };
  return fault(line, columns[code] ?? 'course', code, message);
}
