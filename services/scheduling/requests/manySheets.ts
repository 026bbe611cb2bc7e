import { isUuid, refuse, schoolYearOf, todayIn, type IsoDate, type Refused } from '@rollbook/school';
import type { Context, Transaction } from '@rollbook/subgraph';
import { schoolFor } from '../calendar/schools.ts';
import { checkReason } from '../sections/rules.ts';
import { counselors, overrideOf, wantedFrom } from './counselors.ts';
import type { SheetRow } from './entities.ts';
import { offeringsOf, openSheets, sheetColumns, situationOf, wantedOf, type Offerings, type OpenSheet, type Year } from './facts.ts';
import { checkGrade, checkSheet, gradeLevels, nextCourses, type Wanted } from './rules.ts';
import { keepSheets, planEdits, writeEdits, type Edit, type Plan } from './sheets.ts';
import { writeIf } from './writeIf.ts';
import type { GenerateRequestsInput, MassEditRequestsInput, RequestSheetFilter } from '../schema.types.ts';

interface RequestsEdited {
  readonly students: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly warned: number;
  readonly refused: readonly { readonly studentId: string; readonly code: string; readonly message: string }[];
}

/** Who: counselor or principal of the school, district administrator. */
export async function massEditRequests(input: MassEditRequestsInput, context: Context): Promise<RequestsEdited> {
  const { schoolId, schoolYear, kind, dryRun } = input;
  await schoolFor(context, schoolId, counselors);
  const why = checkReason(input.reason);
  const override = overrideOf(context, schoolId, input.override);
  if ((kind === 'REPLACE') !== (input.replacedCourseId != null))
    refuse('BAD_USER_INPUT', '"replacedCourseId" is named with REPLACE, and only with it.', { argument: 'replacedCourseId' });
  return context.write(async (tx) => {
    const year = { schoolId, schoolYear };
    const offerings = await offeringsOf(tx.query, year);
    checkSheet([wantedFrom(input)], offerings);
    if (input.replacedCourseId && !offerings.courses.has(input.replacedCourseId))
      refuse('COURSE_UNKNOWN', `There is no course ${input.replacedCourseId} at this school.`);
    const sheets = await openSheets(tx.query, await sheetsFor(tx, year, input.filter));
    const edits = sheets.map((sheet) => ({ sheet, wanted: editedBy(wantedOf(sheet.requests), input) }));
    const plan = await planEdits(edits, offerings, override !== null);
    if (!dryRun && plan.changed.length) await writeEdits(tx, plan.changed, 'MASS_EDIT');
    return told(plan);
  }, override ?? why);
}

/** A sheet after the edit; what it does not concern is as before. */
function editedBy(present: readonly Wanted[], input: MassEditRequestsInput): readonly Wanted[] {
  const { kind, courseId, replacedCourseId, priority, alternateIds } = input;
  const asked = present.some((wanted) => wanted.courseId === courseId);
  if (kind === 'WITHDRAW') return present.filter((wanted) => wanted.courseId !== courseId);
  if (kind === 'ADD') return asked ? present : [...present, wantedFrom(input)];
  if (asked) return present.filter((wanted) => wanted.courseId !== replacedCourseId);
  return present.map((wanted) =>
    wanted.courseId === replacedCourseId
      ? {
          courseId,
          priority: priority ?? wanted.priority,
          alternates: alternateIds ?? wanted.alternates.filter((id) => id !== courseId),
        }
      : wanted,
  );
}

/** The sheets that a filter finds, locked. An id in it that is none finds nothing. */
async function sheetsFor({ query }: Transaction, { schoolId, schoolYear }: Year, filter: RequestSheetFilter): Promise<SheetRow[]> {
  const { gradeLevel = null, program = null, team = null, requestingCourseId = null, studentIds = null } = filter;
  if (requestingCourseId !== null && !isUuid(requestingCourseId))
    refuse('COURSE_UNKNOWN', `There is no course ${requestingCourseId} at this school.`);
  const unknown = studentIds?.find((id) => !isUuid(id));
  if (unknown !== undefined) refuse('STUDENT_UNKNOWN', `"${unknown}" is the id of no student.`);
  return query(
    `select ${sheetColumns} from request_sheet s where s.school_id = $1 and s.school_year = $2
       and ($3::text is null or s.grade_level = $3) and ($4::text is null or $4 = any (s.programs)) and ($5::text is null or s.team = $5)
       and ($6::uuid is null or exists (
         select from course_request r where r.sheet_id = s.id and r.course_id = $6 and r.status = 'REQUESTED'))
       and ($7::uuid[] is null or s.student_id = any ($7))
     order by s.student_id for no key update of s`,
    [schoolId, schoolYear, gradeLevel, program, team, requestingCourseId, studentIds],
  );
}

/** Who: as for massEditRequests. */
export async function generateRequests(input: GenerateRequestsInput, context: Context): Promise<RequestsEdited> {
  const { schoolId, schoolYear, gradeLevel, template, dryRun } = input;
  const school = await schoolFor(context, schoolId, counselors);
  checkGrade(gradeLevel);
  const year = { schoolId, schoolYear };
  const fill = async (tx: Transaction) => {
    const offerings = await offeringsOf(tx.query, year);
    const wanted = template?.filter((each) => each !== null).map(wantedFrom) ?? null;
    if (wanted) checkSheet(wanted, offerings);
    await openSheetsOfGrade(tx, year, gradeLevel, todayIn(school.timeZone, context.now()));
    const sheets = await openSheets(tx.query, await sheetsFor(tx, year, { gradeLevel }));
    const plan = await planEdits(
      sheets.map((sheet) => filled(sheet, wanted, offerings)),
      offerings,
      false,
    );
    if (plan.changed.length) await writeEdits(tx, plan.changed, 'GENERATED');
    return told(plan);
  };
  return writeIf(context, () => !dryRun, fill, 'generated');
}

/** Whoever is enrolled here and will be in the grade has a sheet from now on. Who comes from another school is told by an import or a verb. */
async function openSheetsOfGrade(tx: Transaction, year: Year, gradeLevel: string, today: IsoDate): Promise<void> {
  const ahead = year.schoolYear - schoolYearOf(today);
  const gradeNow = gradeLevels[gradeLevels.indexOf(gradeLevel) - ahead];
  if (ahead < 0 || gradeNow === undefined) return;
  const students = await tx.query<{ studentId: string }>(
    `select distinct e.student_id as "studentId" from enrolled_student e
     where e.school_id = $1 and e.grade_level = $2 and e.begins <= $3 and (e.ends is null or e.ends > $3)
       and not exists (select from request_sheet s where s.school_id = $1 and s.student_id = e.student_id and s.school_year = $4)`,
    [year.schoolId, gradeNow, today, year.schoolYear],
  );
  if (students.length) await keepSheets(tx, year, students.map(({ studentId }) => ({ studentId, gradeLevel }))); // prettier-ignore
}

/** A sheet with what the template, or else its student's plan, adds to it. */
function filled(sheet: OpenSheet, template: readonly Wanted[] | null, offerings: Offerings): Edit {
  const present = wantedOf(sheet.requests);
  const situation = situationOf(sheet, offerings);
  const isNeeded = ({ courseId }: Wanted) => {
    const course = offerings.courses.get(courseId)!;
    const passed = sheet.taken.some((taken) => taken.passed && (taken.courseId === courseId || taken.courseNumber === course.number));
    return !present.some((each) => each.courseId === courseId) && (course.repeatable || !passed);
  };
  return { sheet, wanted: [...present, ...(template ? template.filter(isNeeded) : nextCourses(present, situation))] };
}

function told({ changed, unchanged, refused, warned }: Plan): RequestsEdited {
  return {
    students: changed.length + unchanged.length + refused.length,
    changed: changed.length,
    unchanged: unchanged.length,
    warned,
    refused: refused.map(({ edit, refusal }: { edit: Edit; refusal: Refused }) => ({
      studentId: edit.sheet.row.studentId,
      code: refusal.code,
      message: refusal.message,
    })),
  };
}
