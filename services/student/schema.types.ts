// Made by `npm run compose` from this service's schema.graphql files. Do not edit it.
// What clients may send: the inputs, their enums, and the arguments of every field that has any.

export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A calendar day, `2026-11-21`, without time or zone. */
  Date: { input: string; output: string; }
  /** An instant in UTC, ISO 8601: `2026-11-21T15:04:05.000Z`. */
  DateTime: { input: Date; output: Date; }
};

/** The district that this graph serves. */
export type OpenDistrictInput = {
  /** What it is called. */
  readonly name: Scalars['String']['input'];
};

/** A new school. */
export type OpenSchoolInput = {
  /** What it is called. */
  readonly name: Scalars['String']['input'];
  /** The number the state knows the school by. */
  readonly identifier?: InputMaybe<Scalars['String']['input']>;
  /** IANA name, `America/Los_Angeles`. */
  readonly timeZone: Scalars['String']['input'];
  /** CEDS grade level: PK, TK, KG, 01 to 12. */
  readonly lowestGrade: Scalars['String']['input'];
  /** CEDS grade level, not below the lowest. */
  readonly highestGrade: Scalars['String']['input'];
};

/** Changes to a school. What is not named stays as it is. */
export type ChangeSchoolInput = {
  /** Which. */
  readonly schoolId: Scalars['ID']['input'];
  /** What it is called. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** The number the state knows the school by. */
  readonly identifier?: InputMaybe<Scalars['String']['input']>;
  /** IANA name, `America/Los_Angeles`. */
  readonly timeZone?: InputMaybe<Scalars['String']['input']>;
  /** CEDS grade level. */
  readonly lowestGrade?: InputMaybe<Scalars['String']['input']>;
  /** CEDS grade level, not below the lowest. */
  readonly highestGrade?: InputMaybe<Scalars['String']['input']>;
  /** Why; kept in the history. */
  readonly reason: Scalars['String']['input'];
};

/** The end of a school. */
export type CloseSchoolInput = {
  /** Which. */
  readonly schoolId: Scalars['ID']['input'];
  /** The first day on which the school is no more. */
  readonly on: Scalars['Date']['input'];
  /** Why; kept in the history. */
  readonly reason: Scalars['String']['input'];
};

/** Orgs of a OneRoster package. */
export type ImportOrgsInput = {
  /** The same for all requests of one import. */
  readonly importId: Scalars['ID']['input'];
  /** Counts the requests of the file, from 0. */
  readonly batch: Scalars['Int']['input'];
  /** The system the rows come from. */
  readonly source: Scalars['String']['input'];
  /** Only tell what would change. */
  readonly dryRun: Scalars['Boolean']['input'];
  /** The day with which what has gone is ended. */
  readonly today: Scalars['Date']['input'];
  /** At most 500. */
  readonly rows: ReadonlyArray<ImportOrgRow>;
};

/** A OneRoster org. */
export type ImportOrgRow = {
  /** The id in the source. */
  readonly sourcedId: Scalars['String']['input'];
  /** What it is called. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** district, school, department, local, state or national. */
  readonly type: Scalars['String']['input'];
  /** The number the state knows it by. */
  readonly identifier?: InputMaybe<Scalars['String']['input']>;
  /** Not needed: every school is the one district's. */
  readonly parentSourcedId?: InputMaybe<Scalars['String']['input']>;
  /** IANA name. Absent: as it is; a new school needs one. */
  readonly timeZone?: InputMaybe<Scalars['String']['input']>;
  /** CEDS grade level. Absent: as it is; of a new school, IT. */
  readonly lowestGrade?: InputMaybe<Scalars['String']['input']>;
  /** CEDS grade level. Absent: as it is; of a new school, 13. */
  readonly highestGrade?: InputMaybe<Scalars['String']['input']>;
  /** tobedeleted closes a school with `today`. */
  readonly status?: InputMaybe<Scalars['String']['input']>;
};

/** A new student and the first enrollment. */
export type AddStudentInput = {
  /** Legal given name. */
  readonly givenName: Scalars['String']['input'];
  /** Legal middle name. */
  readonly middleName?: InputMaybe<Scalars['String']['input']>;
  /** Legal family name. */
  readonly familyName: Scalars['String']['input'];
  /** If the student goes by another. */
  readonly preferredGivenName?: InputMaybe<Scalars['String']['input']>;
  /** If the student goes by another. */
  readonly preferredFamilyName?: InputMaybe<Scalars['String']['input']>;
  /** she/her. */
  readonly pronouns?: InputMaybe<Scalars['String']['input']>;
  /** The number the district knows the student by; nobody else's. */
  readonly localId?: InputMaybe<Scalars['String']['input']>;
  /** The student's own address. */
  readonly email?: InputMaybe<Scalars['String']['input']>;
  /** The student's own number. */
  readonly phone?: InputMaybe<Scalars['String']['input']>;
  /** Birth date and the rest. */
  readonly demographics?: InputMaybe<DemographicsInput>;
  /** The school, the grade and the first day. */
  readonly enrollment: FirstEnrollmentInput;
};

/** The enrollment a new student begins with. */
export type FirstEnrollmentInput = {
  /** Where. */
  readonly schoolId: Scalars['ID']['input'];
  /** A grade that the school teaches. */
  readonly gradeLevel: Scalars['String']['input'];
  /** The first day. */
  readonly begins: Scalars['Date']['input'];
  /** One of `entryCodes`. */
  readonly entryCode: Scalars['String']['input'];
  /** Absent: true. */
  readonly primary?: InputMaybe<Scalars['Boolean']['input']>;
};

/** What is reported to the state. What is not named stays as it is; null removes it. */
export type DemographicsInput = {
  /** Date of birth. */
  readonly birthDate?: InputMaybe<Scalars['Date']['input']>;
  /** female, male, other, unspecified. */
  readonly sex?: InputMaybe<Scalars['String']['input']>;
  /** Hispanic or Latino ethnicity. */
  readonly hispanicOrLatino?: InputMaybe<Scalars['Boolean']['input']>;
  /** Federal race categories. */
  readonly races?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** ISO 3166 code. */
  readonly countryOfBirth?: InputMaybe<Scalars['String']['input']>;
  /** Abbreviation of the state. */
  readonly stateOfBirth?: InputMaybe<Scalars['String']['input']>;
  /** Name of the city. */
  readonly cityOfBirth?: InputMaybe<Scalars['String']['input']>;
};

/** Changes to a student. What is not named stays as it is; null removes it. */
export type ChangeStudentInput = {
  /** Who. */
  readonly studentId: Scalars['ID']['input'];
  /** Legal given name. */
  readonly givenName?: InputMaybe<Scalars['String']['input']>;
  /** Legal middle name. */
  readonly middleName?: InputMaybe<Scalars['String']['input']>;
  /** Legal family name. */
  readonly familyName?: InputMaybe<Scalars['String']['input']>;
  /** If the student goes by another. */
  readonly preferredGivenName?: InputMaybe<Scalars['String']['input']>;
  /** If the student goes by another. */
  readonly preferredFamilyName?: InputMaybe<Scalars['String']['input']>;
  /** she/her. */
  readonly pronouns?: InputMaybe<Scalars['String']['input']>;
  /** The number the district knows the student by; nobody else's. */
  readonly localId?: InputMaybe<Scalars['String']['input']>;
  /** The student's own address. */
  readonly email?: InputMaybe<Scalars['String']['input']>;
  /** The student's own number. */
  readonly phone?: InputMaybe<Scalars['String']['input']>;
  /** Birth date and the rest. */
  readonly demographics?: InputMaybe<DemographicsInput>;
  /** Why; kept in the history. */
  readonly reason: Scalars['String']['input'];
};

/** A new member of staff. */
export type AddStaffInput = {
  /** Given name. */
  readonly givenName: Scalars['String']['input'];
  /** Family name. */
  readonly familyName: Scalars['String']['input'];
  /** The address at work. */
  readonly email?: InputMaybe<Scalars['String']['input']>;
};

/** A role for a member of staff. */
export type GrantRoleInput = {
  /** Who. */
  readonly staffId: Scalars['ID']['input'];
  /** TEACHER, COUNSELOR, CLERK, PRINCIPAL or DISTRICT_ADMINISTRATOR. */
  readonly role: StaffRole;
  /** Where; for a district administrator nowhere in particular. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** From this day. */
  readonly begins: Scalars['Date']['input'];
  /** The first day no longer; absent: open. */
  readonly ends?: InputMaybe<Scalars['Date']['input']>;
  /** Why; kept in the history. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

/** The roles of staff (Ed-Fi: StaffClassification; OneRoster: role). */
export type StaffRole =
  /** Teaches sections. */
  | 'TEACHER'
  /** Looks after students and their schedules. */
  | 'COUNSELOR'
  /** Keeps the office of a school. */
  | 'CLERK'
  /** Leads a school. */
  | 'PRINCIPAL'
  /** Everything, in every school. */
  | 'DISTRICT_ADMINISTRATOR';

/** The end of a role. */
export type EndRoleInput = {
  /** Which. */
  readonly grantId: Scalars['ID']['input'];
  /** The first day no longer. */
  readonly on: Scalars['Date']['input'];
  /** Why; kept in the history. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

/** What somebody is to a student. */
export type ContactRelationKind =
  /** By birth, adoption or marriage. */
  | 'PARENT'
  /** By law. */
  | 'GUARDIAN'
  /** Of the family. */
  | 'RELATIVE'
  /** A neighbor, a friend. */
  | 'OTHER';

/** Which rights somebody has toward a student. */
export type Custody =
  /** A parent's rights, records included. */
  | 'LEGAL'
  /** To be called, no more. */
  | 'NONE'
  /** A court says no. */
  | 'BARRED';

/** A person. */
export type ContactPersonInput = {
  /** Given name. */
  readonly givenName: Scalars['String']['input'];
  /** Family name. */
  readonly familyName: Scalars['String']['input'];
  /** Electronic mail. */
  readonly email?: InputMaybe<Scalars['String']['input']>;
  /** To be called. */
  readonly phone?: InputMaybe<Scalars['String']['input']>;
  /** For text messages. */
  readonly sms?: InputMaybe<Scalars['String']['input']>;
  /** BCP 47 tags, the best one first. */
  readonly languages?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** Changes to a person. What is not named stays as it is. */
export type ChangeContactPersonInput = {
  /** Given name. */
  readonly givenName?: InputMaybe<Scalars['String']['input']>;
  /** Family name. */
  readonly familyName?: InputMaybe<Scalars['String']['input']>;
  /** Electronic mail. */
  readonly email?: InputMaybe<Scalars['String']['input']>;
  /** To be called. */
  readonly phone?: InputMaybe<Scalars['String']['input']>;
  /** For text messages. */
  readonly sms?: InputMaybe<Scalars['String']['input']>;
  /** BCP 47 tags, the best one first. */
  readonly languages?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** A contact for a student: either `contactId` or `person`. */
export type AddContactInput = {
  /** Whose contact. */
  readonly studentId: Scalars['ID']['input'];
  /** Somebody who is a contact already. */
  readonly contactId?: InputMaybe<Scalars['ID']['input']>;
  /** Somebody new. */
  readonly person?: InputMaybe<ContactPersonInput>;
  /** What the person is to the student. */
  readonly relation: ContactRelationKind;
  /** Absent: LEGAL for a parent or guardian, NONE for others. */
  readonly custody?: InputMaybe<Custody>;
  /** 1 is called first; absent: last. */
  readonly priority?: InputMaybe<Scalars['Int']['input']>;
  /** Do they live in one household? */
  readonly livesWith?: InputMaybe<Scalars['Boolean']['input']>;
  /** May the person pick the student up? */
  readonly mayPickUp?: InputMaybe<Scalars['Boolean']['input']>;
};

/** Changes to a contact of a student. What is not named stays as it is. */
export type ChangeContactInput = {
  /** Whose contact. */
  readonly studentId: Scalars['ID']['input'];
  /** Who. */
  readonly contactId: Scalars['ID']['input'];
  /** Changes to the person, for all children. */
  readonly person?: InputMaybe<ChangeContactPersonInput>;
  /** What the person is to the student. */
  readonly relation?: InputMaybe<ContactRelationKind>;
  /** Which rights. */
  readonly custody?: InputMaybe<Custody>;
  /** 1 is called first. */
  readonly priority?: InputMaybe<Scalars['Int']['input']>;
  /** Do they live in one household? */
  readonly livesWith?: InputMaybe<Scalars['Boolean']['input']>;
  /** May the person pick the student up? */
  readonly mayPickUp?: InputMaybe<Scalars['Boolean']['input']>;
  /** Why; kept in the history. */
  readonly reason: Scalars['String']['input'];
};

/** The end of a contact. */
export type EndContactInput = {
  /** Whose contact. */
  readonly studentId: Scalars['ID']['input'];
  /** Who. */
  readonly contactId: Scalars['ID']['input'];
  /** From this day. */
  readonly on: Scalars['Date']['input'];
  /** Why; kept in the history. */
  readonly reason: Scalars['String']['input'];
};

/** A household and who lives there. */
export type AddHouseholdInput = {
  /** The students who live there. */
  readonly studentIds: ReadonlyArray<Scalars['ID']['input']>;
  /** From this day. */
  readonly begins: Scalars['Date']['input'];
  /** Number and street. */
  readonly street: Scalars['String']['input'];
  /** Apartment. */
  readonly unit?: InputMaybe<Scalars['String']['input']>;
  /** City. */
  readonly city: Scalars['String']['input'];
  /** Abbreviation of the state. */
  readonly state: Scalars['String']['input'];
  /** ZIP code. */
  readonly postalCode: Scalars['String']['input'];
  /** The household's telephone. */
  readonly phone?: InputMaybe<Scalars['String']['input']>;
  /** The language spoken there, BCP 47. */
  readonly homeLanguage?: InputMaybe<Scalars['String']['input']>;
};

/** A student's move. */
export type MoveStudentInput = {
  /** Who. */
  readonly studentId: Scalars['ID']['input'];
  /** The household that the student leaves. */
  readonly fromHouseholdId?: InputMaybe<Scalars['ID']['input']>;
  /** The household that the student moves to. */
  readonly toHouseholdId?: InputMaybe<Scalars['ID']['input']>;
  /** The first day there, and the first no longer in the other. */
  readonly on: Scalars['Date']['input'];
};

/** Users of a OneRoster package. */
export type ImportUsersInput = {
  /** The same for all requests of one import. */
  readonly importId: Scalars['ID']['input'];
  /** Counts the requests of the file, from 0. */
  readonly batch: Scalars['Int']['input'];
  /** The system the rows come from. */
  readonly source: Scalars['String']['input'];
  /** Only tell what would change. */
  readonly dryRun: Scalars['Boolean']['input'];
  /** The day with which what has gone is ended. */
  readonly today: Scalars['Date']['input'];
  /** When an enrollment or role without dates begins. */
  readonly schoolYearBegins: Scalars['Date']['input'];
  /** At most 500. */
  readonly rows: ReadonlyArray<ImportUserRow>;
};

/** A OneRoster user with the roles of the user. Dates are `2026-11-21`. */
export type ImportUserRow = {
  /** The id in the source. */
  readonly sourcedId: Scalars['String']['input'];
  /** Sign-in name. */
  readonly username?: InputMaybe<Scalars['String']['input']>;
  /** Given name. */
  readonly givenName?: InputMaybe<Scalars['String']['input']>;
  /** Middle name. */
  readonly middleName?: InputMaybe<Scalars['String']['input']>;
  /** Family name. */
  readonly familyName?: InputMaybe<Scalars['String']['input']>;
  /** If the person goes by another. */
  readonly preferredGivenName?: InputMaybe<Scalars['String']['input']>;
  /** If the person goes by another. */
  readonly preferredFamilyName?: InputMaybe<Scalars['String']['input']>;
  /** The local id. */
  readonly identifier?: InputMaybe<Scalars['String']['input']>;
  /** Electronic mail. */
  readonly email?: InputMaybe<Scalars['String']['input']>;
  /** To be called. */
  readonly phone?: InputMaybe<Scalars['String']['input']>;
  /** For text messages. */
  readonly sms?: InputMaybe<Scalars['String']['input']>;
  /** she/her. */
  readonly pronouns?: InputMaybe<Scalars['String']['input']>;
  /** May the person sign in? Absent: yes. */
  readonly enabled?: InputMaybe<Scalars['Boolean']['input']>;
  /** A student's grade. */
  readonly gradeLevel?: InputMaybe<Scalars['String']['input']>;
  /** What the person is, and where. */
  readonly roles: ReadonlyArray<ImportRoleRow>;
  /** Of a student: the contacts, the first one first. */
  readonly agentSourcedIds: ReadonlyArray<Scalars['String']['input']>;
  /** Of a student: the school that counts the student. Absent: that of the first role. */
  readonly primaryOrgSourcedId?: InputMaybe<Scalars['String']['input']>;
  /** tobedeleted ends the person with `today`. */
  readonly status?: InputMaybe<Scalars['String']['input']>;
};

/** A role of a OneRoster user (1.2: roles.csv; 1.1: role and orgSourcedIds). */
export type ImportRoleRow = {
  /** OneRoster's word: student, teacher, parent, ext:clerk ... */
  readonly role: Scalars['String']['input'];
  /** Where. */
  readonly orgSourcedId: Scalars['String']['input'];
  /** Absent: `schoolYearBegins`. */
  readonly begins?: InputMaybe<Scalars['String']['input']>;
  /** The first day no longer; absent: open. */
  readonly ends?: InputMaybe<Scalars['String']['input']>;
};

/** Demographics of a OneRoster package. */
export type ImportDemographicsInput = {
  /** The same for all requests of one import. */
  readonly importId: Scalars['ID']['input'];
  /** Counts the requests of the file, from 0. */
  readonly batch: Scalars['Int']['input'];
  /** The system the rows come from. */
  readonly source: Scalars['String']['input'];
  /** Only tell what would change. */
  readonly dryRun: Scalars['Boolean']['input'];
  /** The day of the import. */
  readonly today: Scalars['Date']['input'];
  /** At most 500. */
  readonly rows: ReadonlyArray<ImportDemographicsRow>;
};

/** A OneRoster demographics row. */
export type ImportDemographicsRow = {
  /** The user's id in the source. */
  readonly sourcedId: Scalars['String']['input'];
  /** Date of birth, `2010-11-21`. */
  readonly birthDate?: InputMaybe<Scalars['String']['input']>;
  /** male, female, unspecified, other. */
  readonly sex?: InputMaybe<Scalars['String']['input']>;
  /** Hispanic or Latino ethnicity. */
  readonly hispanicOrLatino?: InputMaybe<Scalars['Boolean']['input']>;
  /** Federal race categories. */
  readonly races: ReadonlyArray<Scalars['String']['input']>;
  /** ISO 3166 code. */
  readonly countryOfBirth?: InputMaybe<Scalars['String']['input']>;
  /** Abbreviation of the state. */
  readonly stateOfBirth?: InputMaybe<Scalars['String']['input']>;
  /** Name of the city. */
  readonly cityOfBirth?: InputMaybe<Scalars['String']['input']>;
  /** tobedeleted removes nothing: what was reported stays. */
  readonly status?: InputMaybe<Scalars['String']['input']>;
};

/** The end of an import. */
export type FinishPeopleImportInput = {
  /** Which. */
  readonly importId: Scalars['ID']['input'];
  /** The system the rows came from. */
  readonly source: Scalars['String']['input'];
  /** The kinds of rows that the package holds completely: org, user. Kinds of other services mean nothing here. */
  readonly bulkKinds: ReadonlyArray<Scalars['String']['input']>;
  /** The day with which what has gone is ended. */
  readonly today: Scalars['Date']['input'];
};

/** A student's way into a school. */
export type EnrollStudentInput = {
  /** Who. */
  readonly studentId: Scalars['ID']['input'];
  /** Where. */
  readonly schoolId: Scalars['ID']['input'];
  /** A grade that the school teaches. */
  readonly gradeLevel: Scalars['String']['input'];
  /** The first day. */
  readonly begins: Scalars['Date']['input'];
  /** One of `entryCodes`. */
  readonly entryCode: Scalars['String']['input'];
  /** false: a second school, beside the one that counts the student. Absent: true. */
  readonly primary?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A student's way out of a school. */
export type WithdrawStudentInput = {
  /** Which enrollment. */
  readonly enrollmentId: Scalars['ID']['input'];
  /** The first day no longer enrolled. */
  readonly on: Scalars['Date']['input'];
  /** One of `exitCodes`. */
  readonly exitCode: Scalars['String']['input'];
};

/** A student's way from one school to another. */
export type TransferStudentInput = {
  /** The enrollment that ends. */
  readonly enrollmentId: Scalars['ID']['input'];
  /** The school that receives. */
  readonly toSchoolId: Scalars['ID']['input'];
  /** The first day there, and the first no longer at the old school. */
  readonly on: Scalars['Date']['input'];
  /** Absent: the same grade. */
  readonly gradeLevel?: InputMaybe<Scalars['String']['input']>;
  /** One of `exitCodes`; absent: TO_DISTRICT. */
  readonly exitCode?: InputMaybe<Scalars['String']['input']>;
  /** One of `entryCodes`; absent: FROM_DISTRICT. */
  readonly entryCode?: InputMaybe<Scalars['String']['input']>;
};

/** A new reason for an entry. */
export type AddEntryCodeInput = {
  /** Its name in requests. */
  readonly code: Scalars['String']['input'];
  /** In words. */
  readonly description: Scalars['String']['input'];
};

/** A new reason for an exit. */
export type AddExitCodeInput = {
  /** Its name in requests. */
  readonly code: Scalars['String']['input'];
  /** In words. */
  readonly description: Scalars['String']['input'];
};

/** A student's way into a program. */
export type EnterProgramInput = {
  /** Who. */
  readonly studentId: Scalars['ID']['input'];
  /** One of `programs`. */
  readonly programCode: Scalars['String']['input'];
  /** From this day. */
  readonly begins: Scalars['Date']['input'];
  /** The first day no longer; absent: open. */
  readonly ends?: InputMaybe<Scalars['Date']['input']>;
  /** Why; kept in the history. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

/** A student's way out of a program. */
export type ExitProgramInput = {
  /** Which participation. */
  readonly participationId: Scalars['ID']['input'];
  /** The first day no longer. */
  readonly on: Scalars['Date']['input'];
  /** Why; kept in the history. */
  readonly reason: Scalars['String']['input'];
};

/** A new program. */
export type AddProgramInput = {
  /** Its name in requests. */
  readonly code: Scalars['String']['input'];
  /** In words. */
  readonly name: Scalars['String']['input'];
};

export type QuerySchoolsArguments = {
  /** At most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** A page's `endCursor`. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QuerySchoolArguments = {
  /** The school's id. */
  readonly id: Scalars['ID']['input'];
};

export type MutationOpenDistrictArguments = {
  readonly input: OpenDistrictInput;
};

export type MutationOpenSchoolArguments = {
  readonly input: OpenSchoolInput;
};

export type MutationChangeSchoolArguments = {
  readonly input: ChangeSchoolInput;
};

export type MutationCloseSchoolArguments = {
  readonly input: CloseSchoolInput;
};

export type MutationImportOrgsArguments = {
  readonly input: ImportOrgsInput;
};

export type QueryAccessOfArguments = {
  /** A member of staff, a contact or a student. */
  readonly personId: Scalars['ID']['input'];
};

export type QueryStudentArguments = {
  /** The student's id. */
  readonly id: Scalars['ID']['input'];
};

export type QueryStudentsArguments = {
  /** Only those enrolled there today. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** How the family name begins (`smith`, or `smith, an`), or the local id; within a school also how a given name begins. */
  readonly filter?: InputMaybe<Scalars['String']['input']>;
  /** At most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** A page's `endCursor`. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryStaffArguments = {
  /** The person's id. */
  readonly id: Scalars['ID']['input'];
};

export type QueryStaffMembersArguments = {
  /** Only those who hold a role there today. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** Only those who hold this role today: TEACHER, COUNSELOR, CLERK, PRINCIPAL, DISTRICT_ADMINISTRATOR. */
  readonly role?: InputMaybe<Scalars['String']['input']>;
  /** How the family name begins. */
  readonly filter?: InputMaybe<Scalars['String']['input']>;
  /** At most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** A page's `endCursor`. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type MutationAddStudentArguments = {
  readonly input: AddStudentInput;
};

export type MutationChangeStudentArguments = {
  readonly input: ChangeStudentInput;
};

export type MutationAddStaffArguments = {
  readonly input: AddStaffInput;
};

export type MutationGrantRoleArguments = {
  readonly input: GrantRoleInput;
};

export type MutationEndRoleArguments = {
  readonly input: EndRoleInput;
};

export type MutationAddContactArguments = {
  readonly input: AddContactInput;
};

export type MutationChangeContactArguments = {
  readonly input: ChangeContactInput;
};

export type MutationEndContactArguments = {
  readonly input: EndContactInput;
};

export type MutationAddHouseholdArguments = {
  readonly input: AddHouseholdInput;
};

export type MutationMoveStudentArguments = {
  readonly input: MoveStudentInput;
};

export type MutationImportUsersArguments = {
  readonly input: ImportUsersInput;
};

export type MutationImportDemographicsArguments = {
  readonly input: ImportDemographicsInput;
};

export type MutationFinishPeopleImportArguments = {
  readonly input: FinishPeopleImportInput;
};

export type StudentHouseholdsArguments = {
  /** The day; absent: today. */
  readonly on?: InputMaybe<Scalars['Date']['input']>;
};

export type QueryEnrollmentCountArguments = {
  /** The school; absent: the whole district. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** The day; absent: today at the school. */
  readonly asOf?: InputMaybe<Scalars['Date']['input']>;
};

export type MutationEnrollStudentArguments = {
  readonly input: EnrollStudentInput;
};

export type MutationWithdrawStudentArguments = {
  readonly input: WithdrawStudentInput;
};

export type MutationTransferStudentArguments = {
  readonly input: TransferStudentInput;
};

export type MutationAddEntryCodeArguments = {
  readonly input: AddEntryCodeInput;
};

export type MutationAddExitCodeArguments = {
  readonly input: AddExitCodeInput;
};

export type SchoolEnrollmentsArguments = {
  /** The day; absent: today at the school. */
  readonly asOf?: InputMaybe<Scalars['Date']['input']>;
  /** Only this grade. */
  readonly gradeLevel?: InputMaybe<Scalars['String']['input']>;
  /** At most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** A page's `endCursor`. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type MutationEnterProgramArguments = {
  readonly input: EnterProgramInput;
};

export type MutationExitProgramArguments = {
  readonly input: ExitProgramInput;
};

export type MutationAddProgramArguments = {
  readonly input: AddProgramInput;
};

export type StudentProgramsArguments = {
  /** The day; absent: today. */
  readonly on?: InputMaybe<Scalars['Date']['input']>;
};

export type QueryArguments = {
  readonly schools: QuerySchoolsArguments;
  readonly school: QuerySchoolArguments;
  readonly accessOf: QueryAccessOfArguments;
  readonly student: QueryStudentArguments;
  readonly students: QueryStudentsArguments;
  readonly staff: QueryStaffArguments;
  readonly staffMembers: QueryStaffMembersArguments;
  readonly enrollmentCount: QueryEnrollmentCountArguments;
};

export type MutationArguments = {
  readonly openDistrict: MutationOpenDistrictArguments;
  readonly openSchool: MutationOpenSchoolArguments;
  readonly changeSchool: MutationChangeSchoolArguments;
  readonly closeSchool: MutationCloseSchoolArguments;
  readonly importOrgs: MutationImportOrgsArguments;
  readonly addStudent: MutationAddStudentArguments;
  readonly changeStudent: MutationChangeStudentArguments;
  readonly addStaff: MutationAddStaffArguments;
  readonly grantRole: MutationGrantRoleArguments;
  readonly endRole: MutationEndRoleArguments;
  readonly addContact: MutationAddContactArguments;
  readonly changeContact: MutationChangeContactArguments;
  readonly endContact: MutationEndContactArguments;
  readonly addHousehold: MutationAddHouseholdArguments;
  readonly moveStudent: MutationMoveStudentArguments;
  readonly importUsers: MutationImportUsersArguments;
  readonly importDemographics: MutationImportDemographicsArguments;
  readonly finishPeopleImport: MutationFinishPeopleImportArguments;
  readonly enrollStudent: MutationEnrollStudentArguments;
  readonly withdrawStudent: MutationWithdrawStudentArguments;
  readonly transferStudent: MutationTransferStudentArguments;
  readonly addEntryCode: MutationAddEntryCodeArguments;
  readonly addExitCode: MutationAddExitCodeArguments;
  readonly enterProgram: MutationEnterProgramArguments;
  readonly exitProgram: MutationExitProgramArguments;
  readonly addProgram: MutationAddProgramArguments;
};

export type StudentArguments = {
  readonly households: StudentHouseholdsArguments;
  readonly programs: StudentProgramsArguments;
};

export type SchoolArguments = {
  readonly enrollments: SchoolEnrollmentsArguments;
};

export type Arguments = {
  readonly Query: QueryArguments;
  readonly Mutation: MutationArguments;
  readonly Student: StudentArguments;
  readonly School: SchoolArguments;
};
