import { holds, refuse, type Role } from '@rollbook/school';
import { batch, columnsOf, type Context } from '@rollbook/subgraph';
import { School, type SchoolRow } from './entities.ts';

export const schoolById = batch<string, SchoolRow>(
  (ids, { read }) => read(`select ${columnsOf(School, 's')} from school s where s.id = any($1)`, [ids]),
  (school) => school.id,
);

/** A school in which the viewer has one of the roles. Any other is not found: what is not theirs is not confirmed to exist. */
export async function schoolFor(context: Context, schoolId: string, roles: readonly Role[]): Promise<SchoolRow> {
  const school = holds(context.viewer, roles, schoolId) ? await context.load(schoolById, schoolId) : null;
  return school ?? refuse('NOT_FOUND', `There is no school ${schoolId} in which you are ${roles.join(' or ')}.`);
}
