import { describe, expect, test } from '@jest/globals';
import { fieldClasses, holds, mayRead, rolesToward, type Subject, type Viewer } from './index.ts';

const here = 'school-1';
const teacher: Viewer = { subject: 't1', grants: [{ role: 'TEACHER', schoolId: here }], students: [] };
const parent: Viewer = { subject: 'p1', grants: [{ role: 'PARENT', schoolId: null }], students: ['s1'] };
const teacherAndParent: Viewer = { subject: 't1', grants: [...teacher.grants, ...parent.grants], students: ['s9'] };

describe('who stands how toward a record', () => {
  test('a teacher is related to the students she teaches, not to others of her school', () => {
    expect(rolesToward(teacher, { schoolIds: [here], studentId: 's1', teacherIds: ['t1'] })).toEqual(['TEACHER']);
    expect(rolesToward(teacher, { schoolIds: [here], studentId: 's1', teacherIds: ['t2'] })).toEqual([]);
  });
  test('a teacher has no relation to another school, even to a record without teachers', () => {
    expect(rolesToward(teacher, { schoolIds: ['school-2'] })).toEqual([]);
  });
  test('a parent is related to their own child only, whatever the school', () => {
    expect(rolesToward(parent, { schoolIds: ['school-2'], studentId: 's1' })).toEqual(['PARENT']);
    expect(rolesToward(parent, { schoolIds: [here], studentId: 's2' })).toEqual([]);
  });
  test('a teacher who is also a parent sees the child as a parent and pupils as a teacher', () => {
    expect(mayRead(teacherAndParent, 'GRADES', { schoolIds: ['school-2'], studentId: 's9', teacherIds: [] })).toBe(true);
    expect(mayRead(teacherAndParent, 'GRADES', { schoolIds: ['school-2'], studentId: 's8', teacherIds: [] })).toBe(false);
  });
  test('the office clerk reads attendance and contacts, not grades and not health', () => {
    const clerk: Viewer = { subject: 'c1', grants: [{ role: 'CLERK', schoolId: here }], students: [] };
    const child = { schoolIds: [here], studentId: 's1' };
    expect(['ATTENDANCE', 'CONTACT', 'GRADES', 'HEALTH'].map((c) => mayRead(clerk, c as 'GRADES', child))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
  test('a vendor reads facts of the institution, and nothing about a child or a class', () => {
    const vendor: Viewer = { subject: 'v', grants: [{ role: 'VENDOR', schoolId: null }], students: ['s1'] };
    const read = (subject: Subject) => fieldClasses.filter((c) => mayRead(vendor, c, subject));
    expect(read({ schoolIds: [here], studentId: 's1' })).toEqual([]);
    expect(read({ schoolIds: [here], studentIds: ['s1'] })).toEqual([]);
    expect(read({ schoolIds: null })).toEqual(['SCHOOL']);
  });
  test("a record that names no student is no family's, unless it is a fact of the institution", () => {
    const student: Viewer = { subject: 's1', grants: [{ role: 'STUDENT', schoolId: null }], students: ['s1'] };
    for (const family of [parent, student]) {
      expect(rolesToward(family, { schoolIds: [here] })).toEqual([]);
      expect(rolesToward(family, { schoolIds: [here], studentId: null, teacherIds: ['t1'] })).toEqual([]);
      expect(rolesToward(family, { schoolIds: [here], studentIds: [] })).toEqual([]);
      expect(rolesToward(family, { schoolIds: null })).toHaveLength(1);
    }
  });
  test('what a whole class shares is read by the families of that class only', () => {
    expect(rolesToward(parent, { schoolIds: [here], studentIds: ['s7', 's1'] })).toEqual(['PARENT']);
    expect(rolesToward(parent, { schoolIds: [here], studentIds: ['s7', 's8'] })).toEqual([]);
    expect(rolesToward(parent, { schoolIds: [here], studentId: 's7', studentIds: ['s1'] })).toEqual([]);
  });
  test('a role in one school does not hold in another', () => {
    expect(holds(teacher, ['TEACHER'], here)).toBe(true);
    expect(holds(teacher, ['TEACHER'], 'school-2')).toBe(false);
  });
});
