import { describe, expect, test } from '@jest/globals';
import { demoDistrict } from './district.ts';
import { foster, homeless, markShares, specialEducation, twoContacts } from './proportions.ts';
import { origins } from './names.ts';
import { expectNone, twice } from './testing.ts';

describe('20,000 students look like a district', () => {
  const district = demoDistrict({ schools: 30, students: 20_000, seed: 3, today: '2026-11-21' });
  const near = (share: number, wanted: number, tolerance: number) => expect(Math.abs(share - wanted)).toBeLessThan(tolerance);

  test('programs have the shares that proportions.ts says', () => {
    const counts = new Map<string, number>();
    for (const { program } of district.programs) counts.set(program, (counts.get(program) ?? 0) + 1);
    const share = (program: string) => counts.get(program)! / 20_000;
    near(share('SPED'), specialEducation, 0.01);
    near(share('HOMELESS'), homeless, 0.006);
    near(share('FOSTER'), foster, 0.003);
    near(share('EL'), 0.19, 0.03);
    near(share('504'), 0.03, 0.005);
    expect(share('GATE')).toBeGreaterThan(0.05);
  });

  test('three of four students have two contacts, the most common home language after English is Spanish', () => {
    const contacts = new Map<string, number>();
    const languages = new Map<string, number>();
    for (const { studentSourcedId, languages: spoken, priority } of district.contacts) {
      contacts.set(studentSourcedId, (contacts.get(studentSourcedId) ?? 0) + 1);
      if (priority === 1) languages.set(spoken[0]!, (languages.get(spoken[0]!) ?? 0) + 1);
    }
    expect(contacts.size).toBe(20_000);
    near([...contacts.values()].filter((count) => count > 1).length / 20_000, twoContacts, 0.02);
    const order = [...languages].sort((a, b) => b[1] - a[1]).map(([language]) => language);
    expect(order.slice(0, 2).sort()).toEqual(['en', 'es']);
    expect(order.length).toBeGreaterThan(12);
  });

  test('marks and attendance are spread as they should be, and a few rolls were never taken', () => {
    const marks = new Map<string, number>();
    let all = 0;
    for (const { mark, final } of district.marks) {
      if (!final) continue;
      marks.set(mark, (marks.get(mark) ?? 0) + 1);
      all++;
    }
    for (const [mark, share] of Object.entries(markShares)) near(marks.get(mark)! / all, share, 0.03);

    const rosters = new Map<string, number>();
    for (const { classSourcedId, role } of district.files.enrollments) {
      if (role === 'student') rosters.set(classSourcedId!, (rosters.get(classSourcedId!) ?? 0) + 1);
    }
    let [seats, absent, taken] = [0, 0, 0];
    for (const { classSourcedId, exceptions } of district.rolls) {
      seats += rosters.get(classSourcedId)!;
      absent += exceptions.filter(({ code }) => code !== 'T').length;
      taken++;
    }
    near(absent / seats, 0.075, 0.02);
    const levels = new Map(
      [...district.files.classes].map(({ sourcedId, classType, courseSourcedId, termSourcedIds }) => [
        sourcedId!,
        { classType, courseSourcedId, termSourcedIds },
      ]),
    );
    const due = [...levels.values()].filter(
      ({ classType, courseSourcedId, termSourcedIds }) =>
        (classType === 'homeroom' || !courseSourcedId!.startsWith('course-E-')) && termSourcedIds!.includes('-1'),
    ).length;
    near(taken / (due * 10), 0.985, 0.005);
  });

  test('names hold what breaks software: diacritics, apostrophes, hyphens, several words, one letter', () => {
    const names = [...district.files.users].map(({ familyName, givenName }) => ({ familyName: familyName!, givenName: givenName! }));
    const some = (test: RegExp) =>
      names.some(({ familyName }) => test.test(familyName)) && names.some(({ givenName }) => test.test(givenName));
    expect([/[áéíóúñ]/, /['ʻ]/, /-/, / /, /^.$/].map(some)).toEqual([true, true, true, true, true]);
    expect(new Set(names.map(({ familyName }) => familyName)).size).toBeGreaterThan(1000);
    expectNone(names, ({ familyName, givenName }) => [familyName, givenName].some((name) => name !== name.trim().normalize('NFC')));
  });

  test('user names, identifiers and e-mail addresses are given once', () => {
    const users = [...district.files.users];
    for (const column of ['username', 'identifier', 'email', 'userIds'])
      expect(twice(users.flatMap((user) => user[column] || []))).toEqual([]);
  });

  test('some classes of English and mathematics are co-taught, and students in special education sit in them', () => {
    const inSpecialEducation = new Set(
      [...district.programs].filter(({ program }) => program === 'SPED').map(({ studentSourcedId }) => studentSourcedId),
    );
    const coTaught = new Set<string>();
    for (const { classSourcedId, role, primary } of district.files.enrollments)
      if (role === 'teacher' && primary === 'false') coTaught.add(classSourcedId!);
    let [seats, theirs] = [0, 0];
    for (const { classSourcedId, userSourcedId, role } of district.files.enrollments) {
      if (role !== 'student' || !coTaught.has(classSourcedId!)) continue;
      seats++;
      if (inSpecialEducation.has(userSourcedId!)) theirs++;
    }
    expect(coTaught.size).toBeGreaterThan(50);
    expect(theirs / seats).toBeGreaterThan(1.6 * specialEducation);
  });

  test('children have the age of their grade, and siblings are twins or nine months apart', () => {
    const born = new Map([...district.files.demographics].map(({ sourcedId, birthDate }) => [sourcedId!, birthDate!]));
    const grade = new Map([...district.files.users].map(({ sourcedId, grades }) => [sourcedId!, grades!]));
    expectNone(born, ([id, date]) => {
      const youngest = 2026 - 5 - (grade.get(id) === 'KG' ? 0 : Number(grade.get(id)));
      return date < `${youngest - 2}-09-02` || date > `${youngest}-09-01`;
    });
    expectNone(district.households, ({ studentSourcedIds }) => {
      const days = studentSourcedIds.map((id) => Date.parse(born.get(id)!) / 86_400_000).sort((a, b) => a - b);
      return days.some((day, index) => index > 0 && day !== days[index - 1] && day - days[index - 1]! < 270);
    });
  });

  test('the mean class in a middle or high school has 22 to 32 students', () => {
    const secondary = new Set(
      [...district.files.classes]
        .filter(({ courseSourcedId }) => !courseSourcedId!.startsWith('course-E-'))
        .map(({ sourcedId }) => sourcedId!),
    );
    let seats = 0;
    for (const { classSourcedId, role } of district.files.enrollments) if (role === 'student' && secondary.has(classSourcedId!)) seats++;
    near(seats / secondary.size, 27, 5);
  });
});

test('no list of names holds a name twice', () => {
  for (const { family, girls, boys } of origins) for (const names of [family, girls, boys]) expect(twice(names)).toEqual([]);
});
