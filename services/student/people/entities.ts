import { defineEntity, p } from '@mikro-orm/core';
import { recorded } from '@rollbook/subgraph';

/** What students, staff and contacts all have. Somebody who is two of these has one id in both tables. */
const person = {
  id: p.uuid().primary().defaultRaw('uuidv7()'),
  username: p.text().nullable(),
  givenName: p.text(),
  middleName: p.text().nullable(),
  familyName: p.text(),
  preferredGivenName: p.text().nullable(),
  preferredFamilyName: p.text().nullable(),
  pronouns: p.text().nullable(),
  email: p.text().nullable(),
  phone: p.text().nullable(),
  sms: p.text().nullable(),
  localId: p.text().nullable(),
  enabled: p.boolean().default(true),
  endedOn: p.date().nullable(),
  source: p.text().nullable(),
  sourcedId: p.text().nullable(),
  ...recorded,
};
const sortName = p.text().generated(`(lower(family_name || ', ' || given_name)) stored`);

export const Student = defineEntity({
  name: 'Student',
  tableName: 'student',
  properties: { ...person, sortName, schoolIds: p.array().columnType('uuid[]') },
});

export const Demographics = defineEntity({
  name: 'Demographics',
  tableName: 'demographics',
  properties: {
    studentId: p.uuid().primary(),
    birthDate: p.date().nullable(),
    sex: p.text().nullable(),
    hispanicOrLatino: p.boolean().nullable(),
    races: p.array(),
    countryOfBirth: p.text().nullable(),
    stateOfBirth: p.text().nullable(),
    cityOfBirth: p.text().nullable(),
    ...recorded,
  },
});

export const Staff = defineEntity({ name: 'Staff', tableName: 'staff', properties: { ...person, sortName } });

export const RoleGrant = defineEntity({
  name: 'RoleGrant',
  tableName: 'role_grant',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    staffId: p.uuid(),
    role: p.text(),
    schoolId: p.uuid().nullable(),
    begins: p.date(),
    ends: p.date().nullable(),
    source: p.text().nullable(),
    ...recorded,
  },
});

export const ContactPerson = defineEntity({
  name: 'ContactPerson',
  tableName: 'contact',
  properties: { ...person, relation: p.text(), languages: p.array() },
});

export const ContactRelation = defineEntity({
  name: 'ContactRelation',
  tableName: 'contact_relation',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    studentId: p.uuid(),
    contactId: p.uuid(),
    relation: p.text().nullable(),
    custody: p.text().nullable(),
    priority: p.smallint(),
    livesWith: p.boolean().nullable(),
    mayPickUp: p.boolean().nullable(),
    endedOn: p.date().nullable(),
    source: p.text().nullable(),
    ...recorded,
  },
});

export const Household = defineEntity({
  name: 'Household',
  tableName: 'household',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    street: p.text(),
    unit: p.text().nullable(),
    city: p.text(),
    state: p.text(),
    postalCode: p.text(),
    phone: p.text().nullable(),
    homeLanguage: p.text().nullable(),
    ...recorded,
  },
});

export const Residence = defineEntity({
  name: 'Residence',
  tableName: 'residence',
  properties: {
    id: p.uuid().primary().defaultRaw('uuidv7()'),
    studentId: p.uuid(),
    householdId: p.uuid(),
    begins: p.date(),
    ends: p.date().nullable(),
    ...recorded,
  },
});

export interface PersonRow {
  readonly id: string;
  readonly givenName: string;
  readonly middleName: string | null;
  readonly familyName: string;
  readonly preferredGivenName: string | null;
  readonly preferredFamilyName: string | null;
}

/** What decides who may read a row about a student. */
export interface AboutStudent {
  readonly studentId: string;
  /** Every school of the student, past ones included. */
  readonly schoolIds: readonly string[];
  /** The viewer, if the viewer teaches the student today; otherwise nobody. */
  readonly teacherIds: readonly string[];
}

export interface StudentRow extends PersonRow, AboutStudent {
  readonly sortName: string;
  readonly localId: string | null;
  readonly birthDate: string | null;
  readonly sex: string | null;
  /** Of the primary enrollment that covers today at its school. */
  readonly gradeLevel: string | null;
}

export interface StaffRow extends PersonRow {
  readonly sortName: string;
}

export interface RoleGrantRow {
  readonly id: string;
  readonly staffId: string;
  readonly role: string;
  readonly schoolId: string | null;
  readonly begins: string;
  readonly ends: string | null;
}

/** A contact as one student's: the person and the relation together. */
export interface ContactRow extends PersonRow, AboutStudent {
  readonly relationId: string;
  readonly relation: string;
  readonly custody: string;
}

export const Classroom = defineEntity({
  name: 'Classroom',
  tableName: 'classroom',
  properties: {
    sectionId: p.uuid().primary(),
    schoolId: p.uuid(),
    studentIds: p.array().columnType('uuid[]'),
    studentBegins: p.array().columnType('date[]'),
    studentEnds: p.array().columnType('date[]'),
  },
});

export const ClassroomTeacher = defineEntity({
  name: 'ClassroomTeacher',
  tableName: 'classroom_teacher',
  properties: {
    sectionId: p.uuid().primary(),
    staffId: p.uuid().primary(),
    begins: p.date().primary(),
    schoolId: p.uuid(),
    ends: p.date().nullable(),
  },
});
