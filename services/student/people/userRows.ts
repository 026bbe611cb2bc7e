import { isDate, sourcedUuid } from '@rollbook/school';
import { isGrade, teaches } from '../enrollment/rules.ts';
import type { ToldEnrollment } from './placement.ts';
import type { ImportRoleRow, ImportUserRow } from '../schema.types.ts';

/** An org as far as roles ask for it. */
export interface Org {
  readonly id: string;
  readonly name: string;
  readonly isSchool: boolean;
  readonly lowestGrade: string;
  readonly highestGrade: string;
}

/** Why a row is left out. */
export interface Fault {
  readonly code: string;
  readonly message: string;
}

export interface ToldGrant {
  readonly role: string;
  readonly schoolId: string | null;
  readonly begins: string;
  readonly ends: string | null;
}

/** What a row makes a person: each part null or empty when the person is not that. */
export interface ToldUser {
  readonly id: string;
  readonly row: ImportUserRow;
  readonly isStudent: boolean;
  readonly isStaff: boolean;
  readonly relation: string | null;
  readonly enrollments: readonly ToldEnrollment[];
  readonly grants: readonly ToldGrant[];
  readonly contactIds: readonly string[];
}

const contactRelations: Readonly<Record<string, string>> = { parent: 'PARENT', guardian: 'GUARDIAN', relative: 'RELATIVE' };
const staffRoles: Readonly<Record<string, string | null>> = {
  teacher: 'TEACHER',
  counselor: 'COUNSELOR',
  principal: 'PRINCIPAL',
  siteAdministrator: 'PRINCIPAL',
  districtAdministrator: 'DISTRICT_ADMINISTRATOR',
  systemAdministrator: 'DISTRICT_ADMINISTRATOR',
  'ext:clerk': 'CLERK',
  // Work in a school, and see no records by it.
  aide: null,
  proctor: null,
};

/** The role that a member of staff holds by OneRoster's word at this org; null: none, undefined: the word means no staff. */
function staffRoleOf(word: string, org: Org | undefined): string | null | undefined {
  if (word === 'administrator') return org?.isSchool ? 'PRINCIPAL' : 'DISTRICT_ADMINISTRATOR';
  if (word.startsWith('ext:') && !(word in staffRoles)) return null;
  return staffRoles[word];
}

const fault = (code: string, message: string): Fault => ({ code, message });

/** What is wrong with a row, by itself and against the orgs it names; null when nothing is. `orgs` by sourcedId. */
export function faultOf(row: ImportUserRow, orgs: ReadonlyMap<string, Org>, schoolYearBegins: string): Fault | null {
  if (!row.givenName?.trim() || !row.familyName?.trim()) return fault('NAME_MISSING', 'The given name or the family name is empty.');
  if (!row.roles.length) return fault('NO_ROLE', 'The user has no role, so it is not known whether this is a student, staff or a contact.');
  for (const role of row.roles) {
    const found = faultOfRole(role, row, orgs.get(role.orgSourcedId), schoolYearBegins);
    if (found) return found;
  }
  return null;
}

function faultOfRole(role: ImportRoleRow, { gradeLevel }: ImportUserRow, org: Org | undefined, schoolYearBegins: string): Fault | null {
  const word = role.role;
  for (const date of [role.begins, role.ends])
    if (date != null && !isDate(date)) return fault('DATE_INVALID', `"${date}" is not a date; write it as 2026-11-21.`);
  if (role.ends != null && role.ends <= (role.begins ?? schoolYearBegins) && role.begins != null)
    return fault('DATES_INVALID', `The role ${word} ends on ${role.ends}, not after it begins.`);
  if (word in contactRelations) return null;
  const staffRole = staffRoleOf(word, org);
  if (word !== 'student' && staffRole === undefined) return fault('ROLE_UNKNOWN', `"${word}" is no role that OneRoster knows.`);
  if (word !== 'student' && staffRole === null) return null;
  if (!org) return fault('ORG_UNKNOWN', `No school or district with the sourcedId "${role.orgSourcedId}" was imported.`);
  if (staffRole === 'DISTRICT_ADMINISTRATOR') return null;
  if (!org.isSchool) return fault('ORG_NOT_A_SCHOOL', `A ${word} is one at a school, and ${org.name} is none.`);
  if (word !== 'student' || gradeLevel == null) return null;
  if (!isGrade(gradeLevel)) return fault('GRADE_UNKNOWN', `"${gradeLevel}" is not a CEDS grade level such as KG or 09.`);
  if (!teaches(org, gradeLevel))
    return fault('GRADE_NOT_TAUGHT', `${org.name} teaches grades ${org.lowestGrade} to ${org.highestGrade}, not ${gradeLevel}.`);
  return null;
}

/** A sound row, in our words. One that is to be deleted makes its person nothing any more. */
export function toldUser(row: ImportUserRow, source: string, orgs: ReadonlyMap<string, Org>, schoolYearBegins: string): ToldUser {
  const id = sourcedUuid(source, 'user', row.sourcedId);
  const roles = row.status === 'tobedeleted' ? [] : row.roles;
  const asStudent = roles.filter(({ role }) => role === 'student');
  const asStaff = roles.filter(({ role, orgSourcedId }) => staffRoleOf(role, orgs.get(orgSourcedId)) !== undefined);
  const asContact = roles.find(({ role }) => role in contactRelations);
  const preferred = asStudent.find(({ orgSourcedId }) => orgSourcedId === row.primaryOrgSourcedId) ?? asStudent[0];
  const enrollments = asStudent.map(({ orgSourcedId, begins, ends }) => ({
    schoolId: orgs.get(orgSourcedId)!.id,
    preferred: orgSourcedId === preferred!.orgSourcedId,
    begins: begins ?? null,
    ends: ends ?? null,
  }));
  return {
    id,
    row,
    isStudent: asStudent.length > 0,
    isStaff: asStaff.length > 0,
    relation: asContact ? contactRelations[asContact.role]! : null,
    enrollments: [...new Map(enrollments.map((told) => [`${told.schoolId} ${told.begins}`, told])).values()],
    grants: grantsOf(asStaff, orgs, schoolYearBegins),
    contactIds: asStudent.length ? [...new Set(row.agentSourcedIds)].map((agent) => sourcedUuid(source, 'user', agent)) : [],
  };
}

/** One grant per role and school, over all days that the rows tell together. */
function grantsOf(roles: readonly ImportRoleRow[], orgs: ReadonlyMap<string, Org>, schoolYearBegins: string): ToldGrant[] {
  const grants = new Map<string, ToldGrant>();
  for (const { role: word, orgSourcedId, begins, ends } of roles) {
    const org = orgs.get(orgSourcedId);
    const role = staffRoleOf(word, org);
    if (!role) continue;
    const schoolId = role === 'DISTRICT_ADMINISTRATOR' ? null : org!.id;
    const key = `${role} ${schoolId}`;
    const told: ToldGrant = { role, schoolId, begins: begins ?? schoolYearBegins, ends: ends ?? null };
    const other = grants.get(key);
    grants.set(key, other ? together(told, other) : told);
  }
  return [...grants.values()];
}

function together(a: ToldGrant, b: ToldGrant): ToldGrant {
  const ends = a.ends === null || b.ends === null ? null : a.ends > b.ends ? a.ends : b.ends;
  return { ...a, begins: a.begins < b.begins ? a.begins : b.begins, ends };
}
