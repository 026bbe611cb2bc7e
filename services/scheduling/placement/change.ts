import { holds, refuse, todayIn, type Role } from '@rollbook/school';
import type { Context, Transaction } from '@rollbook/subgraph';
import { schoolById } from '../calendar/schools.ts';
import { tellSections } from '../events.ts';
import type { RosterRow } from '../rosters/entities.ts';
import type { SectionRow } from '../sections/entities.ts';
import { checkDayOf, checkReason } from '../sections/rules.ts';
import { closesOn, sectionFor } from '../sections/sections.ts';
import { concernsOf, emptyPeriods, refuseConcerns } from './concerns.ts';
import { linkConcerns, seatConcerns } from './seatConcerns.ts';
import { gapConcerns, type Concern } from './rules.ts';
import type { ChangeScheduleInput } from '../schema.types.ts';

export const office: readonly Role[] = ['PRINCIPAL', 'COUNSELOR', 'CLERK', 'DISTRICT_ADMINISTRATOR'];
const mayOverride: readonly Role[] = ['PRINCIPAL', 'COUNSELOR'];

/** Classes to drop and to add, at one school, checked as far as this is possible before anything is locked. */
export interface Change {
  readonly schoolId: string;
  readonly studentId: string;
  readonly add: readonly SectionRow[];
  readonly drop: readonly SectionRow[];
  /** A section that has not begun counts from its first day. */
  readonly on: string;
  readonly override: boolean;
}

export interface Changed {
  readonly schoolId: string;
  readonly studentId: string;
  readonly added: readonly RosterRow[];
  readonly dropped: readonly RosterRow[];
  readonly concerns: readonly Concern[];
}

/** Sections of one school, in the order given. Refuses NOT_FOUND, BAD_USER_INPUT. */
export async function sectionsOfOneSchool(context: Context, ids: readonly string[]): Promise<SectionRow[]> {
  const sections = await Promise.all([...new Set(ids)].map((id) => sectionFor(context, id, office)));
  if (new Set(sections.map(({ schoolId }) => schoolId)).size !== 1)
    refuse('BAD_USER_INPUT', ids.length ? 'The sections are of several schools.' : 'Name a section at least.');
  return sections;
}

/** Refuses FORBIDDEN to whom overriding is not given. */
export function checkOverride(override: boolean | null | undefined, schoolId: string, { viewer }: Context): boolean {
  if (override && !holds(viewer, mayOverride, schoolId))
    refuse('FORBIDDEN', 'Seats beyond the limit, and what speaks against a class, are for a principal or a counselor of the school.');
  return override ?? false;
}

/** Today at a school. */
export async function todayAt(schoolId: string, { load, now }: Context): Promise<string> {
  return todayIn((await load(schoolById, schoolId))?.timeZone ?? 'UTC', now());
}

/** Who: the office of the school; to override, a principal or counselor of it. Tells SectionChanged. */
export async function changeSchedule(input: ChangeScheduleInput, context: Context): Promise<Changed> {
  const why = checkReason(input.reason);
  const [adds, drops] = [new Set(input.addSectionIds ?? []), new Set(input.dropSectionIds ?? [])];
  const sections = await sectionsOfOneSchool(context, [...adds, ...drops]);
  const { schoolId } = sections[0]!;
  const change: Change = {
    schoolId,
    studentId: input.studentId,
    add: sections.filter(({ id }) => adds.has(id)),
    drop: sections.filter(({ id }) => drops.has(id)),
    on: input.on ?? (await todayAt(schoolId, context)),
    override: checkOverride(input.override, schoolId, context),
  };
  return context.write((tx) => applyChange(change, tx), why);
}

const startOf = (section: SectionRow, on: string) => (on < section.begins ? section.begins : on);

/** All of a change, in an open transaction. The database has the last word about seats and about two classes at once. */
export async function applyChange(change: Change, tx: Transaction): Promise<Changed> {
  const { schoolId, studentId, add, drop, on, override } = change;
  for (const section of add) checkDayOf(section, closesOn(section), startOf(section, on));
  const touched = [...add, ...drop].map(({ id }) => id).sort();
  await tx.query('select from section where id = any($1) order by id for no key update', [touched]);
  const coming = add.filter(({ id }) => !drop.some((other) => other.id === id)).map(({ courseId }) => courseId);
  const concerns = await concernsOf(tx.query, studentId, coming);
  const before = drop.length ? await emptyPeriods(tx.query, schoolId, studentId, on) : [];
  if (override) await tx.query(`select set_config('rollbook.over_seats', 'on', true)`);
  const dropped = await leave(change, tx);
  const enter = add.map(({ id }) => id);
  const forOthers = await seatConcerns(tx.query, { studentId, enter });
  if (!override) refuseConcerns(forOthers, tx.viewer, change);
  concerns.push(...forOthers);
  const added = await sit(change, tx);
  concerns.push(...(await linkConcerns(tx.query, touched, { studentId, enter: [], on })));
  if (drop.length) concerns.push(...gapConcerns(before, await emptyPeriods(tx.query, schoolId, studentId, on)));
  if (!override) refuseConcerns(concerns, tx.viewer, change);
  await tellSections(tx, touched);
  return { schoolId, studentId, added, dropped, concerns };
}

const rowColumns = 'e.section_id as "sectionId", e.school_id as "schoolId", e.student_id as "studentId", e.begins, e.ends';
const asRosterRow = (row: Omit<RosterRow, 'teacherIds'>): RosterRow => ({ ...row, teacherIds: [] });

async function leave({ studentId, drop, on }: Change, { query }: Transaction): Promise<RosterRow[]> {
  if (!drop.length) return [];
  const left = await query<RosterRow>(
    `update section_enrollment e set ends = greatest(e.begins, $3::date)
       where e.section_id = any($1) and e.student_id = $2 and (e.ends is null or e.ends > greatest(e.begins, $3)) returning ${rowColumns}`,
    [drop.map(({ id }) => id), studentId, on],
  );
  const stranger = drop.find(({ id }) => !left.some(({ sectionId }) => sectionId === id));
  if (stranger) refuse('NOT_ON_ROSTER', `The student does not sit in section ${stranger.number} on ${on} or later.`);
  return left.map(asRosterRow);
}

async function sit({ schoolId, studentId, add, on }: Change, { query }: Transaction): Promise<RosterRow[]> {
  if (!add.length) return [];
  const ids = add.map(({ id }) => id);
  // A seat that is held for this student is the one they take.
  await query('delete from seat_hold where student_id = $1 and section_id = any($2)', [studentId, ids]);
  const rows = await query<RosterRow>(
    `insert into section_enrollment as e (section_id, school_id, student_id, begins)
       select section_id, $2, $3, begins from unnest($1::uuid[], $4::date[]) as n (section_id, begins) returning ${rowColumns}`,
    [ids, schoolId, studentId, add.map((section) => startOf(section, on))],
  );
  return rows.map(asRosterRow);
}
