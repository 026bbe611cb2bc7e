import { describe, expect, test } from '@jest/globals';
import { placeEnrollments, type KnownEnrollment, type ToldEnrollment } from './placement.ts';

const year = { schoolYearBegins: '2026-08-13', today: '2026-11-20' };
const known = (id: string, schoolId: string, begins: string, ends: string | null = null): KnownEnrollment => ({
  id,
  schoolId,
  begins,
  ends,
});
const told = (schoolId: string, more: Partial<ToldEnrollment> = {}): ToldEnrollment => ({
  schoolId,
  preferred: true,
  begins: null,
  ends: null,
  ...more,
});

describe("what a package tells of a student's schools, fitted to what it told before", () => {
  test('a student nobody knew begins with the school year, or with the day that is told', () => {
    expect(placeEnrollments([], [told('a')], year).keep).toMatchObject([{ id: null, begins: '2026-08-13', ends: null, isPrimary: true }]);
    expect(placeEnrollments([], [told('a', { begins: '2026-10-01' })], year).keep).toMatchObject([{ id: null, begins: '2026-10-01' }]);
  });
  test('told again, nothing changes', () => {
    const { keep, end } = placeEnrollments([known('1', 'a', '2026-08-13')], [told('a')], year);
    expect(keep).toMatchObject([{ id: '1', begins: '2026-08-13', ends: null }]);
    expect(end).toEqual([]);
  });
  test('another school in the same year begins today, and the days at the first one still count there', () => {
    const { keep, end } = placeEnrollments([known('1', 'a', '2026-08-13')], [told('b')], year);
    expect(keep).toMatchObject([{ id: null, schoolId: 'b', begins: '2026-11-20' }]);
    expect(end).toEqual([{ id: '1', schoolId: 'a', ends: '2026-11-20' }]);
  });
  test('and told again tomorrow, it still began today', () => {
    const stored = [known('1', 'a', '2026-08-13', '2026-11-20'), known('2', 'b', '2026-11-20')];
    const { keep, end } = placeEnrollments(stored, [told('b')], { ...year, today: '2026-11-21' });
    expect(keep).toMatchObject([{ id: '2', begins: '2026-11-20' }]);
    expect(end).toEqual([]);
  });
  test('back at the first school after the second, neither stay is forgotten', () => {
    const stored = [known('1', 'a', '2026-08-13', '2026-10-01'), known('2', 'b', '2026-10-01')];
    const { keep, end } = placeEnrollments(stored, [told('a')], year);
    expect(keep).toMatchObject([{ id: null, schoolId: 'a', begins: '2026-11-20' }]);
    expect(end).toEqual([{ id: '2', schoolId: 'b', ends: '2026-11-20' }]);
  });
  test('a new school year ends the old enrollment where the new one begins', () => {
    const { keep, end } = placeEnrollments([known('1', 'a', '2025-08-14')], [told('a')], year);
    expect(keep).toMatchObject([{ id: null, begins: '2026-08-13' }]);
    expect(end).toEqual([{ id: '1', schoolId: 'a', ends: '2026-08-13' }]);
  });
  test('an enrollment that ended by itself keeps its end', () => {
    expect(placeEnrollments([known('1', 'a', '2025-08-14', '2026-06-10')], [told('a')], year).end).toEqual([]);
  });
  test('what is told otherwise ends on the day it began, and never counted', () => {
    const { end } = placeEnrollments([known('1', 'a', '2026-08-20')], [told('a', { begins: '2026-08-13' })], year);
    expect(end).toEqual([{ id: '1', schoolId: 'a', ends: '2026-08-20' }]);
  });
  test('told no more, it ends today; one that has not begun never counts', () => {
    expect(placeEnrollments([known('1', 'a', '2026-08-13')], [], year).end).toMatchObject([{ ends: '2026-11-20' }]);
    expect(placeEnrollments([known('1', 'a', '2027-01-05')], [], year).end).toMatchObject([{ ends: '2027-01-05' }]);
  });
  test('a student who reappears in the same school year goes on where the enrollment began', () => {
    const { keep } = placeEnrollments([known('1', 'a', '2026-08-13', '2026-10-01')], [told('a')], year);
    expect(keep).toMatchObject([{ id: '1', begins: '2026-08-13', ends: null }]);
  });
  test('one school counts the student at a time: the preferred one, and another on days that it leaves free', () => {
    const both = placeEnrollments([], [told('a', { preferred: false }), told('b')], year).keep;
    expect(both.map(({ isPrimary }) => isPrimary)).toEqual([false, true]);
    const after = placeEnrollments(
      [],
      [told('a', { ends: '2026-10-01' }), told('b', { preferred: false, begins: '2026-10-01' })],
      year,
    ).keep;
    expect(after.map(({ isPrimary }) => isPrimary)).toEqual([true, true]);
  });
});
