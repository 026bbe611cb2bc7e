import { describe, expect, test } from '@jest/globals';
import { access, fieldClasses, holds, mayRead, rolesToward, type Viewer } from './index.ts';

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
  test('a vendor reads nothing about a child', () => {
    const vendor: Viewer = { subject: 'v', grants: [{ role: 'VENDOR', schoolId: null }], students: [] };
    for (const c of fieldClasses) expect(mayRead(vendor, c, { schoolIds: [here], studentId: 's1' })).toBe(access[c].includes('VENDOR'));
    expect(fieldClasses.filter((c) => access[c].includes('VENDOR'))).toEqual(['SCHOOL']);
  });
  test('a role in one school does not hold in another', () => {
    expect(holds(teacher, ['TEACHER'], here)).toBe(true);
    expect(holds(teacher, ['TEACHER'], 'school-2')).toBe(false);
  });
});
