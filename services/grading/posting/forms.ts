import { isUuid, refuse } from '@rollbook/school';
import { batch, columnsOf, connectionOf, pageArguments, type Context, type Transaction } from '@rollbook/subgraph';
import { isOffice, officesOf } from '../rosters/resolvers.ts';
import type { QueryCommentCodesArguments, QueryMarkFormArguments, SetCommentCodeInput, SetMarkFormInput } from '../schema.types.ts';
import { CommentCode, MarkForm, type CommentCodeRow, type MarkFormRow } from './entities.ts';
import { checkForm, textsOf } from './rules.ts';

const codeColumns = columnsOf(CommentCode, 'c');

/** The form that counts for a school and grading period (null: for those without one of their own). */
export async function formOf(query: Transaction['query'], schoolId: string, gradingPeriodId: string | null): Promise<MarkFormRow> {
  const [form] = await query<MarkFormRow>(`select ${columnsOf(MarkForm, 'f')} from form_of($1, $2) f`, [schoolId, gradingPeriodId]);
  return form!;
}

export function markForm({ schoolId, gradingPeriodId }: QueryMarkFormArguments, { read }: Context): Promise<MarkFormRow> {
  // What is no id is no school's and no grading period's: the district's form.
  const id = (text: string | null | undefined) => (text != null && isUuid(text) ? text : null);
  return formOf(read, id(schoolId)!, id(gradingPeriodId));
}

/** Who: a district administrator; a principal for the own school. */
function checkPlace(schoolId: string | null, context: Context): void {
  if (schoolId === null && officesOf(context))
    refuse('FORBIDDEN', "The district's own is set by a district administrator; name your school.");
  if (schoolId !== null && (!isUuid(schoolId) || !isOffice(context, schoolId)))
    refuse('NOT_FOUND', `There is no school ${schoolId} of yours.`);
}

export async function setMarkForm(input: SetMarkFormInput, context: Context): Promise<MarkFormRow> {
  const { schoolId = null, gradingPeriodId = null, types, required } = input;
  checkPlace(schoolId, context);
  checkForm(input);
  const row = {
    ...{ schoolId, gradingPeriodId, markTypes: types, requiredTypes: required, mostCodes: input.mostCodes ?? 0 },
    ...{ effortValues: input.effortValues ?? [], conductValues: input.conductValues ?? [] },
  };
  return context.write(async ({ query }) => {
    if (gradingPeriodId !== null) await checkPeriod(query, gradingPeriodId);
    await query(
      `insert into mark_form (school_id, grading_period_id, mark_types, required_types, effort_values, conduct_values, most_codes)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (school_id, grading_period_id) do update set
           (mark_types, required_types, effort_values, conduct_values, most_codes) =
           (excluded.mark_types, excluded.required_types, excluded.effort_values, excluded.conduct_values, excluded.most_codes)`,
      [schoolId, gradingPeriodId, types, required, row.effortValues, row.conductValues, row.mostCodes],
    );
    return row;
  });
}

/** Refuses GRADING_PERIOD_UNKNOWN. */
export async function checkPeriod(query: Transaction['query'], id: string): Promise<void> {
  const found = isUuid(id) && (await query('select from grading_period where id = $1', [id])).length;
  if (!found) refuse('GRADING_PERIOD_UNKNOWN', `There is no grading period ${id}. Grading periods are added in scheduling.`);
}

export async function setCommentCode(input: SetCommentCodeInput, context: Context): Promise<CommentCodeRow> {
  const { schoolId = null, code, withdrawn } = input;
  checkPlace(schoolId, context);
  const { language, texts } = textsOf(code, input.texts);
  const today = context.now().toISOString().slice(0, 10);
  return context.write(async ({ query }) => {
    const [row] = await query<CommentCodeRow>(
      `insert into comment_code as c (school_id, code, language, texts, withdrawn_on) values ($1, $2, $3, $4, $5)
         on conflict (school_id, code) do update set (language, texts, withdrawn_on) =
           (excluded.language, excluded.texts, case when $5::date is not null then coalesce(c.withdrawn_on, $5) end)
         returning ${codeColumns}`,
      [schoolId, code, language, JSON.stringify(texts), withdrawn ? today : null],
    );
    return row!;
  });
}

/** Of two codes with one name, the school's. Of those that can no longer be chosen, what was chosen before is still read. */
const codesOfSchool = `select distinct on (c.code) ${codeColumns} from comment_code c where (c.school_id = $1 or c.school_id is null)`;

export async function commentCodes({ schoolId, includeWithdrawn, ...page }: QueryCommentCodesArguments, context: Context) {
  const { after, limit } = pageArguments(page, ['text']);
  const rows = await context.read<CommentCodeRow>(
    `select * from (${codesOfSchool} order by c.code, c.school_id nulls last) c
      where ($4 or c."withdrawnOn" is null or c."withdrawnOn" > $5::date) and ($2::text is null or c.code > $2) order by c.code limit $3`,
    [isUuid(schoolId) ? schoolId : null, after?.[0] ?? null, limit, includeWithdrawn ?? false, context.now().toISOString()],
  );
  return connectionOf(rows, limit, ({ code }) => [code]);
}

/** The codes that can be chosen in a school today. */
export async function codesToChoose(query: Transaction['query'], schoolId: string, now: Date): Promise<string[]> {
  const rows = await query<{ code: string }>(
    `select c.code from comment_code c where (c.school_id = $1 or c.school_id is null) and (c.withdrawn_on is null or c.withdrawn_on > $2::date)`,
    [schoolId, now.toISOString()],
  );
  return rows.map(({ code }) => code);
}

interface CodesOfSchool {
  readonly id: string;
  readonly codes: ReadonlyMap<string, CommentCodeRow>;
}

/** All codes of schools, by name: those that can no longer be chosen too. */
export const allCodes = batch<string, CodesOfSchool>(
  (schoolIds, { read }) =>
    Promise.all(
      schoolIds.map(async (id) => {
        const rows = await read<CommentCodeRow>(`${codesOfSchool} order by c.code, c.school_id nulls last`, [id]);
        return { id, codes: new Map(rows.map((row) => [row.code, row])) };
      }),
    ),
  ({ id }) => id,
);

export const codeById = batch<string, CommentCodeRow>(
  (ids, { read }) => read(`select ${codeColumns} from comment_code c where c.id = any($1)`, [ids]),
  ({ id }) => id,
);
