import { refuse } from '@rollbook/school';
import { batch, columnsOf, type Context, type Transaction } from '@rollbook/subgraph';
import { readAboutStudents } from './classrooms.ts';
import { Household, type AboutStudent, type StudentRow } from './entities.ts';
import { requireOffice } from './office.ts';
import { todayAt } from './students.ts';
import type { AddHouseholdInput, MoveStudentInput } from '../schema.types.ts';

/** A household as one student's: the address, and since when and until when the student lives there. */
export interface HouseholdRow extends AboutStudent {
  readonly id: string;
  readonly begins: string;
  readonly ends: string | null;
}

const columns = `${columnsOf(Household, 'h')}, r.student_id as "studentId", s.school_ids as "schoolIds", r.begins, r.ends`;
const lived = 'residence r join household h on h.id = r.household_id join student s on s.id = r.student_id';

const householdsOf = batch<string, { studentId: string; rows: HouseholdRow[] }>(
  async (studentIds, context) => {
    const rows = await readAboutStudents<HouseholdRow>(
      context,
      `select ${columns} from ${lived} where r.student_id = any($1) order by r.begins, r.id`,
      [studentIds],
    );
    return [...Map.groupBy(rows, (row) => row.studentId)].map(([studentId, rows]) => ({ studentId, rows }));
  },
  ({ studentId }) => studentId,
);

/** Where a student lives on a day; today, if none is named. */
export async function householdsOn(student: StudentRow, on: string | null | undefined, context: Context): Promise<HouseholdRow[]> {
  const day = on ?? (await todayAt(student.schoolIds[0], context));
  const rows = (await context.load(householdsOf, student.id))?.rows ?? [];
  return rows.filter(({ begins, ends }) => begins <= day && (ends === null || ends > day));
}

async function householdNow(studentId: string, id: string, context: Context): Promise<HouseholdRow> {
  const [row] = await readAboutStudents<HouseholdRow>(
    context,
    `select ${columns} from ${lived} where r.student_id = $1 and h.id = $2 order by r.begins desc limit 1`,
    [studentId, id],
  );
  return row ?? refuse('NOT_FOUND', `Student ${studentId} does not live in household ${id}.`);
}

/** Who: the office of each student's school. Answers the household as the first student's. */
export async function addHousehold({ studentIds, begins, ...address }: AddHouseholdInput, context: Context): Promise<HouseholdRow> {
  if (!studentIds.length) refuse('BAD_USER_INPUT', 'A household is somebody\'s: name at least one student.'); // prettier-ignore
  const id = await context.write(async (tx) => {
    for (const studentId of studentIds) await requireOffice(studentId, context, tx);
    const [{ id }] = (await tx.query<{ id: string }>('select uuidv7() as id')) as [{ id: string }];
    // The residences first: they are what lets the office write, and see, the household.
    await tx.query('insert into residence (student_id, household_id, begins) select unnest($2::uuid[]), $1, $3', [id, studentIds, begins]);
    tx.em.create(Household, { id, ...address });
    await tx.em.flush();
    return id;
  });
  return householdNow(studentIds[0]!, id, context);
}

/** Who: the office of the student's school. Out of one household, into another that is known, or both. */
export async function moveStudent({ studentId, fromHouseholdId, toHouseholdId, on }: MoveStudentInput, context: Context): Promise<void> {
  if (fromHouseholdId == null && toHouseholdId == null)
    refuse('BAD_USER_INPUT', 'Name the household the student leaves, the one they move to, or both.');
  await context.write(async (tx) => {
    await requireOffice(studentId, context, tx);
    if (fromHouseholdId != null) await leave(studentId, fromHouseholdId, on, tx);
    if (toHouseholdId == null) return;
    const known = await tx.query('select 1 from household where id = $1', [toHouseholdId]);
    if (!known.length) refuse('NOT_FOUND', `There is no household ${toHouseholdId} here; add it instead.`);
    await tx.query('insert into residence (student_id, household_id, begins) values ($1, $2, $3)', [studentId, toHouseholdId, on]);
  });
}

async function leave(studentId: string, householdId: string, on: string, { query }: Transaction): Promise<void> {
  const left = await query(
    `update residence set ends = $3 where student_id = $1 and household_id = $2 and begins < $3 and (ends is null or ends > $3) returning id`,
    [studentId, householdId, on],
  );
  if (!left.length) refuse('NOT_FOUND', `Student ${studentId} does not live in household ${householdId} before ${on}.`);
}
