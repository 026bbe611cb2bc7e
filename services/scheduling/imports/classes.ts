import { sourcedUuid } from '@rollbook/school';
import type { AppliedRows, ImportInput, Transaction } from '@rollbook/subgraph';
import type { SectionRow } from '../sections/entities.ts';
import { spanOf } from '../sections/rules.ts';
import { sectionColumns } from '../sections/sections.ts';
import { applyPatterns } from './patterns.ts';
import { endingOn, isDeleted, recordsOf, refusal, settle, type Wanted } from './rules.ts';
import { rememberToTell } from './toTell.ts';
import type { ImportClassRow } from '../schema.types.ts';

export interface WantedSection extends Wanted {
  readonly schoolId: string;
  readonly courseId: string;
  readonly number: string;
  readonly title: string;
  readonly sessionIds: readonly string[];
  readonly homeroom: boolean;
  readonly gradeLevels: readonly string[];
  readonly begins: string;
  readonly ends: string;
  readonly cancelledOn: string | null;
  /** Names of periods and of a room, as the row gives them. */
  readonly periods: readonly string[];
  readonly location: string | null;
}

const fields = ['courseId', 'number', 'title', 'sessionIds', 'homeroom', 'gradeLevels', 'begins', 'ends', 'cancelledOn'] as const;

export async function applyClasses(tx: Transaction, input: ImportInput<ImportClassRow>): Promise<AppliedRows> {
  const { source, rows, importId, today } = input;
  const ids = rows.map((row) => sourcedUuid(source, 'class', row.sourcedId));
  const known = await whatIsKnown(tx, source, rows, ids);
  const { wanted, refused, assumed } = recordsOf<ImportClassRow, WantedSection>(rows, (row, index) => sectionOf(row, index, input, known));
  const settled = settle(wanted, known.present, fields);
  const written = [...settled.created, ...settled.changed];
  await writeSections(tx, written, source);
  const here = wanted.filter(({ id, deleted }) => !deleted || known.present.has(id));
  const moved = await applyPatterns(tx, here, known.present, today);
  const changedIds = new Set(written.map((section) => section.id));
  const movedAlone = wanted.filter(({ id }) => moved.has(id) && !changedIds.has(id));
  const touched = [...changedIds, ...movedAlone.map(({ id }) => id)];
  await rememberToTell(tx, importId, touched);
  const meetings = movedAlone.map(({ sourcedId, periods, location }) => {
    return { sourcedId, field: 'meetings', before: null, after: [periods.join(', '), location].filter(Boolean).join(' in ') };
  });
  return {
    created: settled.created.length + assumed,
    changed: settled.changed.length + movedAlone.length,
    unchanged: settled.unchanged - movedAlone.length,
    refused,
    differences: [...settled.differences, ...meetings].slice(0, 20),
    seen: ids,
    touched,
  };
}

interface Known {
  readonly present: ReadonlyMap<string, SectionRow>;
  readonly courses: ReadonlySet<string>;
  readonly sessions: ReadonlyMap<string, { begins: string; ends: string }>;
}

/** What the rows point at: the sections themselves, locked in the order of their ids, courses and sessions. */
async function whatIsKnown(
  { query }: Transaction,
  source: string,
  rows: readonly ImportClassRow[],
  ids: readonly string[],
): Promise<Known> {
  const sections = await query<SectionRow>(`select ${sectionColumns} from section s where s.id = any($1) order by s.id for no key update`, [
    ids,
  ]);
  const courses = await query<{ id: string }>('select id from course where id = any($1)', [
    [...new Set(rows.map((row) => sourcedUuid(source, 'course', row.courseSourcedId)))],
  ]);
  const sessions = await query<{ id: string; begins: string; ends: string }>(
    'select id, begins, ends from academic_session where id = any($1)',
    [[...new Set(rows.flatMap((row) => row.termSourcedIds))].map((term) => sourcedUuid(source, 'academicSession', term))],
  );
  return {
    present: new Map(sections.map((section) => [section.id, section])),
    courses: new Set(courses.map(({ id }) => id)),
    sessions: new Map(sessions.map((session) => [session.id, session])),
  };
}

function sectionOf(row: ImportClassRow, index: number, { source, today, dryRun }: ImportInput<unknown>, known: Known) {
  const id = sourcedUuid(source, 'class', row.sourcedId);
  const courseId = sourcedUuid(source, 'course', row.courseSourcedId);
  const schoolId = sourcedUuid(source, 'org', row.schoolSourcedId);
  const sessionIds = row.termSourcedIds.map((term) => sourcedUuid(source, 'academicSession', term));
  const missingTerm = row.termSourcedIds.find((_, place) => !known.sessions.has(sessionIds[place]!));
  const present = known.present.get(id);
  if (!row.title.trim()) return refusal('TITLE_MISSING', 'A class needs a title.');
  if (!sessionIds.length) return refusal('SESSION_UNKNOWN', 'A class runs in at least one term.');
  if (dryRun && (!known.courses.has(courseId) || missingTerm !== undefined)) return null;
  if (!known.courses.has(courseId)) return refusal('COURSE_UNKNOWN', `There is no course ${row.courseSourcedId}.`);
  if (missingTerm !== undefined) return refusal('SESSION_UNKNOWN', `There is no term ${missingTerm}.`);
  if (present && present.schoolId !== schoolId) return refusal('SCHOOL_CHANGED', 'A class stays in its school; give it a new sourcedId.');
  const span = spanOf(sessionIds.map((sessionId) => known.sessions.get(sessionId)!));
  if (span.ends <= span.begins) return refusal('SESSIONS_OVER', 'The terms of the class end before they begin.');
  const deleted = isDeleted(row.status);
  return {
    row: index,
    sourcedId: row.sourcedId,
    id,
    deleted,
    schoolId,
    courseId,
    number: row.classCode?.trim() || row.sourcedId,
    title: row.title,
    sessionIds,
    homeroom: row.classType === 'homeroom',
    gradeLevels: row.grades ?? [],
    ...span,
    cancelledOn: deleted ? (present?.cancelledOn ?? endingOn(today, span.begins, null)) : null,
    periods: row.periods ?? [],
    location: row.location?.trim() || null,
  };
}

async function writeSections({ query }: Transaction, sections: readonly WantedSection[], source: string): Promise<void> {
  if (!sections.length) return;
  await query(
    `insert into section (id, school_id, course_id, number, title, session_ids, homeroom, grade_levels, begins, ends, cancelled_on, source,
         sourced_id)
       select r.id, r."schoolId", r."courseId", r.number, r.title, r."sessionIds", r.homeroom, r."gradeLevels", r.begins, r.ends,
         r."cancelledOn", $2, r."sourcedId"
       from jsonb_to_recordset($1) as r (id uuid, "schoolId" uuid, "courseId" uuid, number text, title text, "sessionIds" uuid[],
         homeroom boolean, "gradeLevels" text[], begins date, ends date, "cancelledOn" date, "sourcedId" text) order by r.id
     on conflict (id) do update set (course_id, number, title, session_ids, homeroom, grade_levels, begins, ends, cancelled_on) =
       (excluded.course_id, excluded.number, excluded.title, excluded.session_ids, excluded.homeroom, excluded.grade_levels,
        excluded.begins, excluded.ends, excluded.cancelled_on)`,
    [JSON.stringify(sections), source],
  );
}
