import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestDistrict, someone, today, type TestDistrict } from '../testing.ts';

let district: TestDistrict;
let ana: string;
let ben: string;
beforeAll(async () => {
  district = await openTestDistrict();
  const { service, garfield } = district;
  ana = await district.addStudent(garfield, 'Անի', 'Գրիգորյան');
  ben = await district.addStudent(garfield, 'Ben', 'Ito');
  await service.sql(
    `insert into contact (id, given_name, family_name, relation, languages) values ($1, 'Mariam', 'Grigoryan', 'PARENT', '{hy,en}'),
       ($2, 'Aram', 'Grigoryan', 'PARENT', '{ru}'), ($3, 'Neighbor', 'Next', 'OTHER', '{es}')`,
    [someone(11), someone(12), someone(13)],
  );
  await service.sql(
    `insert into contact_relation (student_id, contact_id, custody, priority) values ($1, $2, null, 1), ($1, $3, 'BARRED', 2), ($1, $4, null, 3)`,
    [ana, someone(11), someone(12), someone(13)],
  );
});
afterAll(() => district.service.close());

const told = async (studentIds: string[], staffIds: string[] = []) => {
  await district.service.hear('grading', 'DocumentFactsAsked', {
    requestId: someone(99),
    ...{ schoolId: district.garfield, studentIds, staffIds, begins: null, ends: null, on: today },
  });
  return (await district.service.told()).filter(({ type }) => type === 'FamiliesTold').at(-1)!.payload;
};

test('a letter goes to those with a parent’s rights, in the first one’s language; nobody who is barred is told of', async () => {
  const { students, requestId } = await told([ana, ben, someone(77)]);
  expect(requestId).toBe(someone(99));
  expect(students).toHaveLength(2);
  expect(students.find(({ id }: { id: string }) => id === ana)).toMatchObject({
    ...{ givenName: 'Անի', familyName: 'Գրիգորյան', gradeLevel: '09', language: 'hy', address: null },
    contacts: [{ givenName: 'Mariam', familyName: 'Grigoryan' }],
  });
  expect(students.find(({ id }: { id: string }) => id === ben)).toMatchObject({ language: null, contacts: [] });
});

test('the household the student lives in on the day says the address, and which language is spoken at home', async () => {
  const live = (household: string, language: string | null, begins: string, ends: string | null) =>
    district.service.sql(
      `with h as (insert into household (id, street, unit, city, state, postal_code, home_language) values ($1, '1 Elm St', null, 'Glendale', 'CA', '91201', $2) returning id)
       insert into residence (student_id, household_id, begins, ends) select $3, id, $4, $5 from h`,
      [household, language, ana, begins, ends],
    );
  await live(someone(21), 'en', '2025-01-01', '2026-01-01');
  await live(someone(22), 'hy-AM', '2026-01-01', null);
  const { students } = await told([ana]);
  expect(students[0]).toMatchObject({ language: 'hy-AM', address: { street: '1 Elm St', city: 'Glendale', postalCode: '91201' } });
});

test('teachers are told of by name, as they want to be called', async () => {
  await district.service.sql(
    `insert into staff (id, given_name, family_name, preferred_given_name) values ($1, 'Dorotea', 'Alvarez', 'Dora')`,
    [someone(31)],
  );
  expect((await told([], [someone(31)])).staff).toEqual([{ id: someone(31), givenName: 'Dora', familyName: 'Alvarez' }]);
});
