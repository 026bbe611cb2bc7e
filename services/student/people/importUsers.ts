import { sourcedUuid, type IsoDate } from '@rollbook/school';
import {
  importRows,
  type AppliedRows,
  type Context,
  type ImportAnswer,
  type ImportDifference,
  type ImportRefusal,
  type Transaction,
} from '@rollbook/subgraph';
import { overlap, placeEnrollments, type KnownEnrollment } from './placement.ts';
import { faultOf, toldUser, type Fault, type Org, type ToldUser } from './userRows.ts';
import { personOf, writeUsers, type PlacedUser } from './writeUsers.ts';
import type { ImportUserRow, ImportUsersInput } from '../schema.types.ts';

/** Who: a district administrator. Up to 500 users in about a dozen statements, however many there are. */
export function importUsers(input: ImportUsersInput, context: Context): Promise<ImportAnswer> {
  return importRows(context, 'user', input, (tx) => applyUsers(tx, input));
}

async function applyUsers(tx: Transaction, input: ImportUsersInput): Promise<AppliedRows> {
  const { source, rows, dryRun, today } = input;
  const refused: ImportRefusal[] = [];
  const refuseRow = (row: number, { code, message }: Fault) => refused.push({ row, sourcedId: rows[row]!.sourcedId, code, message });

  const orgs = await orgsOf(tx, rows, source);
  const sound = new Map<string, { told: ToldUser; index: number }>();
  let awaiting = 0; // in a dry run: rows whose school would have been brought by the same package
  for (const [index, row] of rows.entries()) {
    const fault = faultInBatch(row, sound) ?? (row.status === 'tobedeleted' ? null : faultOf(row, orgs, input.schoolYearBegins));
    if (fault && dryRun && fault.code === 'ORG_UNKNOWN') awaiting += 1;
    else if (fault) refuseRow(index, fault);
    else sound.set(row.sourcedId, { told: toldUser(row, source, orgs, input.schoolYearBegins), index });
  }
  const users: PlacedUser[] = [];
  for (const { user, index, fault } of await place(tx, [...sound.values()], input))
    if (fault) refuseRow(index, fault);
    else users.push(user);

  const differences = dryRun ? await differencesOf(tx, users, source) : [];
  const { created, touched } = await writeUsers(tx, users, { source, today });
  const changed = [...touched].filter((id) => !created.has(id)).length;
  return {
    created: created.size + awaiting,
    changed,
    unchanged: users.length - created.size - changed,
    refused: refused.sort((a, b) => a.row - b.row),
    differences,
    // A refused row is still in the source, so its person is not ended with the import.
    seen: rows.map((row) => sourcedUuid(source, 'user', row.sourcedId)),
    touched: [...touched],
  };
}

function faultInBatch({ sourcedId }: ImportUserRow, earlier: ReadonlyMap<string, unknown>): Fault | null {
  if (!sourcedId.trim()) return { code: 'SOURCED_ID_MISSING', message: 'The row has no sourcedId.' };
  if (earlier.has(sourcedId)) return { code: 'ROW_REPEATED', message: `The sourcedId "${sourcedId}" is in an earlier row too.` };
  return null;
}

/** The schools and districts that the rows' roles name, by sourcedId. */
async function orgsOf({ query }: Transaction, rows: readonly ImportUserRow[], source: string): Promise<Map<string, Org>> {
  const named = [...new Set(rows.flatMap((row) => row.roles.map(({ orgSourcedId }) => orgSourcedId)))];
  const found = await query<Org & { sourcedId: string }>(
    `select id, name, true as "isSchool", lowest_grade as "lowestGrade", highest_grade as "highestGrade", sourced_id as "sourcedId"
         from school where source = $1 and sourced_id = any($2)
       union all select id, name, false, '', '', sourced_id from district where source = $1 and sourced_id = any($2)`,
    [source, named],
  );
  return new Map(found.map((org) => [org.sourcedId, org]));
}

interface StoredEnrollment extends KnownEnrollment {
  readonly studentId: string;
  readonly source: string | null;
  readonly isPrimary: boolean;
}

/** Fits each student's enrollments to what is stored, and finds those that would collide with what others wrote. */
async function place(
  { query }: Transaction,
  sound: readonly { told: ToldUser; index: number }[],
  { source, today, schoolYearBegins }: { source: string; today: IsoDate; schoolYearBegins: IsoDate },
): Promise<{ user: PlacedUser; index: number; fault: Fault | null }[]> {
  const stored = await query<StoredEnrollment>(
    `select id, student_id as "studentId", school_id as "schoolId", begins::text as begins, ends::text as ends, source,
         is_primary as "isPrimary" from enrollment where student_id = any($1) order by student_id, begins`,
    [sound.map(({ told }) => told.id)],
  );
  const byStudent = Map.groupBy(stored, ({ studentId }) => studentId);
  const holders = await holdersOf(query, sound);
  return sound.map(({ told, index }) => {
    const all = byStudent.get(told.id) ?? [];
    const placement = placeEnrollments(all.filter((one) => one.source === source), told.enrollments, { schoolYearBegins, today }); // prettier-ignore
    const schoolIds = [...new Set([...all, ...placement.keep].map(({ schoolId }) => schoolId))].sort();
    const user: PlacedUser = { ...told, placement, schoolIds };
    const others = all.filter((one) => one.source !== source);
    return { user, index, fault: collision(user, others) ?? faultOfNumber(user, holders) };
  });
}

function collision({ placement: { keep } }: PlacedUser, others: readonly StoredEnrollment[]): Fault | null {
  for (const [i, placed] of keep.entries()) {
    if (keep.slice(i + 1).some((twin) => twin.schoolId === placed.schoolId && overlap(twin, placed)))
      return { code: 'DATES_INVALID', message: 'Two roles as a student of one school overlap.' };
    const other = others.find((one) => overlap(one, placed) && (one.schoolId === placed.schoolId || (one.isPrimary && placed.isPrimary)));
    if (other)
      return {
        code: 'ENROLLED_BY_OTHERS',
        message: `From ${other.begins} the student is enrolled by ${other.source ?? 'the office'}; withdraw the student there, or here.`,
      };
  }
  return null;
}

/** Who holds the local ids of the rows' students: in the database or, before them, in the batch. */
async function holdersOf(query: Transaction['query'], sound: readonly { told: ToldUser }[]): Promise<Map<string, string>> {
  const students = sound.filter(({ told }) => told.isStudent && told.row.identifier);
  const held = await query<{ id: string; localId: string }>('select id, local_id as "localId" from student where local_id = any($1)', [
    students.map(({ told }) => told.row.identifier),
  ]);
  const holders = new Map(held.map(({ id, localId }) => [localId, id]));
  for (const { told } of students) if (!holders.has(told.row.identifier!)) holders.set(told.row.identifier!, told.id);
  return holders;
}

function faultOfNumber({ id, isStudent, row }: PlacedUser, holders: ReadonlyMap<string, string>): Fault | null {
  if (!isStudent || !row.identifier || holders.get(row.identifier) === id) return null;
  return { code: 'LOCAL_ID_TAKEN', message: `Another student of the district has the number ${row.identifier}.` };
}

const maxDifferences = 20;

/** For a dry run: which columns of which people would change, and from what to what. */
async function differencesOf({ query }: Transaction, users: readonly PlacedUser[], source: string): Promise<ImportDifference[]> {
  const stored = await query<{ id: string; row: Record<string, unknown> }>(
    `select s.id, to_jsonb(s) as row from student s where s.id = any($1) union all select p.id, to_jsonb(p) from staff p where p.id = any($1)
       union all select c.id, to_jsonb(c) from contact c where c.id = any($1)`,
    [users.map(({ id }) => id)],
  );
  const before = new Map(stored.map(({ id, row }) => [id, row]));
  const found: ImportDifference[] = [];
  for (const user of users) {
    const row = before.get(user.id);
    if (!row) continue;
    const told = user.isStudent || user.isStaff || user.relation !== null ? personOf(user, source) : { ended_on: 'today' };
    for (const [field, value] of Object.entries(told))
      if (row[field] !== value) found.push({ sourcedId: user.row.sourcedId, field, before: asText(row[field]), after: asText(value) });
    if (found.length >= maxDifferences) break;
  }
  return found.slice(0, maxDifferences);
}

const asText = (value: unknown) => (value === null || value === undefined ? null : String(value));
