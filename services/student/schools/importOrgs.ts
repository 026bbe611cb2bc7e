import { refuse, Refused, sourcedUuid } from '@rollbook/school';
import {
  importRows,
  type AppliedRows,
  type Context,
  type ImportDifference,
  type ImportInput,
  type ImportRefusal,
} from '@rollbook/subgraph';
import type { Transaction } from '@rollbook/subgraph';
import { schoolChanged } from '../events.ts';
import { checkGradeSpan, checkSchoolName, checkTimeZone, grades } from './rules.ts';
import type { ImportOrgRow } from '../schema.types.ts';

interface StoredOrg {
  readonly id: string;
  readonly name: string;
  readonly identifier: string | null;
  readonly timeZone: string;
  readonly lowestGrade: string;
  readonly highestGrade: string;
  readonly closedOn: string | null;
}

const orgTypes = ['district', 'school', 'department', 'local', 'state', 'national'];

/** Who: a district administrator. Tells SchoolChanged of every school that is new or changed. */
export function importOrgs(input: ImportInput<ImportOrgRow>, context: Context) {
  return importRows(context, 'org', input, (tx) => applyOrgs(tx, input));
}

async function applyOrgs(tx: Transaction, input: ImportInput<ImportOrgRow>): Promise<AppliedRows> {
  const { rows, source, today } = input;
  const refused: ImportRefusal[] = [];
  const seen = new Set<string>();
  const sound: { row: ImportOrgRow; index: number }[] = [];
  const attempt = (index: number, work: () => void) => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refused.push({ row: index, sourcedId: rows[index]!.sourcedId, code: error.code, message: error.message });
    }
  };
  rows.forEach((row, index) =>
    attempt(index, () => {
      checkOrg(row, seen.has(row.sourcedId));
      seen.add(row.sourcedId);
      sound.push({ row, index });
    }),
  );

  let [district] = await tx.query<District>('select id, name, source, sourced_id as "sourcedId" from district');
  const tally = { created: 0, changed: 0, touched: [] as string[] };
  for (const { row, index } of sound.filter(({ row }) => row.type === 'district')) {
    if (district?.source && (district.source !== source || district.sourcedId !== row.sourcedId)) {
      attempt(index, () => refuse('DISTRICT_EXISTS', `${district!.name} is the district; a graph serves one.`));
      continue;
    }
    if (!district) tally.created += 1;
    else if (district.source && district.name === row.name) continue;
    else tally.changed += 1;
    district = await keepDistrict(tx, district, row, source);
    tally.touched.push(district.id);
  }

  const schools: StoredOrg[] = [];
  const stored = await storedSchools(tx, rows, source);
  for (const { row, index } of sound.filter(({ row }) => row.type === 'school'))
    attempt(index, () => {
      if (!district) refuse('NO_DISTRICT', 'There is no district yet: its row comes before its schools, or open it with openDistrict.');
      schools.push(schoolOf(row, sourcedUuid(source, 'org', row.sourcedId), stored, today));
    });
  const written = schools.length ? await writeSchools(tx, schools, rows, source, district!.id) : [];
  const created = tally.created + written.filter((school) => school.created).length;
  const changed = tally.changed + written.filter((school) => !school.created).length;
  return {
    created,
    changed,
    unchanged: rows.length - refused.length - created - changed,
    refused: refused.sort((a, b) => a.row - b.row),
    differences: input.dryRun ? differencesOf(schools, stored, rows, source) : [],
    seen: rows.map((row) => sourcedUuid(source, 'org', row.sourcedId)),
    touched: [...tally.touched, ...written.map(({ id }) => id)],
  };
}

function checkOrg({ sourcedId, name, type }: ImportOrgRow, repeated: boolean): void {
  if (!sourcedId.trim()) refuse('SOURCED_ID_MISSING', 'The row has no sourcedId.');
  if (repeated) refuse('ROW_REPEATED', `The sourcedId "${sourcedId}" is in an earlier row too.`);
  if (!orgTypes.includes(type)) refuse('ORG_TYPE_UNKNOWN', `"${type}" is none of ${orgTypes.join(', ')}.`);
  checkSchoolName(name ?? null);
}

interface District {
  readonly id: string;
  readonly name: string;
  readonly source: string | null;
  readonly sourcedId: string | null;
}

/** A district that was opened by hand becomes the one of the package. */
async function keepDistrict({ query }: Transaction, known: District | undefined, row: ImportOrgRow, source: string): Promise<District> {
  const id = known?.id ?? sourcedUuid(source, 'org', row.sourcedId);
  await query(
    `insert into district (id, name, source, sourced_id) values ($1, $2, $3, $4)
       on conflict (id) do update set name = excluded.name, source = excluded.source, sourced_id = excluded.sourced_id`,
    [id, row.name, source, row.sourcedId],
  );
  return { id, name: row.name!, source, sourcedId: row.sourcedId };
}

async function storedSchools({ query }: Transaction, rows: readonly ImportOrgRow[], source: string): Promise<Map<string, StoredOrg>> {
  const found = await query<StoredOrg>(
    `select id, name, identifier, time_zone as "timeZone", lowest_grade as "lowestGrade", highest_grade as "highestGrade",
         closed_on::text as "closedOn" from school where id = any($1)`,
    [rows.map((row) => sourcedUuid(source, 'org', row.sourcedId))],
  );
  return new Map(found.map((school) => [school.id, school]));
}

/** The school that a row makes. What OneRoster cannot tell stays as it is: its time zone and its grades may be the office's. */
function schoolOf(row: ImportOrgRow, id: string, stored: ReadonlyMap<string, StoredOrg>, today: string): StoredOrg {
  const known = stored.get(id);
  const school = {
    id,
    name: row.name!,
    identifier: row.identifier ?? null,
    timeZone: row.timeZone ?? known?.timeZone ?? '',
    lowestGrade: row.lowestGrade ?? known?.lowestGrade ?? grades[0],
    highestGrade: row.highestGrade ?? known?.highestGrade ?? grades.at(-1)!,
    closedOn: row.status === 'tobedeleted' ? (known?.closedOn ?? today) : null,
  };
  checkTimeZone(school.timeZone);
  checkGradeSpan(school.lowestGrade, school.highestGrade);
  return school;
}

const upsert = `
  insert into school as t (id, district_id, name, identifier, time_zone, lowest_grade, highest_grade, closed_on, source, sourced_id)
    select id, $2, name, identifier, "timeZone", "lowestGrade", "highestGrade", "closedOn", $3, "sourcedId"
      from jsonb_to_recordset($1::jsonb) as r (id uuid, name text, identifier text, "timeZone" text, "lowestGrade" text,
        "highestGrade" text, "closedOn" date, "sourcedId" text)
  on conflict (id) do update set (name, identifier, time_zone, lowest_grade, highest_grade, closed_on) =
      row (excluded.name, excluded.identifier, excluded.time_zone, excluded.lowest_grade, excluded.highest_grade, excluded.closed_on)
    where (t.name, t.identifier, t.time_zone, t.lowest_grade, t.highest_grade, t.closed_on) is distinct from
      (excluded.name, excluded.identifier, excluded.time_zone, excluded.lowest_grade, excluded.highest_grade, excluded.closed_on)
  returning t.id, (old.id is null) as created, t.district_id as "districtId", t.name, t.time_zone as "timeZone"`;

async function writeSchools(
  { query, tell }: Transaction,
  schools: readonly StoredOrg[],
  rows: readonly ImportOrgRow[],
  source: string,
  districtId: string,
): Promise<{ id: string; created: boolean }[]> {
  const sourcedIds = new Map(rows.map(({ sourcedId }) => [sourcedUuid(source, 'org', sourcedId), sourcedId]));
  const written = await query<{ id: string; created: boolean; districtId: string; name: string; timeZone: string }>(upsert, [
    JSON.stringify(schools.map((school) => ({ ...school, sourcedId: sourcedIds.get(school.id) }))),
    districtId,
    source,
  ]);
  await tell(...written.map(({ created: _, ...school }) => schoolChanged(school)));
  return written;
}

/** For a dry run: which fields of which schools would change. */
function differencesOf(
  schools: readonly StoredOrg[],
  stored: ReadonlyMap<string, StoredOrg>,
  rows: readonly ImportOrgRow[],
  source: string,
): ImportDifference[] {
  const sourcedIds = new Map(rows.map(({ sourcedId }) => [sourcedUuid(source, 'org', sourcedId), sourcedId]));
  return schools
    .flatMap((school) => {
      const known = stored.get(school.id);
      const fields = Object.keys(school) as (keyof StoredOrg)[];
      return fields
        .filter((field) => known && known[field] !== school[field])
        .map((field) => ({ sourcedId: sourcedIds.get(school.id)!, field, before: known![field], after: school[field] }));
    })
    .slice(0, 20);
}
