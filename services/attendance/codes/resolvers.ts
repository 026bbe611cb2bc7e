import { isUuid, refuse, todayIn } from '@rollbook/school';
import { batch, columnsOf, type Context, type Slice } from '@rollbook/subgraph';
import type { SchoolRow } from '../rosters/entities.ts';
import { schoolById } from '../rosters/resolvers.ts';
import { AttendanceCode, AttendanceRule, type CodeRow, type RuleRow } from './entities.ts';
import { checkCode, checkMaySet, checkRules } from './rules.ts';
import type {
  AddAttendanceCodeInput,
  Arguments,
  ChangeAttendanceRulesInput,
  EndAttendanceCodeInput,
  QueryAttendanceCodesArguments,
} from '../schema.types.ts';

const codeColumns = columnsOf(AttendanceCode, 'c');
const codeById = batch<string, CodeRow>(
  (ids, { read }) => read(`select ${codeColumns} from attendance_code c where c.id = any($1)`, [ids.filter(isUuid)]),
  (code) => code.id,
);

async function findSchool(id: string, { load }: Context): Promise<SchoolRow> {
  return (await load(schoolById, id)) ?? refuse('NOT_FOUND', 'There is no school with this id.');
}

async function listCodes({ schoolId, on }: QueryAttendanceCodesArguments, context: Context): Promise<CodeRow[]> {
  const school = await findSchool(schoolId, context);
  return context.read(
    `select distinct on (c.code) ${codeColumns} from attendance_code c
     where (c.school_id = $1 or c.school_id is null) and is_within($2, c.begins, c.ends) order by c.code, c.school_id nulls last`,
    [school.id, on ?? todayIn(school.timeZone, context.now())],
  );
}

async function findRules(schoolId: string, context: Context): Promise<RuleRow> {
  const school = await findSchool(schoolId, context);
  const [rule] = await context.read<RuleRow>(`select ${columnsOf(AttendanceRule, 'r')} from rule_of($1) r`, [school.id]);
  return rule!;
}

/** Who: a principal for the own school, the district administrator for the district. */
async function addAttendanceCode(input: AddAttendanceCodeInput, context: Context): Promise<CodeRow> {
  checkCode(input.code, input.title);
  const schoolId = input.schoolId ?? null;
  checkMaySet(context.viewer, schoolId);
  if (schoolId) await findSchool(schoolId, context);
  return context.write(async ({ em }) => {
    const code = em.create(AttendanceCode, { ...input, schoolId });
    await em.flush();
    return code as unknown as CodeRow;
  });
}

/** Who: as for adding it. */
async function endAttendanceCode({ id, ends }: EndAttendanceCodeInput, context: Context): Promise<CodeRow> {
  return context.write(async ({ em }) => {
    const code = (isUuid(id) && (await em.findOne(AttendanceCode, { id }))) || refuse('NOT_FOUND', 'There is no code with this id.');
    checkMaySet(context.viewer, code.schoolId ?? null);
    code.ends = ends;
    await em.flush();
    return code as unknown as CodeRow;
  });
}

/** Who: as for codes. */
async function changeAttendanceRules(input: ChangeAttendanceRulesInput, context: Context): Promise<RuleRow> {
  checkRules(input);
  const schoolId = input.schoolId ?? null;
  checkMaySet(context.viewer, schoolId);
  if (schoolId) await findSchool(schoolId, context);
  return context.write(async ({ query }) => {
    const [rule] = await query<RuleRow>(
      `insert into attendance_rule as r (school_id, teacher_days, absent_from_percent) values ($1, $2, $3)
         on conflict (school_id) do update set teacher_days = excluded.teacher_days, absent_from_percent = excluded.absent_from_percent
         returning ${columnsOf(AttendanceRule, 'r')}`,
      [schoolId, input.teacherDays, input.absentFromPercent],
    );
    return rule!;
  });
}

/** Facts of the institution, also those that one school has of its own: every signed-in person may read them. */
const institutional = () => ({ schoolIds: null });

export const codes: Slice<Arguments> = {
  entities: [AttendanceCode, AttendanceRule],
  subjects: { AttendanceCode: institutional, AttendanceRules: institutional },
  refusals: {
    attendance_code_once: ['CODE_EXISTS', 'This code is already valid on some of these days; end it first, or choose another letter.'],
    attendance_code_span: ['SPAN_INVALID', 'A code must end after it begins.'],
  },
  resolvers: {
    Query: {
      attendanceCodes: (_, args, context) => listCodes(args, context),
      attendanceRules: (_, { schoolId }, context) => findRules(schoolId, context),
    },
    Mutation: {
      addAttendanceCode: (_, { input }, context) => addAttendanceCode(input, context),
      endAttendanceCode: (_, { input }, context) => endAttendanceCode(input, context),
      changeAttendanceRules: (_, { input }, context) => changeAttendanceRules(input, context),
    },
    AttendanceCode: { __resolveReference: ({ id }: { id: string }, { load }: Context) => load(codeById, id) },
  },
};
