/**
 * A small school over four subgraphs, for tests and measurements: entities known to several subgraphs and referring to
 * each other both ways, unions, interfaces, lists of lists, and rows with every falsy value there is.
 */
// Production code of the gateway must not know how subgraphs are built; this file is for tests.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLDataSource } from '@apollo/gateway';
import { composeServices } from '@theguild/federation-composition';
import {
  buildSchema,
  execute,
  isAbstractType,
  isObjectType,
  parse,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import { localDataSource, type LocalSubgraph } from './localDataSource.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable"])';

interface Reference {
  id: string;
  date?: string;
}
type FieldResolvers = Record<string, GraphQLFieldResolver<Reference, unknown>> & { __resolveReference?: (reference: Reference) => unknown };
export interface SubgraphSource {
  name: string;
  sdl: string;
  resolvers: Record<string, FieldResolvers>;
}

type Row = Record<string, unknown> & { id: string };
const table = (rows: Row[]): Map<string, Row> => new Map(rows.map((row) => [row.id, row]));
/** One resolver a column: a row that is not there has no values. */
const columns = (rows: Map<string, Row>, ...names: string[]): FieldResolvers =>
  Object.fromEntries(names.map((name) => [name, ({ id }: Reference) => rows.get(id)?.[name]]));
const ref = (__typename: string, id: string) => ({ __typename, id });
const refs = (typename: string, ids: Iterable<string>) => [...ids].map((id) => ref(typename, id));
const known = (typename: string, rows: Map<string, Row>) => ({
  __resolveReference: ({ id }: Reference) => (rows.has(id) ? ref(typename, id) : null),
});
const anyReference = { __resolveReference: (reference: Reference) => reference };

export const students = table([
  { id: 's1', name: 'Ada', email: 'ada@school', gradeLevel: 0, nickname: '', withdrawn: false, languages: [['en'], []] },
  { id: 's2', name: '', email: null, gradeLevel: 9, nickname: null, withdrawn: true, languages: null },
  { id: 's3', name: 'Cy', email: '', gradeLevel: 12, nickname: 'C', withdrawn: false, languages: [] },
  { id: 's4', name: 'Dee', email: 'd@school', gradeLevel: 9, nickname: '0', withdrawn: false, languages: [['fa', 'ko'], ['hy']] },
]);
const contacts: Record<string, unknown[]> = {
  s1: [
    { name: 'Eve', phone: '', order: 0 },
    { name: 'Flo', phone: null, order: 1 },
  ],
  s4: [{ name: '', phone: '555', order: 0 }],
};
const teachers = table([
  { id: 't1', name: 'Mx. Oh', email: 'oh@school', room: 0 },
  { id: 't2', name: 'Ms. Pi', email: null, room: null },
]);
const sections = table([
  { id: 'c1', title: 'Algebra', period: 0, room: '', teacher: 't1' },
  { id: 'c2', title: '', period: null, room: 'B2', teacher: null },
  { id: 'c3', title: 'Choir', period: 7, room: null, teacher: 't2' },
]);
const enrollments = table([
  { id: 'e1', seat: 0, active: true, student: 's1', section: 'c1', homeroom: true },
  { id: 'e2', seat: 1, active: true, student: 's2', section: 'c1' },
  { id: 'e3', seat: null, active: false, student: 's3', section: 'c1' },
  { id: 'e4', seat: 2, active: true, student: 's1', section: 'c3' },
  { id: 'e5', seat: 3, active: true, student: 'gone', section: 'c3' }, // of a student whom the student subgraph does not know
  { id: 'e6', seat: 4, active: true, student: 's4', section: 'c2', homeroom: true },
]);
const marks = table([
  { id: 'm1', points: 0, letter: 'F', posted: false, student: 's1', section: 'c1', enrollment: 'e1', comments: ['', null] },
  { id: 'm2', points: 99.5, letter: '', posted: true, student: 's2', section: 'c1', enrollment: 'e2', comments: [] },
  { id: 'm3', points: null, letter: 'A', posted: true, student: 's1', section: 'c3', enrollment: 'e4', comments: null },
  { id: 'm4', points: 50, letter: 'C', posted: true, student: 's4', section: null, enrollment: 'e6', comments: ['late'] },
]);
const rolls = table([
  { id: 'r1', date: '2026-09-01', note: '', minutes: 0, section: 'c1', submitted: false, takenBy: null },
  { id: 'r2', date: '2026-09-02', note: null, minutes: 45, section: 'c3', submitted: true, takenBy: 't2' },
]);
const entries: Record<string, unknown[]> = {
  r1: [
    { student: ref('Student', 's1'), code: 'PRESENT', minutesLate: 0 },
    { student: ref('Student', 's2'), code: 'ABSENT', minutesLate: null },
  ],
  r2: [{ student: ref('Student', 'gone'), code: 'PRESENT', minutesLate: 5 }],
};
const days = [
  { __typename: 'DaySummary', date: '2026-09-01', note: '', minutes: 0, absences: 0, student: ref('Student', 's1') },
  { __typename: 'DaySummary', date: '2026-09-02', note: 'fog', minutes: null, absences: 3, student: ref('Student', 's4') },
];

const idsWhere = (rows: Map<string, Row>, column: string, value: unknown) =>
  [...rows.values()].filter((row) => row[column] === value).map(({ id }) => id);
const oneRef = (typename: string, rows: Map<string, Row>, column: string) => (parent: Reference) => {
  const id = rows.get(parent.id)?.[column];
  return typeof id === 'string' ? ref(typename, id) : null;
};
const lookUp =
  (typename: string, rows: Map<string, Row>) =>
  (_: unknown, { id }: { id: string }) =>
    rows.has(id) ? ref(typename, id) : null;

const student: SubgraphSource = {
  name: 'student',
  sdl: /* GraphQL */ `
    interface Person {
      id: ID!
      name: String!
      email: String
    }
    type Student implements Person @key(fields: "id") {
      id: ID!
      name: String!
      email: String
      gradeLevel: Int!
      nickname: String
      withdrawn: Boolean!
      languages: [[String!]!]
      contacts(first: Int! = 2): [Contact!]!
      friends: [Student]
      advisor: Person
    }
    type Teacher implements Person @key(fields: "id") {
      id: ID!
      name: String!
      email: String
      room: Int
    }
    type Contact {
      name: String!
      phone: String
      order: Int!
    }
    union Member = Student | Teacher
    type Query {
      student(id: ID!): Student
      students(first: Int! = 2, gradeLevel: Int): [Student!]!
      person(id: ID!): Person
      people: [Person]!
      members: [Member!]!
      pairs: [[Member]!]!
    }
  `,
  resolvers: {
    Student: {
      ...known('Student', students),
      ...columns(students, 'name', 'email', 'gradeLevel', 'nickname', 'withdrawn', 'languages'),
      contacts: ({ id }, { first }) => (students.has(id) ? (contacts[id] ?? []).slice(0, first) : null),
      friends: ({ id }) =>
        students.has(id)
          ? [
              null,
              ...refs(
                'Student',
                [...students.keys()].filter((other) => other > id),
              ),
            ]
          : null,
      advisor: ({ id }) => (id === 's1' ? ref('Teacher', 't1') : id === 's2' ? ref('Student', 's4') : null),
    },
    Teacher: { ...known('Teacher', teachers), ...columns(teachers, 'name', 'email', 'room') },
    Query: {
      student: lookUp('Student', students),
      students: (_, { first, gradeLevel }) =>
        refs('Student', gradeLevel == null ? students.keys() : idsWhere(students, 'gradeLevel', gradeLevel)).slice(0, first),
      person: (_, { id }) => (students.has(id) ? ref('Student', id) : teachers.has(id) ? ref('Teacher', id) : null),
      people: () => [ref('Student', 's1'), null, ref('Teacher', 't1'), ref('Student', 's2'), ref('Teacher', 't2')],
      members: () => [ref('Teacher', 't2'), ref('Student', 's1'), ref('Student', 's3')],
      pairs: () => [[ref('Student', 's1'), null], [], [ref('Teacher', 't1'), ref('Student', 's2')]],
    },
  },
};

const scheduling: SubgraphSource = {
  name: 'scheduling',
  sdl: /* GraphQL */ `
    type Section @key(fields: "id") {
      id: ID!
      title: String!
      period: Int
      room: String
      enrollments(active: Boolean = true, max: Int): [SectionEnrollment!]!
      teacher: Teacher
      seatMap: [[SectionEnrollment]!]!
    }
    type SectionEnrollment @key(fields: "id") {
      id: ID!
      seat: Int
      active: Boolean!
      student: Student!
      section: Section!
    }
    type Student @key(fields: "id") {
      id: ID!
      enrollments: [SectionEnrollment!]!
      homeroom: Section
    }
    type Teacher @key(fields: "id") {
      id: ID!
      sections: [Section!]!
    }
    type Query {
      section(id: ID!): Section
      sections: [Section!]!
      enrollment(id: ID!): SectionEnrollment
    }
  `,
  resolvers: {
    Section: {
      ...known('Section', sections),
      ...columns(sections, 'title', 'period', 'room'),
      enrollments: ({ id }, { active, max }) => {
        const ids = idsWhere(enrollments, 'section', id).filter(
          (enrollment) => active == null || enrollments.get(enrollment)?.active === active,
        );
        return refs('SectionEnrollment', ids).slice(0, max ?? undefined);
      },
      teacher: oneRef('Teacher', sections, 'teacher'),
      seatMap: ({ id }) => [[...refs('SectionEnrollment', idsWhere(enrollments, 'section', id)), null], []],
    },
    SectionEnrollment: {
      ...known('SectionEnrollment', enrollments),
      ...columns(enrollments, 'seat', 'active'),
      student: oneRef('Student', enrollments, 'student'),
      section: oneRef('Section', enrollments, 'section'),
    },
    Student: {
      ...anyReference,
      enrollments: ({ id }) => refs('SectionEnrollment', idsWhere(enrollments, 'student', id)),
      homeroom: ({ id }) => {
        const row = [...enrollments.values()].find((enrollment) => enrollment.student === id && enrollment.homeroom);
        return row ? ref('Section', String(row.section)) : null;
      },
    },
    Teacher: { ...anyReference, sections: ({ id }) => refs('Section', idsWhere(sections, 'teacher', id)) },
    Query: {
      section: lookUp('Section', sections),
      sections: () => refs('Section', sections.keys()),
      enrollment: lookUp('SectionEnrollment', enrollments),
    },
  },
};

const grading: SubgraphSource = {
  name: 'grading',
  sdl: /* GraphQL */ `
    type Mark @key(fields: "id") {
      id: ID!
      points: Float
      letter: String!
      posted: Boolean!
      comments: [String]
      student: Student!
      section: Section
      revisions: [[Mark]!]
    }
    type Student @key(fields: "id") {
      id: ID!
      gpa: Float
      marks(posted: Boolean): [Mark!]!
      records: [Record!]!
    }
    type Section @key(fields: "id") {
      id: ID!
      average: Float
      marks: [Mark!]!
    }
    type SectionEnrollment @key(fields: "id") {
      id: ID!
      mark: Mark
    }
    type Roll @key(fields: "id") {
      id: ID!
      minutes: Int @shareable
    }
    union Record = Mark | Roll
    type Query {
      mark(id: ID!): Mark
      marks: [Mark!]!
    }
  `,
  resolvers: {
    Mark: {
      ...known('Mark', marks),
      ...columns(marks, 'points', 'letter', 'posted', 'comments'),
      student: oneRef('Student', marks, 'student'),
      section: oneRef('Section', marks, 'section'),
      revisions: ({ id }) => (id === 'm1' ? [[ref('Mark', 'm2'), null], [ref('Mark', 'm1')]] : null),
    },
    Student: {
      ...anyReference,
      gpa: ({ id }) => {
        if (id === 's3') throw new Error('The grade points of s3 are being computed.');
        return id === 's1' ? 0 : null;
      },
      marks: ({ id }, { posted }) =>
        refs('Mark', idsWhere(marks, 'student', id)).filter((mark) => posted == null || marks.get(mark.id)?.posted === posted),
      records: ({ id }) => [...refs('Mark', idsWhere(marks, 'student', id)), ...refs('Roll', id === 's1' ? ['r1', 'r2'] : [])],
    },
    Section: {
      ...anyReference,
      average: ({ id }) => (id === 'c1' ? 0 : null),
      marks: ({ id }) => refs('Mark', idsWhere(marks, 'section', id)),
    },
    SectionEnrollment: {
      ...anyReference,
      mark: ({ id }) => refs('Mark', idsWhere(marks, 'enrollment', id))[0] ?? null,
    },
    Roll: { ...anyReference, ...columns(rolls, 'minutes') },
    Query: { mark: lookUp('Mark', marks), marks: () => refs('Mark', marks.keys()) },
  },
};

const attendance: SubgraphSource = {
  name: 'attendance',
  // Roll.minutes is Int! here and Int in grading, so Int for clients; DaySummary.minutes is Int. To ask for both at
  // once, the planner must give one another name.
  sdl: /* GraphQL */ `
    interface Dated {
      date: String!
      note: String
    }
    enum AttendanceCode {
      PRESENT
      ABSENT
    }
    type Roll implements Dated @key(fields: "id") {
      id: ID!
      date: String!
      note: String
      minutes: Int! @shareable
      submitted: Boolean!
      section: Section!
      takenBy: Teacher
      entries: [RollEntry!]!
    }
    type DaySummary implements Dated {
      date: String!
      note: String
      minutes: Int
      absences: Int!
      student: Student!
    }
    type RollEntry {
      student: Student!
      code: AttendanceCode!
      minutesLate: Int
    }
    type Section @key(fields: "id") {
      id: ID!
      rolls: [Roll!]!
    }
    type Student @key(fields: "id") {
      id: ID!
      absences: Int!
      days: [Dated]
    }
    type Teacher @key(fields: "id") {
      id: ID!
      rollsTaken: [Roll!]!
    }
    type SectionEnrollment @key(fields: "id") {
      id: ID!
      absent: Boolean
    }
    type Query {
      roll(id: ID!): Roll
      rolls: [Roll!]!
      timeline: [Dated!]!
    }
  `,
  resolvers: {
    Roll: {
      ...known('Roll', rolls),
      ...columns(rolls, 'date', 'note', 'minutes', 'submitted'),
      section: oneRef('Section', rolls, 'section'),
      takenBy: oneRef('Teacher', rolls, 'takenBy'),
      entries: ({ id }) => entries[id] ?? [],
    },
    Section: { ...anyReference, rolls: ({ id }) => refs('Roll', idsWhere(rolls, 'section', id)) },
    Student: {
      ...anyReference,
      absences: ({ id }) => (id === 's2' ? 1 : 0),
      days: ({ id }) => [null, ...days.filter((day) => day.student.id === id), ref('Roll', 'r1')],
    },
    Teacher: { ...anyReference, rollsTaken: ({ id }) => refs('Roll', idsWhere(rolls, 'takenBy', id)) },
    SectionEnrollment: { ...anyReference, absent: ({ id }) => (id === 'e1' ? false : id === 'e2' ? true : null) },
    Query: {
      roll: lookUp('Roll', rolls),
      rolls: () => refs('Roll', rolls.keys()),
      timeline: () => [days[0], ref('Roll', 'r1'), ref('Roll', 'r2'), days[1]],
    },
  },
};

export const school: readonly SubgraphSource[] = [student, scheduling, grading, attendance];

/** The same school with a class of this size in section c1, for measurements. */
export function largeClass(size: number): readonly SubgraphSource[] {
  for (let i = 0; i < size; i++) {
    const id = `x${i}`;
    students.set(id, { ...students.get('s1')!, id, name: `Student ${i}` });
    contacts[id] = contacts.s1!;
    enrollments.set(id, { id, seat: i, active: true, student: id, section: 'c1' });
    marks.set(id, { ...marks.get('m1')!, id, student: id, enrollment: id });
  }
  return school;
}

/** Ids for arguments: of rows that are there, and one that is not. */
export const someIds = [students, teachers, sections, enrollments, marks, rolls].flatMap((rows) => [...rows.keys()]).concat('none');

/** @throws Error when the subgraphs do not compose */
export function composeSupergraph(subgraphs: readonly SubgraphSource[]): string {
  const { supergraphSdl, errors } = composeServices(
    subgraphs.map(({ name, sdl }) => ({ name, url: `http://${name}.invalid/graphql`, typeDefs: parse(`${LINK}\n${sdl}`) })),
  );
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

/** A subgraph run by graphql-js, with documents parsed once. */
export function subgraphExecutor({ sdl, resolvers }: SubgraphSource): LocalSubgraph<unknown> {
  const schema = buildSubgraphSchema([
    { typeDefs: parse(`${LINK}\n${sdl}`), resolvers: { ...resolvers, ...abstractResolvers(sdl) } as never },
  ]);
  const documents = new Map<string, DocumentNode>();
  return async ({ query, operationName, variables }, contextValue) => {
    let document = documents.get(query);
    if (!document) documents.set(query, (document = parse(query, { noLocation: true })));
    return execute({ schema, document, operationName, variableValues: variables, contextValue });
  };
}

function abstractResolvers(sdl: string): Record<string, unknown> {
  const names = [...sdl.matchAll(/^ *(?:interface|union) (\w+)/gm)].map(([, name]) => name);
  return Object.fromEntries(names.map((name) => [name, { __resolveType: ({ __typename }: { __typename: string }) => __typename }]));
}

export function localDataSources(subgraphs: readonly SubgraphSource[]): (name: string) => GraphQLDataSource {
  const sources = new Map(subgraphs.map((subgraph) => [subgraph.name, localDataSource(subgraph.name, subgraphExecutor(subgraph))]));
  return (name) => {
    const source = sources.get(name);
    if (!source) throw new Error(`No subgraph "${name}".`);
    return source;
  };
}

/** The same school as one schema without federation, run by the same resolvers: what every answer is measured against. */
export function monolith(apiSdl: string, subgraphs: readonly SubgraphSource[]): GraphQLSchema {
  const schema = buildSchema(apiSdl);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) type.resolveType = ({ __typename }: { __typename: string }) => __typename;
    if (!isObjectType(type)) continue;
    for (const { resolvers } of subgraphs) {
      for (const [name, resolve] of Object.entries(resolvers[type.name] ?? {})) {
        const field = type.getFields()[name];
        if (field) field.resolve = resolve as typeof field.resolve;
      }
    }
  }
  return schema;
}
