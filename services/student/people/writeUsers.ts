import { sourcedUuid, type IsoDate } from '@rollbook/school';
import type { Transaction } from '@rollbook/subgraph';
import { studentWithdrawn } from '../events.ts';
import type { PlacedEnrollment, Placement } from './placement.ts';
import type { ToldUser } from './userRows.ts';

/** A user with the place of each enrollment. */
export interface PlacedUser extends ToldUser {
  readonly placement: Placement;
  /** Every school of a student, past ones and those of other sources included; sorted. */
  readonly schoolIds: readonly string[];
}

/** What was written: people new to us, and all whose records were touched. */
export interface WrittenUsers {
  readonly created: ReadonlySet<string>;
  readonly touched: ReadonlySet<string>;
}

const personColumns = {
  id: 'uuid',
  username: 'text',
  given_name: 'text',
  middle_name: 'text',
  family_name: 'text',
  preferred_given_name: 'text',
  preferred_family_name: 'text',
  pronouns: 'text',
  email: 'text',
  phone: 'text',
  sms: 'text',
  local_id: 'text',
  enabled: 'boolean',
  ended_on: 'date',
  source: 'text',
  sourced_id: 'text',
};

/** One statement that writes people of one kind, and touches only rows that differ. $1: an array of rows as JSON. */
function upsertOf(table: string, more: Readonly<Record<string, string>> = {}): string {
  const columns = { ...personColumns, ...more };
  const names = Object.keys(columns);
  const changing = names.filter((name) => !['id', 'source', 'sourced_id'].includes(name));
  const list = (prefix: string) => changing.map((name) => `${prefix}.${name}`).join(', ');
  return `insert into ${table} as t (${names.join(', ')})
    select ${names.join(', ')} from jsonb_to_recordset($1::jsonb) as r (${Object.entries(columns).map(([n, type]) => `${n} ${type}`).join(', ')})
    on conflict (id) do update set (${changing.join(', ')}) = row (${list('excluded')})
      where (${list('t')}) is distinct from (${list('excluded')})
    returning t.id, (old.id is null) as created`; // prettier-ignore
}
const upsertStudents = upsertOf('student', { school_ids: 'uuid[]' });
const upsertStaff = upsertOf('staff');
const upsertContacts = upsertOf('contact', { relation: 'text' });

/** A user's row as the columns of a person. */
export function personOf({ id, row }: ToldUser, source: string) {
  return {
    id,
    username: row.username ?? null,
    given_name: row.givenName!,
    middle_name: row.middleName ?? null,
    family_name: row.familyName!,
    preferred_given_name: row.preferredGivenName ?? null,
    preferred_family_name: row.preferredFamilyName ?? null,
    pronouns: row.pronouns ?? null,
    email: row.email ?? null,
    phone: row.phone ?? null,
    sms: row.sms ?? null,
    local_id: row.identifier ?? null,
    enabled: row.enabled ?? true,
    ended_on: null,
    source,
    sourced_id: row.sourcedId,
  };
}

/** Writes users, and ends whatever of theirs from this source is not among what they are told to be. */
export async function writeUsers(
  tx: Transaction,
  users: readonly PlacedUser[],
  { source, today }: { source: string; today: IsoDate },
): Promise<WrittenUsers> {
  const created = new Set<string>();
  const touched = new Set<string>();
  const note = (rows: readonly { id: string; created?: boolean }[]) => {
    for (const row of rows) {
      touched.add(row.id);
      if (row.created) created.add(row.id);
    }
  };
  const upsert = async (sql: string, rows: readonly object[]) => {
    if (rows.length) note(await tx.query(sql, [JSON.stringify(rows)]));
  };
  const students = users.filter(({ isStudent }) => isStudent);
  await upsert(upsertStudents, students.map((user) => ({ ...personOf(user, source), school_ids: user.schoolIds }))); // prettier-ignore
  const staff = users.filter(({ isStaff }) => isStaff);
  await upsert(upsertStaff, staff.map((user) => personOf(user, source))); // prettier-ignore
  const contacts = users.filter(({ relation }) => relation !== null);
  await upsert(upsertContacts, contacts.map((user) => ({ ...personOf(user, source), relation: user.relation }))); // prettier-ignore

  note(await endKinds(tx, users, source, today));
  note(await writeEnrollments(tx, users, source));
  note(await writeGrants(tx, users, source, today));
  note(await writeRelations(tx, users, source, today));
  return { created, touched };
}

type Touched = readonly { id: string }[];

/** Somebody who is told to be only staff is no contact any more, and so on. */
async function endKinds({ query }: Transaction, users: readonly PlacedUser[], source: string, today: IsoDate): Promise<Touched> {
  const ended: { id: string }[] = [];
  const kinds = [
    ['student', users.filter(({ isStudent }) => !isStudent)],
    ['staff', users.filter(({ isStaff }) => !isStaff)],
    ['contact', users.filter(({ relation }) => relation === null)],
  ] as const;
  for (const [table, gone] of kinds)
    if (gone.length)
      ended.push(
        ...(await query<{ id: string }>(
          `update ${table} set ended_on = $3 where id = any($1) and source = $2 and ended_on is null returning id`,
          [gone.map(({ id }) => id), source, today],
        )),
      );
  return ended;
}

const upsertEnrollments = `
  insert into enrollment as t (id, student_id, school_id, grade_level, is_primary, begins, ends, entry_code, exit_code, source)
    select id, student_id, school_id, grade_level, is_primary, begins, ends, 'IMPORTED', case when ends is not null then 'IMPORTED' end, source
      from jsonb_to_recordset($1::jsonb) as r
        (id uuid, student_id uuid, school_id uuid, grade_level text, is_primary boolean, begins date, ends date, source text)
  on conflict (id) do update set grade_level = excluded.grade_level, is_primary = excluded.is_primary, ends = excluded.ends,
      exit_code = case when excluded.ends is not distinct from t.ends then t.exit_code else excluded.exit_code end
    where (t.grade_level, t.is_primary, t.ends) is distinct from (excluded.grade_level, excluded.is_primary, excluded.ends)
  returning t.student_id as id`;

/** Ends first, then changes before new ones: at no moment do two enrollments of a student overlap. */
async function writeEnrollments({ query, tell }: Transaction, users: readonly PlacedUser[], source: string): Promise<Touched> {
  const ends = users.flatMap(({ id, placement }) => placement.end.map((gone) => ({ ...gone, studentId: id })));
  if (ends.length) {
    await query(
      `update enrollment e set ends = n.ends, exit_code = 'IMPORTED' from unnest($1::uuid[], $2::date[]) as n (id, ends) where e.id = n.id`,
      [ends.map(({ id }) => id), ends.map((gone) => gone.ends)],
    );
    await tell(...ends.filter(hasLeft(users)).map(({ studentId, schoolId, ends }) => studentWithdrawn({ studentId, schoolId, on: ends })));
  }
  const rows = users.flatMap((user) =>
    user.placement.keep.map((placed) => ({
      known: placed.id !== null,
      id: placed.id ?? sourcedUuid(source, 'schoolEnrollment', `${user.row.sourcedId}\0${placed.schoolId}\0${placed.begins}`),
      student_id: user.id,
      school_id: placed.schoolId,
      grade_level: user.row.gradeLevel ?? null,
      is_primary: placed.isPrimary,
      begins: placed.begins,
      ends: placed.ends,
      source,
    })),
  );
  rows.sort((a, b) => Number(b.known) - Number(a.known) || Number(a.is_primary) - Number(b.is_primary));
  const changed = rows.length ? await query<{ id: string }>(upsertEnrollments, [JSON.stringify(rows)]) : [];
  return [...changed, ...ends.map(({ studentId: id }) => ({ id }))];
}

/** Has the student left the school, or does another enrollment there go on from the same day? */
function hasLeft(users: readonly PlacedUser[]) {
  const keeps = new Map(users.map(({ id, placement }) => [id, placement.keep]));
  const goesOn = (placed: PlacedEnrollment, schoolId: string, day: IsoDate) =>
    placed.schoolId === schoolId && placed.begins <= day && (placed.ends === null || placed.ends > day);
  return ({ studentId, schoolId, ends }: { studentId: string; schoolId: string; ends: IsoDate }) =>
    !keeps.get(studentId)!.some((placed) => goesOn(placed, schoolId, ends));
}

/** A role that somebody of the district gave or ended by hand is not the source's to change. */
const upsertGrants = `
  insert into role_grant as t (id, staff_id, role, school_id, begins, ends, source)
    select id, staff_id, role, school_id, begins, ends, source
      from jsonb_to_recordset($1::jsonb) as r (id uuid, staff_id uuid, role text, school_id uuid, begins date, ends date, source text)
      where not exists (select from role_grant g where g.staff_id = r.staff_id and g.role = r.role and g.id <> r.id
        and g.school_id is not distinct from r.school_id and daterange(g.begins, g.ends) && daterange(r.begins, r.ends))
  on conflict (id) do update set begins = least(t.begins, excluded.begins), ends = excluded.ends
    where t.source = excluded.source and (t.begins > excluded.begins or t.ends is distinct from excluded.ends)
  returning t.staff_id as id`;

async function writeGrants({ query }: Transaction, users: readonly PlacedUser[], source: string, today: IsoDate): Promise<Touched> {
  const rows = users.flatMap(({ id, row, grants }) =>
    grants.map(({ role, schoolId, begins, ends }) => ({
      id: sourcedUuid(source, 'role', `${row.sourcedId}\0${role}\0${schoolId}`),
      staff_id: id,
      role,
      school_id: schoolId,
      begins,
      ends,
      source,
    })),
  );
  const ended = await query<{ id: string }>(
    `update role_grant set ends = greatest(begins, $4) where staff_id = any($1) and source = $2 and not (id = any($3))
       and (ends is null or ends > greatest(begins, $4)) returning staff_id as id`,
    [users.map(({ id }) => id), source, rows.map(({ id }) => id), today],
  );
  return rows.length ? [...ended, ...(await query<{ id: string }>(upsertGrants, [JSON.stringify(rows)]))] : ended;
}

/** Custody, pick-up and order are the office's to say; a relation that the office ended stays ended. */
const upsertRelations = `
  insert into contact_relation as t (id, student_id, contact_id, priority, source)
    select id, student_id, contact_id, priority, source
      from jsonb_to_recordset($1::jsonb) as r (id uuid, student_id uuid, contact_id uuid, priority smallint, source text)
  on conflict (student_id, contact_id) do update set ended_on = null where t.source = excluded.source and t.ended_on is not null
  returning t.student_id as id`;

async function writeRelations({ query }: Transaction, users: readonly PlacedUser[], source: string, today: IsoDate): Promise<Touched> {
  const rows = users.flatMap(({ id, contactIds }) =>
    contactIds.map((contactId, i) => ({
      id: sourcedUuid(source, 'contactRelation', `${id}\0${contactId}`),
      student_id: id,
      contact_id: contactId,
      priority: i + 1,
      source,
    })),
  );
  const ended = await query<{ id: string }>(
    `update contact_relation r set ended_on = $4 where student_id = any($1) and source = $2 and ended_on is null
       and not exists (select from unnest($3::uuid[]) as kept (id) where kept.id = r.id) returning student_id as id`,
    [users.map(({ id }) => id), source, rows.map(({ id }) => id), today],
  );
  return rows.length ? [...ended, ...(await query<{ id: string }>(upsertRelations, [JSON.stringify(rows)]))] : ended;
}
