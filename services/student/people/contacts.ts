import { holds, refuse } from '@rollbook/school';
import { batch, columnsOf, type Context, type Transaction } from '@rollbook/subgraph';
import { readAboutStudents } from './classrooms.ts';
import { ContactPerson, ContactRelation, type ContactRow, type StudentRow } from './entities.ts';
import { requireOffice } from './office.ts';
import type { Checked } from '../schools/rules.ts';
import { checkName } from './rules.ts';
import type { AddContactInput, ChangeContactInput, EndContactInput } from '../schema.types.ts';

const contactColumns = `${columnsOf(ContactPerson, 'c')}, r.id as "relationId", r.student_id as "studentId", s.school_ids as "schoolIds",
  coalesce(r.relation, c.relation) as relation, custody_of(r, c) as custody, r.priority, r.lives_with as "livesWith", r.may_pick_up as "mayPickUp"`;
const related = `contact_relation r join contact c on c.id = r.contact_id join student s on s.id = r.student_id`;

/** A student's contacts in the order in which they are called. */
const contactsOf = batch<string, { studentId: string; rows: ContactRow[] }>(
  async (studentIds, context) => {
    const rows = await readAboutStudents<ContactRow>(
      context,
      `select ${contactColumns} from ${related} where r.student_id = any($1) and r.ended_on is null and c.ended_on is null
         order by r.priority, r.id`,
      [studentIds],
    );
    return [...Map.groupBy(rows, (row) => row.studentId)].map(([studentId, rows]) => ({ studentId, rows }));
  },
  ({ studentId }) => studentId,
);

export async function contactsOfStudent({ id }: StudentRow, { load }: Context): Promise<ContactRow[]> {
  return (await load(contactsOf, id))?.rows ?? [];
}

async function contactNow(studentId: string, contactId: string, context: Context): Promise<ContactRow> {
  const [row] = await readAboutStudents<ContactRow>(
    context,
    `select ${contactColumns} from ${related} where r.student_id = $1 and r.contact_id = $2`,
    [studentId, contactId],
  );
  return row ?? refuse('NOT_FOUND', `${contactId} is no contact of student ${studentId}.`);
}

/** Who: the office of the student's school. Either somebody who is a contact already (of a sister, say), or a new person. */
export async function addContact({ studentId, contactId, person, ...relation }: AddContactInput, context: Context): Promise<ContactRow> {
  if (!contactId === !person) refuse('BAD_USER_INPUT', 'Name either a contact who is known already (contactId) or a new person.');
  const id = await context.write(async (tx) => {
    await requireOffice(studentId, context, tx);
    if (contactId) await requireContact(contactId, tx);
    const [{ id }] = (await tx.query<{ id: string }>('select coalesce($1, uuidv7()) as id', [contactId])) as [{ id: string }];
    // The relation first: it is what lets the office write, and see, the person.
    await tx.query(
      `insert into contact_relation (student_id, contact_id, relation, custody, priority, lives_with, may_pick_up)
         values ($1, $2, $3, $4, coalesce($5, (select coalesce(max(priority), 0) + 1 from contact_relation where student_id = $1)), $6, $7)`,
      [studentId, id, relation.relation, relation.custody, relation.priority, relation.livesWith, relation.mayPickUp],
    );
    if (person) {
      checkName(person);
      const { languages, ...names } = person;
      tx.em.create(ContactPerson, { id, ...names, languages: [...(languages ?? [])], relation: relation.relation });
      await tx.em.flush();
    }
    return id;
  });
  return contactNow(studentId, id, context);
}

async function requireContact(id: string, { query }: Transaction): Promise<void> {
  const known = await query('select 1 from contact where id = $1', [id]);
  if (!known.length) refuse('NOT_FOUND', `There is no contact ${id} here; add the person instead.`);
}

/** Who: the office of the student's school. What is not named stays. Custody and pick-up are the relation's, the rest the person's. */
export async function changeContact(input: ChangeContactInput, context: Context): Promise<ContactRow> {
  const { studentId, contactId, person, reason, priority, ...relation } = input;
  await context.write(async (tx) => {
    await requireOffice(studentId, context, tx);
    const row =
      (await tx.em.findOne(ContactRelation, { studentId, contactId })) ??
      refuse('NOT_FOUND', `${contactId} is no contact of student ${studentId}.`);
    // A person whom a court bars picks nobody up, whatever was said before.
    const barred = relation.custody === 'BARRED' ? { mayPickUp: false } : {};
    tx.em.assign(row, { ...relation, priority: priority ?? row.priority, ...barred });
    if (person) {
      const known = await tx.em.findOneOrFail(ContactPerson, { id: contactId });
      checkName({ ...known, ...person });
      const { languages, ...names } = person;
      tx.em.assign(known, { ...(names as Checked<typeof names>), ...(languages !== undefined && { languages: [...(languages ?? [])] }) });
    }
    await tx.em.flush();
  }, reason);
  return contactNow(studentId, contactId, context);
}

/** Who: the office of the student's school. The record stays, with its history; the contact is called no more and sees no more. */
export async function endContact({ studentId, contactId, on, reason }: EndContactInput, context: Context): Promise<ContactRow> {
  await context.write(async (tx) => {
    await requireOffice(studentId, context, tx);
    const ended = await tx.query(
      // No source any more: the next import does not bring back whom the office ended.
      'update contact_relation set ended_on = $3, source = null where student_id = $1 and contact_id = $2 and ended_on is null returning id',
      [studentId, contactId, on],
    );
    if (!ended.length) refuse('NOT_FOUND', `${contactId} is no contact of student ${studentId} now.`);
  }, reason);
  return contactNow(studentId, contactId, context);
}

/** Custody is for those who act on it: staff. A parent is not told what a court says of the other. */
export function custodyFor(row: ContactRow, { viewer }: Context): string | null {
  const staff = holds(viewer, ['TEACHER', 'COUNSELOR', 'CLERK', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR']);
  return staff && !viewer.students.includes(row.studentId) ? row.custody : null;
}
