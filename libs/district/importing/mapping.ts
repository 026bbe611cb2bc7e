import { schoolYearOf } from '@rollbook/school';
import type { FileName, Row, Version } from '@rollbook/oneroster';

/** What the rows of one OneRoster file become: the verb that takes them, and the input row each turns into. */
export interface FileImport {
  readonly file: FileName;
  readonly verb: string;
  /** How many requests of this file may be under way at once; 1 where rows point to earlier rows of the same file. */
  readonly concurrency: number;
  readonly toInput: (row: Row, facts: PackageFacts) => Record<string, unknown>;
  /** Further fields of the verb's input. */
  readonly extra?: (facts: PackageFacts) => Record<string, unknown>;
}

/** What a row cannot say by itself. */
export interface PackageFacts {
  readonly version: Version;
  /** IANA zone of the schools: OneRoster has no column for it. */
  readonly timeZone: string;
  /** First day of the package's school year: when an enrollment without dates begins. */
  readonly schoolYearBegins: string;
  /** 1.2 keeps roles in a file of their own. */
  rolesOf(userSourcedId: string): readonly RoleRow[];
}

export interface RoleRow {
  readonly role: string;
  readonly orgSourcedId: string;
  readonly begins: string | null;
  readonly ends: string | null;
}

const text = (value: string | undefined) => value || null;
const list = (value: string | undefined) => (value ? value.split(',').map((item) => item.trim()).filter(Boolean) : []); // prettier-ignore
const flag = (value: string | undefined) => (value ? value.toLowerCase() === 'true' : null);

const races = {
  americanIndianOrAlaskaNative: 'American Indian or Alaska Native',
  asian: 'Asian',
  blackOrAfricanAmerican: 'Black or African American',
  nativeHawaiianOrOtherPacificIslander: 'Native Hawaiian or Other Pacific Islander',
  white: 'White',
} as const;

/** In the order in which they are applied: what is pointed to comes first. Each service's files stand together. */
export const peopleFiles: readonly FileImport[] = [
  {
    file: 'orgs',
    verb: 'importOrgs',
    concurrency: 1,
    toInput: (row, facts) => ({
      sourcedId: row['sourcedId'],
      name: row['name'],
      type: row['type'],
      identifier: text(row['identifier']),
      parentSourcedId: text(row['parentSourcedId']),
      timeZone: facts.timeZone,
      status: text(row['status']),
    }),
  },
  {
    file: 'users',
    verb: 'importUsers',
    concurrency: 4,
    extra: ({ schoolYearBegins }) => ({ schoolYearBegins }),
    toInput: (row, facts) => ({
      sourcedId: row['sourcedId'],
      username: text(row['username']),
      givenName: row['givenName'],
      middleName: text(row['middleName']),
      familyName: row['familyName'],
      preferredGivenName: text(row['preferredGivenName']),
      preferredFamilyName: text(row['preferredFamilyName']),
      identifier: text(row['identifier']),
      email: text(row['email']),
      phone: text(row['phone']),
      sms: text(row['sms']),
      pronouns: text(row['pronouns']),
      enabled: flag(row['enabledUser']) ?? true,
      gradeLevel: list(row['grades'])[0] ?? null,
      roles: rolesIn(row, facts),
      agentSourcedIds: list(row['agentSourcedIds']),
      primaryOrgSourcedId: text(row['primaryOrgSourcedId']),
      status: text(row['status']),
    }),
  },
  {
    file: 'demographics',
    verb: 'importDemographics',
    concurrency: 4,
    toInput: (row) => ({
      sourcedId: row['sourcedId'],
      birthDate: text(row['birthDate']),
      sex: text(row['sex']),
      hispanicOrLatino: flag(row['hispanicOrLatinoEthnicity']),
      races: Object.entries(races).flatMap(([column, name]) => (flag(row[column]) ? [name] : [])),
      countryOfBirth: text(row['countryOfBirthCode']),
      stateOfBirth: text(row['stateOfBirthAbbreviation']),
      cityOfBirth: text(row['cityOfBirth']),
      status: text(row['status']),
    }),
  },
];

export const scheduleFiles: readonly FileImport[] = [
  {
    file: 'academicSessions',
    verb: 'importAcademicSessions',
    concurrency: 1,
    toInput: (row) => ({
      sourcedId: row['sourcedId'],
      title: row['title'],
      type: row['type'],
      begins: row['startDate'],
      ends: row['endDate'],
      parentSourcedId: text(row['parentSourcedId']),
      schoolYear: Number(row['schoolYear']) || schoolYearOf(row['startDate']!),
      status: text(row['status']),
    }),
  },
  {
    file: 'courses',
    verb: 'importCourses',
    concurrency: 2,
    toInput: (row) => ({
      sourcedId: row['sourcedId'],
      title: row['title'],
      courseCode: text(row['courseCode']),
      grades: list(row['grades']),
      orgSourcedId: row['orgSourcedId'],
      schoolYearSourcedId: text(row['schoolYearSourcedId']),
      subjects: list(row['subjects']),
      subjectCodes: list(row['subjectCodes']),
      status: text(row['status']),
    }),
  },
  {
    file: 'classes',
    verb: 'importClasses',
    concurrency: 2,
    toInput: (row) => ({
      sourcedId: row['sourcedId'],
      title: row['title'],
      classCode: text(row['classCode']),
      classType: row['classType'],
      location: text(row['location']),
      grades: list(row['grades']),
      courseSourcedId: row['courseSourcedId'],
      schoolSourcedId: row['schoolSourcedId'],
      termSourcedIds: list(row['termSourcedIds']),
      subjects: list(row['subjects']),
      periods: list(row['periods']),
      status: text(row['status']),
    }),
  },
  {
    file: 'enrollments',
    verb: 'importEnrollments',
    concurrency: 4,
    toInput: (row) => ({
      sourcedId: row['sourcedId'],
      classSourcedId: row['classSourcedId'],
      schoolSourcedId: row['schoolSourcedId'],
      userSourcedId: row['userSourcedId'],
      role: row['role'],
      primary: flag(row['primary']),
      begins: text(row['beginDate']),
      ends: text(row['endDate']),
      status: text(row['status']),
    }),
  },
];

export const gradebookFiles: readonly FileImport[] = [
  {
    file: 'categories',
    verb: 'importCategories',
    concurrency: 1,
    toInput: (row) => ({ sourcedId: row['sourcedId'], title: row['title'], weight: text(row['weight']), status: text(row['status']) }),
  },
  {
    file: 'lineItems',
    verb: 'importLineItems',
    concurrency: 4,
    toInput: (row) => ({
      sourcedId: row['sourcedId'],
      title: row['title'],
      description: text(row['description']),
      assignedOn: row['assignDate'],
      dueOn: row['dueDate'],
      classSourcedId: row['classSourcedId'],
      categorySourcedId: row['categorySourcedId'],
      academicSessionSourcedId: text(row['academicSessionSourcedId'] || row['gradingPeriodSourcedId']),
      resultValueMin: text(row['resultValueMin']),
      resultValueMax: text(row['resultValueMax']),
      schoolSourcedId: text(row['schoolSourcedId']),
      status: text(row['status']),
    }),
  },
  {
    file: 'results',
    verb: 'importResults',
    concurrency: 4,
    toInput: (row) => ({
      sourcedId: row['sourcedId'],
      lineItemSourcedId: row['lineItemSourcedId'],
      studentSourcedId: row['studentSourcedId'],
      classSourcedId: text(row['classSourcedId']),
      scoreStatus: row['scoreStatus'],
      score: text(row['score']),
      textScore: text(row['textScore']),
      scoreDate: row['scoreDate']?.slice(0, 10),
      comment: text(row['comment']),
      late: flag(row['late']),
      missing: flag(row['missing']),
      incomplete: flag(row['incomplete']),
      status: text(row['status']),
    }),
  },
];

function rolesIn(row: Row, facts: PackageFacts): readonly RoleRow[] {
  if (facts.version === '1.2') return facts.rolesOf(row['sourcedId']!);
  return list(row['orgSourcedIds']).map((orgSourcedId) => ({ role: row['role']!, orgSourcedId, begins: null, ends: null }));
}
