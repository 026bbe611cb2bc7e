import type { Context, Slice } from '@rollbook/subgraph';
import { schoolById } from '../schools/resolvers.ts';
import { aboutStudent } from './classrooms.ts';
import { addContact, changeContact, contactsOfStudent, custodyFor, endContact } from './contacts.ts';
import * as tables from './entities.ts';
import type { PersonRow, RoleGrantRow, StaffRow, StudentRow } from './entities.ts';
import { addHousehold, householdsOn, moveStudent, type HouseholdRow } from './households.ts';
import { importDemographics } from './importDemographics.ts';
import { importUsers } from './importUsers.ts';
import { finishPeopleImport } from './finishImport.ts';
import { accessOf, signedIn } from './me.ts';
import { displayName } from './rules.ts';
import { addStaff, endRole, grantRole, listStaff, rolesOfMember, staffById } from './staff.ts';
import { addStudent, changeStudent, findDemographics, findStudent, listStudents, studentById, studentNow } from './students.ts';
import type { Arguments } from '../schema.types.ts';

const { Student, Demographics, Staff, RoleGrant, ContactPerson, ContactRelation, Household, Residence, Classroom, ClassroomTeacher } =
  tables;
const inDirectory = () => ({ schoolIds: null });

export const people: Slice<Arguments> = {
  entities: [Student, Demographics, Staff, RoleGrant, ContactPerson, ContactRelation, Household, Residence, Classroom, ClassroomTeacher],
  subjects: {
    Student: aboutStudent,
    Demographics: aboutStudent,
    Contact: aboutStudent,
    Household: aboutStudent,
    Staff: inDirectory,
    RoleGrant: inDirectory,
  },
  refusals: {
    student_local_id: ['LOCAL_ID_TAKEN', 'Another student of the district has this number.'],
    role_grant_once: ['ROLE_HELD_ALREADY', 'On some of these days the person holds this role there already.'],
    role_grant_place: [
      'ROLE_PLACE_INVALID',
      'A district administrator is one in the whole district; every other role is held at a school.',
    ],
    role_grant_staff_id_fkey: ['NOT_FOUND', 'There is no member of staff with this id.'],
    role_grant_school_id_fkey: ['NOT_FOUND', 'There is no school with this id.'],
    contact_relation_once: ['CONTACT_LISTED_ALREADY', 'This person is a contact of the student already; change the contact instead.'],
    contact_relation_barred: ['CUSTODY_BARRED', 'Somebody whom a court bars may not pick the student up.'],
    contact_relation_priority_check: ['PRIORITY_INVALID', 'Priorities count from 1.'],
    residence_once: ['LIVES_THERE_ALREADY', 'On some of these days the student lives in this household already.'],
  },
  resolvers: {
    Query: {
      me: (_, __, context) => signedIn(context),
      accessOf: (_, { personId }, context) => accessOf(personId, context),
      student: (_, { id }, context) => findStudent(id, context),
      students: (_, args, context) => listStudents(args, context),
      staff: (_, { id }, { load }) => load(staffById, id),
      staffMembers: (_, args, context) => listStaff(args, context),
    },
    Mutation: {
      addStudent: (_, { input }, context) => addStudent(input, context),
      changeStudent: (_, { input }, context) => changeStudent(input, context),
      addStaff: (_, { input }, context) => addStaff(input, context),
      grantRole: (_, { input }, context) => grantRole(input, context),
      endRole: (_, { input }, context) => endRole(input, context),
      addContact: (_, { input }, context) => addContact(input, context),
      changeContact: (_, { input }, context) => changeContact(input, context),
      endContact: (_, { input }, context) => endContact(input, context),
      addHousehold: (_, { input }, context) => addHousehold(input, context),
      moveStudent: async (_, { input }, context) => {
        await moveStudent(input, context);
        return studentNow(input.studentId, context);
      },
      importUsers: (_, { input }, context) => importUsers(input, context),
      importDemographics: (_, { input }, context) => importDemographics(input, context),
      finishPeopleImport: (_, { input }, context) => finishPeopleImport(input, context),
    },
    Student: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(studentById, id),
      displayName: (student: PersonRow) => displayName(student),
      preferredName: (student: PersonRow) => student.preferredGivenName,
      birthDate: ({ birthDate }: StudentRow) => birthDate,
      sex: ({ sex }: StudentRow) => sex,
      demographics: (student: StudentRow, _, context) => findDemographics(student, context),
      contacts: (student: StudentRow, _, context) => contactsOfStudent(student, context),
      households: (student: StudentRow, { on }, context) => householdsOn(student, on, context),
    },
    Staff: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(staffById, id),
      displayName: (member: PersonRow) => displayName(member),
      roles: (member: StaffRow, _, context) => rolesOfMember(member, context),
    },
    RoleGrant: {
      school: (grant: RoleGrantRow, _, { load }) => grant.schoolId && load(schoolById, grant.schoolId),
    },
    HeldRole: {
      school: ({ schoolId }: { schoolId: string | null }, _, { load }) => schoolId && load(schoolById, schoolId),
    },
    Household: {
      since: (household: HouseholdRow) => household.begins,
      until: (household: HouseholdRow) => household.ends,
    },
    Contact: {
      displayName: (contact: PersonRow) => displayName(contact),
      custody: (contact, _, context) => custodyFor(contact, context),
    },
  },
};
