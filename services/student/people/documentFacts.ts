import type { Event } from '@rollbook/events';
import type { Transaction } from '@rollbook/subgraph';
import { familiesTold, type FamiliesTold } from '../events.ts';

/** What grading asks for when it is about to print documents about students of one school. */
interface DocumentFactsAsked {
  readonly requestId: string;
  readonly schoolId: string;
  readonly studentIds: readonly string[];
  /** Teachers who are named in the documents. */
  readonly staffIds?: readonly string[];
  /** The day that the documents are of: where the family lives on it. */
  readonly on: string;
}

/**
 * grading: documents about these students are to be printed. Answers with what a letter to the family needs: the names, the address, the
 * language spoken at home. Only those with a parent's rights (custody LEGAL) are written to.
 */
export async function hearDocumentFactsAsked({ query, tell }: Transaction, { payload }: Event): Promise<void> {
  const { requestId, schoolId, studentIds, staffIds = [], on } = payload as DocumentFactsAsked;
  const students = await query<FamiliesTold['students'][number]>(familyFacts, [schoolId, studentIds, on]);
  const staff = await query<FamiliesTold['staff'][number]>(
    `select id, coalesce(preferred_given_name, given_name) as "givenName", coalesce(preferred_family_name, family_name) as "familyName"
       from staff where id = any($1)`,
    [staffIds],
  );
  await query(`delete from outbox where type = 'FamiliesTold' and position is not null and at < now() - interval '1 day'`);
  await tell(familiesTold({ requestId, students, staff }));
}

const familyFacts = `
  select s.id, s.given_name as "givenName", s.middle_name as "middleName", s.family_name as "familyName",
    s.preferred_given_name as "preferredGivenName", s.preferred_family_name as "preferredFamilyName",
    s.local_id as "localId", s.sourced_id as "sourcedId", d.birth_date as "birthDate",
    (select e.grade_level from enrollment e where e.student_id = s.id and e.school_id = $1 order by e.begins desc limit 1) as "gradeLevel",
    coalesce(home.home_language, contacts.language) as language,
    coalesce(contacts.all, '[]') as contacts,
    case when home.street is not null then jsonb_build_object('street', home.street, 'unit', home.unit, 'city', home.city,
      'state', home.state, 'postalCode', home.postal_code) end as address
  from student s
    left join demographics d on d.student_id = s.id
    left join lateral (
      select h.* from residence r join household h on h.id = r.household_id
        where r.student_id = s.id and r.begins <= $3 and (r.ends is null or r.ends > $3)
        order by r.begins, r.id limit 1) home on true
    left join lateral (
      select jsonb_agg(jsonb_build_object('givenName', c.given_name, 'familyName', c.family_name) order by r.priority, r.id) as all,
             (array_agg(c.languages[1] order by r.priority, r.id) filter (where c.languages[1] is not null))[1] as language
        from contact_relation r join contact c on c.id = r.contact_id
        where r.student_id = s.id and r.ended_on is null and c.ended_on is null and custody_of(r, c) = 'LEGAL') contacts on true
  where s.id = any($2) order by s.id`;
