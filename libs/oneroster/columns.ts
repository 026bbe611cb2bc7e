/**
 * The columns of every OneRoster file, in the order the standard demands, written down as data.
 * Sources: 1EdTech OneRoster 1.2.1 CSV Binding and OneRoster 1.1 CSV Tables. What a reader checks and what a
 * writer writes both follow from this table; there is no second place that knows a column.
 */
export type Version = '1.1' | '1.2';

export type FileName =
  | 'academicSessions'
  | 'categories'
  | 'classes'
  | 'classResources'
  | 'courses'
  | 'courseResources'
  | 'demographics'
  | 'enrollments'
  | 'lineItemLearningObjectiveIds'
  | 'lineItems'
  | 'lineItemScoreScales'
  | 'orgs'
  | 'resources'
  | 'resultLearningObjectiveIds'
  | 'results'
  | 'resultScoreScales'
  | 'roles'
  | 'scoreScales'
  | 'userProfiles'
  | 'userResources'
  | 'users';

/** How a value is written. `choice` is a word from `vocabulary`; `year` is the calendar year in which the school year ends. */
export type ColumnType = 'text' | 'id' | 'date' | 'dateTime' | 'year' | 'boolean' | 'integer' | 'float' | 'choice';

export interface Column {
  name: string;
  type: ColumnType;
  /** May not be empty. */
  required: boolean;
  /** Comma-separated inside one cell. */
  list: boolean;
  /** The words a `choice` allows; OneRoster 1.2 adds any word that starts with `ext:`. */
  vocabulary?: readonly string[];
  /** The file that must hold a record with this id. */
  target?: FileName;
}

const column = (name: string, type: ColumnType, more: Partial<Column> = {}): Column => ({
  name,
  type,
  required: false,
  list: false,
  ...more,
});
const text = (name: string) => column(name, 'text');
const texts = (name: string) => column(name, 'text', { list: true });
const date = (name: string) => column(name, 'date');
const flag = (name: string) => column(name, 'boolean');
const number = (name: string) => column(name, 'float');
const id = (name: string, target?: FileName) => column(name, 'id', target && { target });
const ids = (name: string, target: FileName) => column(name, 'id', { target, list: true });
const choice = (name: string, vocabulary: string) => column(name, 'choice', { vocabulary: vocabulary.split('|') });
const must = (optional: Column): Column => ({ ...optional, required: true });

/** Every file starts with these three. A delta fills the last two, a bulk file leaves them empty. */
const start = [must(id('sourcedId')), choice('status', 'active|tobedeleted'), column('dateLastModified', 'dateTime')];

const enrollmentRole = 'administrator|proctor|student|teacher';
const scoreStatus = 'exempt|fully graded|not submitted|partially graded|submitted';

const academicSessions = [
  ...start,
  must(text('title')),
  must(choice('type', 'gradingPeriod|semester|schoolYear|term')),
  must(date('startDate')),
  must(date('endDate')),
  id('parentSourcedId', 'academicSessions'),
  must(column('schoolYear', 'year')),
];
const orgs = [
  ...start,
  must(text('name')),
  must(choice('type', 'department|school|district|local|state|national')),
  text('identifier'),
  id('parentSourcedId', 'orgs'),
];
const courses = [
  ...start,
  id('schoolYearSourcedId', 'academicSessions'),
  must(text('title')),
  text('courseCode'),
  texts('grades'),
  must(id('orgSourcedId', 'orgs')),
  texts('subjects'),
  texts('subjectCodes'),
];
const classes = [
  ...start,
  must(text('title')),
  texts('grades'),
  must(id('courseSourcedId', 'courses')),
  text('classCode'),
  must(choice('classType', 'homeroom|scheduled')),
  text('location'),
  must(id('schoolSourcedId', 'orgs')),
  must(ids('termSourcedIds', 'academicSessions')),
  texts('subjects'),
  texts('subjectCodes'),
  texts('periods'),
];
const enrollments = [
  ...start,
  must(id('classSourcedId', 'classes')),
  must(id('schoolSourcedId', 'orgs')),
  must(id('userSourcedId', 'users')),
  must(choice('role', enrollmentRole)),
  flag('primary'),
  date('beginDate'),
  date('endDate'),
];
/** The sourcedId of a demographics row is the user's own. */
const demographics = [
  must(id('sourcedId', 'users')),
  ...start.slice(1),
  date('birthDate'),
  choice('sex', 'male|female|unspecified|other'),
  flag('americanIndianOrAlaskaNative'),
  flag('asian'),
  flag('blackOrAfricanAmerican'),
  flag('nativeHawaiianOrOtherPacificIslander'),
  flag('white'),
  flag('demographicRaceTwoOrMoreRaces'),
  flag('hispanicOrLatinoEthnicity'),
  text('countryOfBirthCode'),
  text('stateOfBirthAbbreviation'),
  text('cityOfBirth'),
  text('publicSchoolResidenceStatus'),
];
const resources = [
  ...start,
  must(text('vendorResourceId')),
  text('title'),
  texts('roles'),
  choice('importance', 'primary|secondary'),
  text('vendorId'),
  text('applicationId'),
];
const classResources = [...start, text('title'), must(id('classSourcedId', 'classes')), must(id('resourceSourcedId', 'resources'))];
const courseResources = [...start, text('title'), must(id('courseSourcedId', 'courses')), must(id('resourceSourcedId', 'resources'))];

/** From `username` to `password` the users of 1.1 and 1.2 agree. */
const account = [
  must(text('username')),
  texts('userIds'),
  must(text('givenName')),
  must(text('familyName')),
  text('middleName'),
  text('identifier'),
  text('email'),
  text('sms'),
  text('phone'),
  ids('agentSourcedIds', 'users'),
  texts('grades'),
  text('password'),
];

const oneRoster11: Partial<Record<FileName, readonly Column[]>> = {
  academicSessions,
  categories: [...start, must(text('title'))],
  classes,
  classResources,
  courses,
  courseResources,
  demographics,
  enrollments,
  lineItems: [
    ...start,
    must(text('title')),
    text('description'),
    must(date('assignDate')),
    must(date('dueDate')),
    must(id('classSourcedId', 'classes')),
    must(id('categorySourcedId', 'categories')),
    must(id('gradingPeriodSourcedId', 'academicSessions')),
    number('resultValueMin'),
    number('resultValueMax'),
  ],
  orgs,
  resources,
  results: [
    ...start,
    must(id('lineItemSourcedId', 'lineItems')),
    must(id('studentSourcedId', 'users')),
    must(choice('scoreStatus', scoreStatus)),
    number('score'),
    must(date('scoreDate')),
    text('comment'),
  ],
  users: [
    ...start,
    must(flag('enabledUser')),
    must(ids('orgSourcedIds', 'orgs')),
    must(choice('role', 'administrator|aide|guardian|parent|proctor|relative|student|teacher')),
    ...account,
  ],
};

const oneRoster12: Record<FileName, readonly Column[]> = {
  academicSessions,
  categories: [...start, must(text('title')), column('weight', 'integer')],
  classes,
  classResources,
  courses,
  courseResources,
  demographics,
  enrollments,
  lineItemLearningObjectiveIds: [
    ...start,
    must(id('lineItemSourcedId', 'lineItems')),
    must(choice('source', 'case|unknown')),
    must(text('learningObjectiveId')),
  ],
  lineItems: [
    ...start,
    must(text('title')),
    text('description'),
    must(date('assignDate')),
    must(date('dueDate')),
    must(id('classSourcedId', 'classes')),
    must(id('categorySourcedId', 'categories')),
    must(id('academicSessionSourcedId', 'academicSessions')),
    number('resultValueMin'),
    number('resultValueMax'),
    must(id('schoolSourcedId', 'orgs')),
  ],
  lineItemScoreScales: [
    ...start,
    text('title'),
    must(id('lineItemSourcedId', 'lineItems')),
    must(id('scoreScaleSourcedId', 'scoreScales')),
  ],
  orgs,
  resources,
  resultLearningObjectiveIds: [
    ...start,
    must(id('resultSourcedId', 'results')),
    must(choice('source', 'case|unknown')),
    must(text('learningObjectiveId')),
    number('score'),
    text('textScore'),
  ],
  results: [
    ...start,
    must(id('lineItemSourcedId', 'lineItems')),
    must(id('studentSourcedId', 'users')),
    must(choice('scoreStatus', scoreStatus)),
    number('score'),
    must(date('scoreDate')),
    text('comment'),
    text('textScore'),
    id('classSourcedId', 'classes'),
    flag('inProgress'),
    flag('incomplete'),
    flag('late'),
    flag('missing'),
  ],
  resultScoreScales: [...start, text('title'), must(id('resultSourcedId', 'results')), must(id('scoreScaleSourcedId', 'scoreScales'))],
  roles: [
    ...start,
    must(id('userSourcedId', 'users')),
    must(choice('roleType', 'primary|secondary')),
    must(
      choice(
        'role',
        'aide|counselor|districtAdministrator|guardian|parent|principal|proctor|relative|siteAdministrator|student|systemAdministrator|teacher',
      ),
    ),
    date('beginDate'),
    date('endDate'),
    must(id('orgSourcedId', 'orgs')),
    id('userProfileSourcedId', 'userProfiles'),
  ],
  scoreScales: [
    ...start,
    must(text('title')),
    must(text('type')),
    must(id('orgSourcedId', 'orgs')),
    must(id('courseSourcedId', 'courses')),
    must(id('classSourcedId', 'classes')),
    must(texts('scoreScaleValue')),
  ],
  userProfiles: [
    ...start,
    must(id('userSourcedId', 'users')),
    must(text('profileType')),
    must(text('vendorId')),
    text('applicationId'),
    text('description'),
    must(text('credentialType')),
    must(text('username')),
    text('password'),
  ],
  userResources: [
    ...start,
    must(id('userSourcedId', 'users')),
    id('orgSourcedId', 'orgs'),
    id('classSourcedId', 'classes'),
    must(id('resourceSourcedId', 'resources')),
  ],
  users: [
    ...start,
    must(flag('enabledUser')),
    ...account,
    text('userMasterIdentifier'),
    text('preferredGivenName'),
    text('preferredMiddleName'),
    text('preferredFamilyName'),
    id('primaryOrgSourcedId', 'orgs'),
    text('pronouns'),
  ],
};

/** Columns per version and file, in order. A file that a version does not have is missing from its table. */
export const columns: Record<Version, Partial<Record<FileName, readonly Column[]>>> = { '1.1': oneRoster11, '1.2': oneRoster12 };

/** Every file of OneRoster 1.2, in the order in which its manifest lists them; 1.1 has thirteen of them. */
export const fileNames = Object.keys(oneRoster12) as FileName[];

/** The table of one file. Throws a RangeError for a file that this version does not have. */
export function columnsOf(version: Version, file: FileName): readonly Column[] {
  const table = columns[version][file];
  if (!table) throw new RangeError(`OneRoster ${version} has no file ${file}.csv`);
  return table;
}

/** The files of a version, each after the files it points to: read like this, no file needs to be read twice. */
export function readingOrder(version: Version): FileName[] {
  const order: FileName[] = [];
  const visit = (file: FileName): void => {
    if (order.includes(file)) return;
    for (const { target } of columns[version][file]!) if (target && target !== file) visit(target);
    if (!order.includes(file)) order.push(file);
  };
  for (const file of Object.keys(columns[version]) as FileName[]) visit(file);
  return order;
}
