import { forgetImport, type Context, type Transaction } from '@rollbook/subgraph';
import { placeEnrollments, type KnownEnrollment } from './placement.ts';
import { writeUsers, type PlacedUser } from './writeUsers.ts';
import type { FinishPeopleImportInput } from '../schema.types.ts';

const perCall = 500;

/**
 * Who: a district administrator. Ends what the source no longer holds: enrollments, roles and relations end today, the people stay.
 * Facts about them are told in the same transaction.
 */
export async function finishPeopleImport(input: FinishPeopleImportInput, context: Context): Promise<{ ended: number; done: boolean }> {
  return context.write(async (tx) => {
    const people = input.bulkKinds.includes('user') ? await endPeople(tx, input) : 0;
    if (people === perCall) return { ended: people, done: false };
    const schools = input.bulkKinds.includes('org') ? await closeSchools(tx, input) : 0;
    await forgetImport(tx, input.importId);
    return { ended: people + schools, done: true };
  }, `import from ${input.source}`);
}

async function endPeople(tx: Transaction, { importId, source, today }: FinishPeopleImportInput): Promise<number> {
  const gone = await tx.query<{ id: string; sourcedId: string }>(
    `select id, max(sourced_id) as "sourcedId" from (
         select id, sourced_id, source, ended_on from student union all select id, sourced_id, source, ended_on from staff
           union all select id, sourced_id, source, ended_on from contact) p
       where source = $1 and ended_on is null
         and not exists (select from import_seen s where s.import_id = $2 and s.kind = 'user' and s.row_id = p.id)
       group by id order by id limit $3`,
    [source, importId, perCall],
  );
  if (!gone.length) return 0;
  const enrollments = await tx.query<KnownEnrollment & { studentId: string }>(
    `select id, student_id as "studentId", school_id as "schoolId", begins::text as begins, ends::text as ends
       from enrollment where student_id = any($1) and source = $2 order by begins`,
    [gone.map(({ id }) => id), source],
  );
  const byStudent = Map.groupBy(enrollments, ({ studentId }) => studentId);
  const users = gone.map(({ id, sourcedId }): PlacedUser => ({
    id,
    row: { sourcedId, roles: [], agentSourcedIds: [] },
    isStudent: false,
    isStaff: false,
    relation: null,
    enrollments: [],
    grants: [],
    contactIds: [],
    placement: placeEnrollments(byStudent.get(id) ?? [], [], { schoolYearBegins: today, today }),
    schoolIds: [],
  })); // prettier-ignore
  await writeUsers(tx, users, { source, today });
  return gone.length;
}

/** A school that left the package is closed with today; its records stay. */
async function closeSchools({ query }: Transaction, { importId, source, today }: FinishPeopleImportInput): Promise<number> {
  const closed = await query(
    `update school set closed_on = $3 where source = $1 and closed_on is null
       and not exists (select from import_seen s where s.import_id = $2 and s.kind = 'org' and s.row_id = school.id) returning id`,
    [source, importId, today],
  );
  return closed.length;
}
