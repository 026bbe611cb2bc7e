import { isDate, sourcedUuid } from '@rollbook/school';
import { importRows, type AppliedRows, type Context, type ImportInput, type ImportRefusal, type Transaction } from '@rollbook/subgraph';
import type { ImportDemographicsRow } from '../schema.types.ts';

/** Who: a district administrator. Those of staff and contacts are not kept: nobody here has a use for them. */
export function importDemographics(input: ImportInput<ImportDemographicsRow>, context: Context) {
  return importRows(context, 'demographics', input, (tx) => applyDemographics(tx, input));
}

const upsert = `
  insert into demographics as t (student_id, birth_date, sex, hispanic_or_latino, races, country_of_birth, state_of_birth, city_of_birth)
    select * from jsonb_to_recordset($1::jsonb) as r (student_id uuid, birth_date date, sex text, hispanic_or_latino boolean, races text[],
      country_of_birth text, state_of_birth text, city_of_birth text)
  on conflict (student_id) do update set (birth_date, sex, hispanic_or_latino, races, country_of_birth, state_of_birth, city_of_birth) =
      row (excluded.birth_date, excluded.sex, excluded.hispanic_or_latino, excluded.races, excluded.country_of_birth,
        excluded.state_of_birth, excluded.city_of_birth)
    where (t.birth_date, t.sex, t.hispanic_or_latino, t.races, t.country_of_birth, t.state_of_birth, t.city_of_birth) is distinct from
      (excluded.birth_date, excluded.sex, excluded.hispanic_or_latino, excluded.races, excluded.country_of_birth,
        excluded.state_of_birth, excluded.city_of_birth)
  returning t.student_id as id, (old.student_id is null) as created`;

async function applyDemographics(
  { query }: Transaction,
  { rows, source, dryRun }: ImportInput<ImportDemographicsRow>,
): Promise<AppliedRows> {
  const ids = rows.map((row) => sourcedUuid(source, 'user', row.sourcedId));
  const people = await query<{ id: string; isStudent: boolean }>(
    `select id, true as "isStudent" from student where id = any($1) union all
       select id, false from (select id from staff union all select id from contact) as p where id = any($1)`,
    [ids],
  );
  const students = new Set(people.filter(({ isStudent }) => isStudent).map(({ id }) => id));
  const known = new Set(people.map(({ id }) => id));
  const refused: ImportRefusal[] = [];
  const sound = new Map<string, ImportDemographicsRow>();
  let awaiting = 0; // in a dry run: rows whose person the same package would have brought
  let notKept = 0;
  for (const [row, told] of rows.entries()) {
    const id = ids[row]!;
    const fault = faultOf(told, sound.has(id), known.has(id) || dryRun);
    if (fault) refused.push({ row, sourcedId: told.sourcedId, ...fault });
    else if (students.has(id)) sound.set(id, told);
    else if (known.has(id)) notKept += 1;
    else awaiting += 1;
  }
  const written = await query<{ id: string; created: boolean }>(upsert, [JSON.stringify([...sound].map(([id, row]) => columnsFor(id, row)))]); // prettier-ignore
  const created = written.filter((row) => row.created).length;
  return {
    created: created + awaiting,
    changed: written.length - created,
    unchanged: sound.size - written.length + notKept,
    refused,
    differences: [],
    seen: ids,
    touched: written.map(({ id }) => id),
  };
}

function faultOf({ sourcedId, birthDate }: ImportDemographicsRow, repeated: boolean, known: boolean) {
  if (!sourcedId.trim()) return { code: 'SOURCED_ID_MISSING', message: 'The row has no sourcedId.' };
  if (repeated) return { code: 'ROW_REPEATED', message: `The sourcedId "${sourcedId}" is in an earlier row too.` };
  if (birthDate != null && !isDate(birthDate))
    return { code: 'DATE_INVALID', message: `"${birthDate}" is not a date; write it as 2026-11-21.` };
  if (!known) return { code: 'PERSON_UNKNOWN', message: `No user with the sourcedId "${sourcedId}" was imported.` };
  return null;
}

const columnsFor = (id: string, row: ImportDemographicsRow) => ({
  student_id: id,
  birth_date: row.birthDate ?? null,
  sex: row.sex ?? null,
  hispanic_or_latino: row.hispanicOrLatino ?? null,
  races: row.races,
  country_of_birth: row.countryOfBirth ?? null,
  state_of_birth: row.stateOfBirth ?? null,
  city_of_birth: row.cityOfBirth ?? null,
});
