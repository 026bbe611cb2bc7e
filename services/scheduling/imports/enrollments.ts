import { sourcedUuid } from '@rollbook/school';
import type { AppliedRows, ImportInput, ImportRefusal, Transaction } from '@rollbook/subgraph';
import type { TeacherRole } from '../sections/entities.ts';
import { planLines, type PresentLine, type WantedLine } from './enrollmentPlan.ts';
import { endingOn, isDeleted, recordsOf, refusal, settle, type Settled, type Wanted } from './rules.ts';
import { rememberToTell } from './toTell.ts';
import type { ImportEnrollmentRow } from '../schema.types.ts';

type WantedEnrollment = Wanted & WantedLine & { readonly schoolId: string };
type PresentEnrollment = PresentLine & { readonly sourcedId: string | null };

/** Where lines of a kind are kept. A class's students and its teachers are two tables with one file. */
interface Place {
  readonly table: 'section_enrollment' | 'teacher_assignment';
  readonly person: 'student_id' | 'staff_id';
  readonly role: 'null::text' | 'e.role';
}
const students: Place = { table: 'section_enrollment', person: 'student_id', role: 'null::text' };
const teachers: Place = { table: 'teacher_assignment', person: 'staff_id', role: 'e.role' };

interface SectionSpan {
  readonly id: string;
  readonly schoolId: string;
  readonly begins: string;
  readonly ends: string | null;
}

const fields = ['sourcedId', 'sectionId', 'personId', 'role', 'begins', 'ends'] as const;

export async function applyEnrollments(tx: Transaction, input: ImportInput<ImportEnrollmentRow>): Promise<AppliedRows> {
  const { source, rows, importId, today } = input;
  const ids = rows.map((row) => sourcedUuid(source, 'enrollment', row.sourcedId));
  const sections = await lockSections(tx, source, rows);
  const there = {
    student: await presentLines(tx, students, input, ids, sections),
    teacher: await presentLines(tx, teachers, input, ids, sections),
  };
  const { wanted, refused, assumed } = recordsOf<ImportEnrollmentRow, WantedEnrollment>(rows, (row, index) =>
    lineOf(row, index, input, sections, there),
  );
  // The office of the other system is bound by its own limits of seats, not by ours.
  await tx.query(`select set_config('rollbook.over_seats', 'on', true)`);
  const applied = [
    await applyLines(
      tx,
      students,
      wanted.filter(({ role }) => role === null),
      there.student,
      source,
      today,
    ),
    await applyLines(
      tx,
      teachers,
      wanted.filter(({ role }) => role !== null),
      there.teacher,
      source,
      today,
    ),
  ];
  await rememberToTell(
    tx,
    importId,
    applied.flatMap(({ sectionIds }) => sectionIds),
  );
  const count = (number: (settled: Settled<WantedEnrollment>) => number) => applied.reduce((sum, { settled }) => sum + number(settled), 0);
  return {
    created: assumed + count(({ created }) => created.length),
    changed: count(({ changed }) => changed.length),
    unchanged: count(({ unchanged }) => unchanged),
    refused: [...refused, ...applied.flatMap((each) => each.refused)].sort((a, b) => a.row - b.row),
    differences: applied.flatMap(({ settled }) => settled.differences).slice(0, 20),
    seen: ids,
    touched: applied.flatMap(({ settled }) => [...settled.created, ...settled.changed].map(({ id }) => id)),
  };
}

/** The classes of the rows, locked in the order of their ids: two batches never fit lines into one section at the same time. */
async function lockSections(
  { query }: Transaction,
  source: string,
  rows: readonly ImportEnrollmentRow[],
): Promise<Map<string, SectionSpan>> {
  const classes = [...new Set(rows.map((row) => row.classSourcedId))];
  const found = await query<SectionSpan>(
    'select id, school_id as "schoolId", begins, ends from section where id = any($1) order by id for no key update',
    [classes.map((each) => sourcedUuid(source, 'class', each))],
  );
  const byId = new Map(found.map((section) => [section.id, section]));
  return new Map(classes.flatMap((each) => byId.get(sourcedUuid(source, 'class', each)) ?? []).map((section) => [section.id, section]));
}

/** The lines that are there: under the ids of the rows, and all others of the rows' people (of students) or sections (of teachers). */
async function presentLines(
  { query }: Transaction,
  { table, person, role }: Place,
  { importId, source, rows }: ImportInput<ImportEnrollmentRow>,
  ids: readonly string[],
  sections: ReadonlyMap<string, SectionSpan>,
): Promise<Map<string, PresentEnrollment>> {
  const others =
    table === 'section_enrollment'
      ? 'join unnest($3::uuid[], $4::uuid[]) as k (section_id, person_id) on e.section_id = k.section_id and e.student_id = k.person_id'
      : 'where e.section_id = any($3) and $4::uuid[] is not null';
  const ofKind = rows.filter((row) => (row.role === 'student') === (table === 'section_enrollment'));
  const keys = ofKind.map(
    (row) => [sourcedUuid(source, 'class', row.classSourcedId), sourcedUuid(source, 'user', row.userSourcedId)] as const,
  );
  const known = keys.filter(([section]) => sections.has(section));
  const columns = `e.id, e.sourced_id as "sourcedId", e.section_id as "sectionId", e.${person} as "personId", ${role} as role, e.begins, e.ends`;
  const found = await query<PresentEnrollment>(
    `select e.*, exists (select from import_seen i where i.import_id = $1 and i.kind = 'enrollments' and i.row_id = e.id) as seen from (
       select ${columns} from ${table} e where e.id = any($2) union select ${columns} from ${table} e ${others}) e`,
    [importId, ids, known.map(([section]) => section), known.map(([, user]) => user)],
  );
  return new Map(found.map((line) => [line.id, line]));
}

type There = Readonly<Record<'student' | 'teacher', ReadonlyMap<string, PresentEnrollment>>>;

function lineOf(
  row: ImportEnrollmentRow,
  index: number,
  { source, today, dryRun }: ImportInput<unknown>,
  sections: ReadonlyMap<string, SectionSpan>,
  there: There,
): WantedEnrollment | ReturnType<typeof refusal> | null {
  const { role } = row;
  if (role === 'administrator' || role === 'proctor')
    return refusal('ROLE_NOT_KEPT', `A class keeps its students and teachers, not its ${role}s.`);
  if (role !== 'student' && role !== 'teacher') return refusal('ROLE_UNKNOWN', `"${role}" is neither student nor teacher.`);
  const id = sourcedUuid(source, 'enrollment', row.sourcedId);
  const section = sections.get(sourcedUuid(source, 'class', row.classSourcedId));
  if (!section) return dryRun ? null : refusal('CLASS_UNKNOWN', `There is no class ${row.classSourcedId}.`);
  if (there[role === 'student' ? 'teacher' : 'student'].has(id))
    return refusal('ROLE_CHANGED', 'This enrollment had the other role before; give it a new sourcedId.');
  const present = there[role].get(id);
  const asBefore = present?.sectionId === section.id ? present.begins : section.begins;
  const begins = row.begins ?? asBefore;
  const ends = row.ends != null && section.ends !== null && row.ends >= section.ends ? null : (row.ends ?? null);
  const deleted = isDeleted(row.status);
  if (!deleted && row.ends != null && row.ends <= begins)
    return refusal('DATES_REVERSED', `It begins on ${begins} and ends before ${row.ends}.`);
  if (!deleted && ((section.ends !== null && begins >= section.ends) || (ends !== null && ends <= section.begins)))
    return refusal('OUTSIDE_SECTION', `The class is from ${section.begins} to before ${section.ends}.`);
  return {
    row: index,
    sourcedId: row.sourcedId,
    id,
    deleted,
    sectionId: section.id,
    schoolId: section.schoolId,
    personId: sourcedUuid(source, 'user', row.userSourcedId),
    role: role === 'student' ? null : roleOf(row.primary),
    dated: row.begins != null,
    begins: deleted ? (present?.begins ?? begins) : begins,
    ends: deleted && present ? endOfDeleted(present, section, today) : ends,
  };
}

const roleOf = (primary: boolean | null | undefined): TeacherRole => (primary ? 'TEACHER_OF_RECORD' : 'CO_TEACHER');

/** A line that is deleted ends today, unless it was over by then with its section. */
function endOfDeleted(present: PresentLine, section: SectionSpan, today: string): string | null {
  const over = present.ends === null && section.ends !== null && section.ends <= today;
  return over ? null : endingOn(today, present.begins, present.ends);
}

interface AppliedLines {
  readonly settled: Settled<WantedEnrollment>;
  readonly refused: readonly ImportRefusal[];
  /** The sections in which something is other than before. */
  readonly sectionIds: readonly string[];
}

async function applyLines(
  tx: Transaction,
  place: Place,
  wanted: readonly WantedEnrollment[],
  there: ReadonlyMap<string, PresentEnrollment>,
  source: string,
  today: string,
): Promise<AppliedLines> {
  const plan = planLines(
    wanted.filter(({ id, deleted }) => !deleted || there.has(id)),
    [...there.values()],
    today,
  );
  const present = new Map(there);
  for (const [old, id] of plan.adopted) present.set(id, there.get(old)!);
  const settled = settle(plan.lines, present, fields);
  const gone = wanted.filter(({ id, deleted }) => deleted && !there.has(id)).length;
  const changed = [...settled.created, ...settled.changed];
  await moveLines(tx, place, plan.adopted, plan.ended);
  await writeLines(tx, place, changed, source);
  return {
    settled: { ...settled, unchanged: settled.unchanged + gone },
    refused: plan.refused.map(({ line, code, message }) => ({ row: line.row, sourcedId: line.sourcedId, code, message })),
    sectionIds: [
      ...changed.flatMap(({ id, sectionId }) => [sectionId, present.get(id)?.sectionId ?? sectionId]),
      ...plan.ended.map((line) => line.sectionId),
    ],
  };
}

/** Lines that get another id, and lines that end to make room. */
async function moveLines(
  { query }: Transaction,
  { table }: Place,
  adopted: ReadonlyMap<string, string>,
  ended: readonly { id: string; ends: string }[],
): Promise<void> {
  if (adopted.size)
    await query(`update ${table} e set id = k.id from unnest($1::uuid[], $2::uuid[]) as k (old, id) where e.id = k.old`, [
      [...adopted.keys()],
      [...adopted.values()],
    ]);
  if (ended.length)
    await query(`update ${table} e set ends = k.ends from unnest($1::uuid[], $2::date[]) as k (id, ends) where e.id = k.id`, [
      ended.map(({ id }) => id),
      ended.map(({ ends }) => ends),
    ]);
}

async function writeLines(
  { query }: Transaction,
  { table, person }: Place,
  lines: readonly WantedEnrollment[],
  source: string,
): Promise<void> {
  if (!lines.length) return;
  const role = table === 'teacher_assignment' ? ', role' : '';
  await query(
    `insert into ${table} as e (id, section_id, school_id, ${person}, begins, ends, source, sourced_id${role})
       select r.id, r."sectionId", r."schoolId", r."personId", r.begins, r.ends, $2, r."sourcedId"${role}
       from jsonb_to_recordset($1) as r (id uuid, "sectionId" uuid, "schoolId" uuid, "personId" uuid, begins date, ends date,
         "sourcedId" text, role text) order by r."sectionId", r."personId"
     on conflict (id) do update set (section_id, school_id, ${person}, begins, ends, source, sourced_id${role}) =
       (excluded.section_id, excluded.school_id, excluded.${person}, excluded.begins, excluded.ends, excluded.source, excluded.sourced_id${role && ', excluded.role'})`,
    [JSON.stringify(lines), source],
  );
}
