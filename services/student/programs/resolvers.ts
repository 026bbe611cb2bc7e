import { refuse, type Role } from '@rollbook/school';
import { batch, columnsOf, type Context, type Slice } from '@rollbook/subgraph';
import { aboutStudent, readAboutStudents } from '../people/classrooms.ts';
import type { StudentRow } from '../people/entities.ts';
import { requireOffice } from '../people/office.ts';
import { checkRange } from '../people/rules.ts';
import { todayAt } from '../people/students.ts';
import { Program, ProgramParticipation, type ParticipationRow, type ProgramRow } from './entities.ts';
import type { AddProgramInput, Arguments, EnterProgramInput, ExitProgramInput } from '../schema.types.ts';

const columns = `${columnsOf(ProgramParticipation, 'p')}, s.school_ids as "schoolIds"`;
/** Needs of a student are no business of the clerk's. */
const caseWorkers: readonly Role[] = ['COUNSELOR', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR'];

const programByCode = batch<string, ProgramRow>(
  (codes, { read }) => read('select code, name from program where code = any($1)', [codes]),
  ({ code }) => code,
  String,
  () => true,
);

const participationsOf = batch<string, { studentId: string; rows: ParticipationRow[] }>(
  async (studentIds, context) => {
    const rows = await readAboutStudents<ParticipationRow>(
      context,
      `select ${columns} from program_participation p join student s on s.id = p.student_id
         where p.student_id = any($1) order by p.program_code, p.begins`,
      [studentIds],
    );
    return [...Map.groupBy(rows, (row) => row.studentId)].map(([studentId, rows]) => ({ studentId, rows }));
  },
  ({ studentId }) => studentId,
);

/** The programs that a student is in on a day: from the first minute of the day on which one begins. */
async function programsOn(student: StudentRow, on: string | null | undefined, context: Context): Promise<ParticipationRow[]> {
  const day = on ?? (await todayAt(student.schoolIds[0], context));
  const rows = (await context.load(participationsOf, student.id))?.rows ?? [];
  return rows.filter(({ begins, ends }) => begins <= day && (ends === null || ends > day));
}

async function participationNow(id: string, context: Context): Promise<ParticipationRow> {
  const [row] = await readAboutStudents<ParticipationRow>(
    context,
    `select ${columns} from program_participation p join student s on s.id = p.student_id where p.id = $1`,
    [id],
  );
  return row ?? refuse('NOT_FOUND', `There is no program participation ${id} here.`);
}

/** Who: counselor or principal of a school in which the student is enrolled, or the district. */
async function enterProgram({ reason, ...input }: EnterProgramInput, context: Context): Promise<ParticipationRow> {
  checkRange(input.begins, input.ends);
  const id = await context.write(async (tx) => {
    await requireOffice(input.studentId, context, tx, caseWorkers);
    const row = tx.em.create(ProgramParticipation, input);
    await tx.em.flush();
    return row.id;
  }, reason);
  return participationNow(id, context);
}

/** Who: as enterProgram. On the day it begins: it was entered by mistake, and covers no day. */
async function exitProgram({ participationId, on, reason }: ExitProgramInput, context: Context): Promise<ParticipationRow> {
  await context.write(async (tx) => {
    const [row] = await tx.query<{ studentId: string }>('select student_id as "studentId" from program_participation where id = $1', [
      participationId,
    ]);
    if (!row) refuse('NOT_FOUND', `There is no program participation ${participationId} here.`);
    await requireOffice(row.studentId, context, tx, caseWorkers);
    const ended = await tx.query(
      'update program_participation set ends = $2 where id = $1 and begins <= $2 and (ends is null or ends > $2) returning id',
      [participationId, on],
    );
    if (!ended.length) refuse('NOT_IN_PROGRAM', `On ${on} the student is not in this program.`);
  }, reason);
  return participationNow(participationId, context);
}

async function addProgram(input: AddProgramInput, context: Context): Promise<ProgramRow> {
  return context.write(async ({ em }) => {
    em.create(Program, input);
    await em.flush();
    return input;
  });
}

export const programs: Slice<Arguments> = {
  entities: [Program, ProgramParticipation],
  subjects: { Program: () => ({ schoolIds: null }), ProgramParticipation: aboutStudent },
  refusals: {
    participation_program: ['PROGRAM_UNKNOWN', 'This code is not in the list `programs`.'],
    participation_once: ['IN_PROGRAM_ALREADY', 'On some of these days the student is in this program already.'],
    program_pkey: ['CODE_TAKEN', 'There is a program with this code already.'],
  },
  resolvers: {
    Query: {
      programs: (_, __, { read }) => read('select code, name from program order by code'),
    },
    Mutation: {
      enterProgram: (_, { input }, context) => enterProgram(input, context),
      exitProgram: (_, { input }, context) => exitProgram(input, context),
      addProgram: (_, { input }, context) => addProgram(input, context),
    },
    Student: {
      programs: (student: StudentRow, { on }, context) => programsOn(student, on, context),
    },
    ProgramParticipation: {
      program: (row: ParticipationRow, _, { load }) => load(programByCode, row.programCode),
    },
  },
};
