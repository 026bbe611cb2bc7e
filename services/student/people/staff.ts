import { refuse } from '@rollbook/school';
import { batch, columnsOf, connectionOf, pageArguments, type Context } from '@rollbook/subgraph';
import { RoleGrant, Staff, type RoleGrantRow, type StaffRow } from './entities.ts';
import { checkName, checkRange, prefixSpan } from './rules.ts';
import type { AddStaffInput, EndRoleInput, GrantRoleInput, QueryStaffMembersArguments } from '../schema.types.ts';

const staffColumns = columnsOf(Staff, 'p');
const grantColumns = columnsOf(RoleGrant, 'g');
const open = (day: string) => `g.begins <= ${day} and (g.ends is null or g.ends > ${day})`;

export const staffById = batch<string, StaffRow>(
  (ids, { read }) => read(`select ${staffColumns} from staff p where p.id = any($1)`, [ids]),
  (member) => member.id,
);

/** The roles that members of staff hold today. */
const rolesOf = batch<string, { staffId: string; roles: RoleGrantRow[] }>(
  async (staffIds, { read, now }) => {
    const grants = await read<RoleGrantRow>(
      `select ${grantColumns} from role_grant g where g.staff_id = any($1) and ${open('day_at(g.school_id, $2)')} order by g.role, g.begins, g.id`,
      [staffIds, now()],
    );
    return [...Map.groupBy(grants, (grant) => grant.staffId)].map(([staffId, roles]) => ({ staffId, roles }));
  },
  ({ staffId }) => staffId,
);

export async function rolesOfMember({ id }: StaffRow, { load }: Context): Promise<RoleGrantRow[]> {
  return (await load(rolesOf, id))?.roles ?? [];
}

/** The staff directory by name: those who hold a role today. */
export async function listStaff({ schoolId, role, filter, ...page }: QueryStaffMembersArguments, { read, now }: Context) {
  const { after, limit } = pageArguments(page, ['text', 'uuid']);
  const rows = await read<StaffRow>(
    `select ${staffColumns} from staff p
       where p.ended_on is null and p.sort_name >= $1 and p.sort_name < $2
         and (($3::uuid is null and $4::text is null) or exists (select from role_grant g where g.staff_id = p.id
           and ($3::uuid is null or g.school_id = $3) and ($4::text is null or g.role = $4) and ${open('day_at(g.school_id, $5)')}))
         and ($6::text[] is null or (p.sort_name, p.id) > ($6[1], $6[2]::uuid))
       order by p.sort_name, p.id limit $7`,
    [...prefixSpan((filter ?? '').trim().toLowerCase()), schoolId ?? null, role ?? null, now(), after, limit],
  );
  return connectionOf(rows, limit, (member) => [member.sortName, member.id]);
}

/** Who: a district administrator. */
export async function addStaff(input: AddStaffInput, context: Context): Promise<StaffRow> {
  checkName(input);
  return context.write(async ({ em }) => {
    // Partial: the database makes the name that sorts.
    const member = em.create(Staff, input, { partial: true });
    await em.flush();
    return member as unknown as StaffRow;
  });
}

/** Who: a district administrator. A role changes who may see and do what, and no record of the school. */
export async function grantRole({ reason, ...input }: GrantRoleInput, context: Context): Promise<RoleGrantRow> {
  checkRange(input.begins, input.ends);
  return context.write(async ({ em }) => {
    const grant = em.create(RoleGrant, input);
    await em.flush();
    return grant as unknown as RoleGrantRow;
  }, reason);
}

/** Who: a district administrator. */
export async function endRole({ grantId, on, reason }: EndRoleInput, context: Context): Promise<RoleGrantRow> {
  const grants = await context.write(
    ({ query }) =>
      query<RoleGrantRow>(
        // No source any more: the next import does not give back what the district took.
        `update role_grant g set ends = $2, source = null where g.id = $1 and g.begins <= $2 and (g.ends is null or g.ends > $2) returning ${grantColumns}`,
        [grantId, on],
      ),
    reason,
  );
  return grants[0] ?? refuse('ROLE_NOT_HELD', `No role with the id ${grantId} is held on ${on}.`);
}
