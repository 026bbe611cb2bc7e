import { sourcedUuid } from '@rollbook/school';
import { columnsOf, type AppliedRows, type ImportInput, type Transaction } from '@rollbook/subgraph';
import { AcademicSession, type SessionRow, type SessionType } from '../calendar/entities.ts';
import { endingOn, isDeleted, recordsOf, refusal, sessionTypes, settle, type Wanted } from './rules.ts';
import type { ImportAcademicSessionRow } from '../schema.types.ts';

interface WantedSession extends Wanted {
  readonly title: string;
  readonly type: SessionType;
  readonly schoolYear: number;
  readonly begins: string;
  readonly ends: string;
  readonly parentId: string | null;
}

const fields = ['title', 'type', 'schoolYear', 'begins', 'ends', 'parentId'] as const;

/** A session that is to be deleted ends today, and is otherwise as the row says. */
export async function applySessions(
  { query }: Transaction,
  { source, today, rows }: ImportInput<ImportAcademicSessionRow>,
): Promise<AppliedRows> {
  const id = (sourcedId: string) => sourcedUuid(source, 'academicSession', sourcedId);
  const ids = rows.map((row) => id(row.sourcedId));
  const found = await query<SessionRow>(`select ${columnsOf(AcademicSession, 'a')} from academic_session a where id = any($1)`, [ids]);
  const present = new Map(found.map((session) => [session.id, session]));
  const { wanted, refused } = recordsOf<ImportAcademicSessionRow, WantedSession>(rows, (row, index) => {
    const type = Object.hasOwn(sessionTypes, row.type) ? sessionTypes[row.type] : undefined;
    if (!type) return refusal('TYPE_UNKNOWN', `"${row.type}" is none of ${Object.keys(sessionTypes).join(', ')}.`);
    if (!row.title.trim()) return refusal('TITLE_MISSING', 'A session needs a title.');
    if (row.ends <= row.begins) return refusal('DATES_REVERSED', `It begins on ${row.begins} and ends before ${row.ends}.`);
    if (row.schoolYear < 1900 || row.schoolYear > 2200) return refusal('SCHOOL_YEAR_INVALID', `${row.schoolYear} is no school year.`);
    return {
      row: index,
      sourcedId: row.sourcedId,
      id: id(row.sourcedId),
      deleted: isDeleted(row.status),
      title: row.title,
      type,
      schoolYear: row.schoolYear,
      begins: row.begins,
      ends: isDeleted(row.status) ? endingOn(today, row.begins, present.get(id(row.sourcedId))?.ends ?? row.ends) : row.ends,
      parentId: row.parentSourcedId ? id(row.parentSourcedId) : null,
    };
  });
  const { created, changed, unchanged, differences } = settle(wanted, present, fields);
  const written = [...created, ...changed];
  if (written.length)
    await query(
      `insert into academic_session (id, title, type, school_year, begins, ends, parent_id, source, sourced_id)
         select r.id, r.title, r.type, r."schoolYear", r.begins, r.ends, r."parentId", $2, r."sourcedId"
         from jsonb_to_recordset($1) as r (id uuid, title text, type text, "schoolYear" integer, begins date, ends date, "parentId" uuid,
           "sourcedId" text) order by r.id
       on conflict (id) do update set (title, type, school_year, begins, ends, parent_id) =
         (excluded.title, excluded.type, excluded.school_year, excluded.begins, excluded.ends, excluded.parent_id)`,
      [JSON.stringify(written), source],
    );
  return {
    created: created.length,
    changed: changed.length,
    unchanged,
    refused,
    differences,
    seen: ids,
    touched: written.map((session) => session.id),
  };
}
