import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { administrator, clerk, counselor, id, north, openSchools, principal, south, southPrincipal, teacher, vendor } from '../testing.ts';

let service: TestSubgraph;
beforeAll(async () => {
  service = await openSchools();
});
afterAll(() => service.close());

const fields = 'id number title credits gradeLevels prerequisites { anyOf note } endedOn school { id }';
const add = `mutation ($input: AddCourseInput!) { addCourse(input: $input) { ${fields} } }`;
const change = `mutation ($input: ChangeCourseInput!) { changeCourse(input: $input) { ${fields} } }`;

test('a course has its credits exactly and its prerequisites as data', async () => {
  const input = {
    schoolId: north,
    number: 'ALG2',
    title: 'Algebra 2',
    credits: '0.5',
    gradeLevels: ['10', '11'],
    prerequisites: [{ anyOf: ['ALG1', 'ALG1H'] }, { note: ' Consent of the instructor ' }],
  };
  const { addCourse: course } = await service.data(counselor, add, { input });
  expect(course).toMatchObject({
    credits: '0.500',
    prerequisites: [
      { anyOf: ['ALG1', 'ALG1H'], note: null },
      { anyOf: [], note: 'Consent of the instructor' },
    ],
    school: { id: north },
  });
  const { changeCourse: changed } = await service.data(principal, change, { input: { courseId: course.id, title: 'Algebra II' } });
  expect(changed).toEqual({ ...course, title: 'Algebra II' });
  expect(await service.sql(`select before ->> 'title' as was from history where table_name = 'course'`)).toEqual([{ was: 'Algebra 2' }]);
  for (const [more, code] of [
    [{ credits: '-1' }, 'CREDITS_INVALID'],
    [{ credits: 'five' }, 'CREDITS_INVALID'],
    [{ prerequisites: [{ anyOf: [], note: ' ' }] }, 'PREREQUISITE_EMPTY'],
    [{ prerequisites: [{ anyOf: ['ALG2'] }] }, 'PREREQUISITE_OF_ITSELF'],
    [{ periodLoad: '0' }, 'PERIOD_LOAD_INVALID'],
    [{ periodLoad: 'half' }, 'PERIOD_LOAD_INVALID'],
    [{ title: '' }, 'TITLE_MISSING'],
  ] as const)
    expect(await service.code(counselor, add, { input: { ...input, ...more } })).toBe(code);
  expect(await service.code(southPrincipal, add, { input })).toBe('NOT_FOUND');
  expect(await service.code(southPrincipal, change, { input: { courseId: course.id, title: 'Mine' } })).toBe('NOT_FOUND');
  for (const nobody of [clerk, teacher, vendor]) expect(await service.code(nobody, add, { input })).toBe('FORBIDDEN');
});

test('a course says how much of the day it fills and whether it may be repeated; a change of something else leaves that', async () => {
  const said = 'id periodLoad repeatable';
  const create = `mutation ($input: AddCourseInput!) { addCourse(input: $input) { ${said} } }`;
  const alter = `mutation ($input: ChangeCourseInput!) { changeCourse(input: $input) { ${said} } }`;
  const plain = (await service.data(counselor, create, { input: { schoolId: north, title: 'Year' } })).addCourse;
  expect(plain).toMatchObject({ periodLoad: '1.00', repeatable: false });
  const choir = (await service.data(counselor, create, { input: { schoolId: north, title: 'Choir', periodLoad: '0.5', repeatable: true } }))
    .addCourse;
  expect(choir).toMatchObject({ periodLoad: '0.50', repeatable: true });
  expect((await service.data(counselor, alter, { input: { courseId: choir.id, title: 'Chorus' } })).changeCourse).toEqual(choir);
  const double = { courseId: choir.id, periodLoad: '2', repeatable: false };
  expect((await service.data(counselor, alter, { input: double })).changeCourse).toMatchObject({ periodLoad: '2.00', repeatable: false });
});

test('the district’s courses are every school’s, and only the district’s to add and to change', async () => {
  const { addCourse: course } = await service.data(administrator, add, { input: { title: 'Zoology', number: 'ZOO' } });
  expect(course.school).toBeNull();
  expect(await service.code(principal, add, { input: { title: 'Zoology 2' } })).toBe('FORBIDDEN');
  expect(await service.code(principal, change, { input: { courseId: course.id, title: 'Zoo' } })).toBe('NOT_FOUND');
  await service.data(southPrincipal, add, { input: { schoolId: south, title: 'Surfing', number: 'ZZZ' } });
  const titles = async (schoolId: string | null, filter: string) =>
    (
      await service.data(vendor, 'query ($s: ID, $f: String) { courses(schoolId: $s, filter: $f) { nodes { title } } }', {
        s: schoolId,
        f: filter,
      })
    ).courses.nodes.map((each: { title: string }) => each.title);
  expect(await titles(north, 'z')).toEqual(['Zoology']);
  expect(await titles(south, 'z')).toEqual(['Surfing', 'Zoology']);
  expect(await titles(null, 'oolo')).toEqual(['Zoology']);
  await service.data(administrator, change, { input: { courseId: course.id, endedOn: '2026-11-01' } });
  expect(await titles(south, 'z')).toEqual(['Surfing']);
});

const fixtures = process.env['ROLLBOOK_FIXTURES'] ?? join(import.meta.dirname, '../../../../shared/data');
const realCatalog = join(fixtures, 'schools/catalog-del-norte-hs.json');
const testReal = existsSync(realCatalog) ? test : test.skip;

testReal(`a real catalog fits, with its prerequisites (skipped without ${realCatalog})`, async () => {
  const catalog = JSON.parse(readFileSync(realCatalog, 'utf8')) as {
    name: string;
    courseCode: string;
    grades?: number[];
    prerequisites: string[];
  }[];
  const numbers = new Map(catalog.map(({ name, courseCode }) => [name, courseCode]));
  for (const { name, courseCode, grades, prerequisites } of catalog) {
    // A list within the list: any one of them will do. What is no course of the catalog is a note.
    const numbered = prerequisites.map((each) => [each].flat().map((title) => numbers.get(title) ?? title));
    const isCourse = (number: string) => /^\d/.test(number) && number !== courseCode;
    const input = {
      schoolId: id('school', 1),
      number: courseCode,
      title: name,
      gradeLevels: (grades ?? []).map((grade) => String(grade).padStart(2, '0')),
      prerequisites: numbered.map((anyOf) => (anyOf.every(isCourse) ? { anyOf } : { note: anyOf.join(' or ') })),
    };
    const { addCourse: course } = await service.data(counselor, add, { input });
    expect(course.prerequisites).toHaveLength(input.prerequisites.length);
  }
  const pages: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const { courses }: { courses: { nodes: { title: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } =
      await service.data(
        vendor,
        'query ($s: ID, $after: String) { courses(schoolId: $s, after: $after) { nodes { title } pageInfo { hasNextPage endCursor } } }',
        { s: north, after },
      );
    pages.push(...courses.nodes.map(({ title }) => title));
    ({ hasNextPage: more, endCursor: after } = courses.pageInfo);
  }
  const [{ count }] = (await service.sql(
    'select count(*)::int as count from course where org_id = $1 or org_id is null and ended_on is null',
    [north],
  )) as [{ count: number }];
  expect(pages).toHaveLength(count);
});

test('a course is told to the others as it is after each change of it, and not when nothing changed', async () => {
  const { addCourse: course } = await service.data(counselor, add, {
    input: { schoolId: north, number: 'BIO1', title: 'Biology', credits: '10', subjects: ['Science'], subjectCodes: ['D'] },
  });
  const told = async () => (await service.told()).filter(({ aggregate }) => aggregate === course.id);
  const payload = {
    ...{ id: course.id, schoolId: north, number: 'BIO1', title: 'Biology', credits: '10.000', subjects: ['Science'], subjectCodes: ['D'] },
    repeatable: false,
  };
  expect(await told()).toEqual([{ type: 'CourseChanged', aggregate: course.id, payload }]);
  await service.data(counselor, change, { input: { courseId: course.id, title: 'Biology', gradeLevels: ['09'] } });
  expect(await told()).toHaveLength(1);
  await service.data(counselor, change, { input: { courseId: course.id, credits: '7.5' } });
  expect((await told()).at(-1)!.payload).toEqual({ ...payload, credits: '7.500' });
});

test('what was there before anybody was told is told once: each course, and of which course each section is', async () => {
  const before = (await service.told()).length;
  await service.sql(
    `insert into section (id, school_id, course_id, title, number, session_ids, begins, ends)
       values ($1, $2, $3, 'Algebra 1', '101', $4, '2026-08-17', '2027-01-16')`,
    [id('section', 1), north, id('course', 1), [id('session', 2)]],
  );
  const migration = readFileSync(join(import.meta.dirname, '../migrations/017-told-courses.sql'), 'utf8');
  await service.sql(
    migration.slice(migration.indexOf('insert into outbox (type, aggregate, payload) select', migration.indexOf('create trigger'))),
  );
  const told = (await service.told()).slice(before);
  const courses = await service.sql('select id from course order by id');
  expect(told.filter(({ type }) => type === 'CourseChanged').map(({ aggregate }) => ({ id: aggregate }))).toEqual(courses);
  expect(told.filter(({ type }) => type === 'SectionCoursesTold').map(({ payload }) => payload)).toEqual([
    {
      schoolId: north,
      sections: [{ id: id('section', 1), courseId: id('course', 1), number: '101', sessionIds: [id('session', 2)] }],
    },
  ]);
});
