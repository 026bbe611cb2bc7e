import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ids, idOf, openGrading, type Grading } from '../testing.ts';

let service: Grading;
beforeAll(async () => {
  service = await openGrading();
});
afterAll(() => service.close());

const rosterOf = async (id: string) =>
  (await service.sql('select course_id, number, session_ids, title from section_roster where section_id = $1', [id]))[0];

test('a section is known with its course, its number and its sessions; the last word counts', async () => {
  const fall = idOf('fall semester');
  await service.hear('scheduling', 'SectionChanged', { ...service.algebra, sessionIds: [fall] });
  expect(await rosterOf(ids.algebra)).toEqual({ course_id: idOf('course'), number: '101', session_ids: [fall], title: 'Algebra 1' });
  await service.hear('scheduling', 'SectionChanged', { ...service.algebra, number: '102' });
  expect(await rosterOf(ids.algebra)).toMatchObject({ number: '102', session_ids: [] });
});

test('sections from before are given their courses, and one that is not known stays unknown', async () => {
  await service.sql(`update section_roster set course_id = null, number = null where section_id = $1`, [ids.algebra]);
  const section = { courseId: idOf('geometry'), number: '7', sessionIds: [idOf('spring'), idOf('fall')] };
  await service.hear('scheduling', 'SectionCoursesTold', {
    sections: [
      { id: ids.algebra, ...section },
      { id: idOf('no section'), ...section },
    ],
  });
  expect(await rosterOf(ids.algebra)).toEqual({
    ...{ course_id: idOf('geometry'), number: '7', session_ids: [idOf('spring'), idOf('fall')], title: 'Algebra 1' },
  });
  expect(await rosterOf(idOf('no section'))).toBeUndefined();
});

test('a course is known with its credits exactly, and again after a change', async () => {
  const course = {
    ...{ id: idOf('geometry'), schoolId: null, number: 'GEO', title: 'Geometry', credits: '2.500', subjects: ['Mathematics'] },
    ...{ subjectCodes: ['C'], repeatable: false },
  };
  await service.hear('scheduling', 'CourseChanged', course);
  await service.hear('scheduling', 'CourseChanged', { ...course, title: 'Geometry Honors', credits: null });
  await service.hear('scheduling', 'CourseChanged', { ...course, title: 'Geometry Honors' });
  expect(await service.sql('select number, title, credits::text, subjects, subject_codes, repeatable from course')).toEqual([
    { number: 'GEO', title: 'Geometry Honors', credits: '2.500', subjects: ['Mathematics'], subject_codes: ['C'], repeatable: false },
  ]);
});

test('an enrollment is known from when to when and in which grade; told twice it is one', async () => {
  const enrollment = {
    id: idOf('enrollment of Ana'),
    studentId: ids.ana,
    gradeLevel: '12',
    primary: true,
    begins: '2026-08-17',
    ends: null,
  };
  for (const ends of [null, null, '2027-01-10'])
    await service.hear('student', 'EnrollmentsChanged', { schoolId: ids.school, enrollments: [{ ...enrollment, ends }] });
  expect(
    await service.sql('select school_id, student_id, grade_level, is_primary, begins::text, ends::text from enrolled_student'),
  ).toEqual([
    { school_id: ids.school, student_id: ids.ana, grade_level: '12', is_primary: true, begins: '2026-08-17', ends: '2027-01-10' },
  ]);
});
