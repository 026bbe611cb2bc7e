import { refuse, type RoleGrant } from '@rollbook/school';
import type { Context } from '@rollbook/subgraph';
import type { PersonRow } from './entities.ts';
import { displayName } from './rules.ts';
import { findStudent } from './students.ts';

const names = `id, given_name as "givenName", family_name as "familyName", preferred_given_name as "preferredGivenName",
  preferred_family_name as "preferredFamilyName"`;

/** The signed-in person, as this request's token says and as the person's own row names them. */
export async function signedIn(context: Context) {
  const { viewer, read } = context;
  const [person] = await read<PersonRow>(
    `select ${names} from staff where id = $1 union all select ${names} from contact where id = $1
       union all select ${names} from student where id = $1 limit 1`,
    [viewer.subject],
  );
  const students = await Promise.all(viewer.students.map((id) => findStudent(id, context)));
  return {
    id: viewer.subject,
    displayName: person ? displayName(person) : null,
    roles: viewer.grants,
    students: students.filter((student) => student !== null),
  };
}

interface Access {
  readonly subject: string;
  readonly grants: readonly RoleGrant[];
  readonly students: readonly string[];
}

/**
 * What a person may be signed in as today: roles as staff that are open today; the students of whom the person has custody, with
 * the role PARENT; themself, with the role STUDENT. Somebody whose account is switched off, or who has left, gets none of these.
 */
export async function accessOf(personId: string, { read, now }: Context): Promise<Access> {
  const [found] = await read<{ known: boolean; grants: RoleGrant[] | null; children: string[] | null; self: boolean }>(
    `select
       exists (select from staff where id = $1) or exists (select from contact where id = $1)
         or exists (select from student where id = $1) as known,
       (select json_agg(json_build_object('role', g.role, 'schoolId', g.school_id) order by g.role, g.school_id)
          from role_grant g join staff p on p.id = g.staff_id
          where p.id = $1 and p.enabled and p.ended_on is null and day_at(g.school_id, $2) >= g.begins
            and (g.ends is null or day_at(g.school_id, $2) < g.ends)) as grants,
       (select array_agg(r.student_id order by r.student_id)
          from contact_relation r join contact c on c.id = r.contact_id join student s on s.id = r.student_id
          where c.id = $1 and c.enabled and c.ended_on is null and r.ended_on is null and s.ended_on is null
            and custody_of(r, c) = 'LEGAL') as children,
       exists (select from student where id = $1 and enabled and ended_on is null) as self`,
    [personId, now()],
  );
  if (!found?.known) refuse('NOT_FOUND', `Nobody here has the id ${personId}.`);
  const grants = [...(found.grants ?? [])];
  if (found.children) grants.push({ role: 'PARENT', schoolId: null });
  if (found.self) grants.push({ role: 'STUDENT', schoolId: null });
  return { subject: personId, grants, students: [...(found.children ?? []), ...(found.self ? [personId] : [])] };
}
