import { columnsOf, type Transaction } from '@rollbook/subgraph';
import { AcademicSession, type SessionRow } from '../calendar/entities.ts';
import { gradingPeriodChanged, gradingPeriodWithdrawn } from '../events.ts';

/**
 * The sessions of a source ($1) that count as grading periods: in each school year those of the finest kind there is, gradingPeriod, else
 * term, else semester. Many systems tell of terms only, and marks must have a period to go into. Grading periods that somebody added
 * here by hand count for the source's years too. What never took place is none.
 */
const counting = `select a.id from academic_session a
  join (select school_year,
          case when bool_or(type = 'GRADING_PERIOD') then 'GRADING_PERIOD' when bool_or(type = 'TERM') then 'TERM' else 'SEMESTER' end as finest
        from academic_session where ends > begins and (source = $1 or (source is null and type = 'GRADING_PERIOD'))
        group by school_year) y on y.school_year = a.school_year and y.finest = a.type
  where a.source = $1 and a.ends > a.begins`;

/** Tells of the grading periods that are new, or that the import touched or ended; and withdraws those that no longer count as such. */
export async function tellGradingPeriods(tx: Transaction, importId: string, source: string, ended: readonly string[]): Promise<void> {
  const changed = await tx.query<SessionRow>(
    `with counting as (${counting}), added as (
       insert into told_grading_period select id from counting order by id on conflict do nothing returning session_id)
     select ${columnsOf(AcademicSession, 'a')} from academic_session a join counting using (id)
      where a.id in (select session_id from added) or a.id = any($3)
         or exists (select from import_seen i where i.import_id = $2 and i.kind = 'academicSessions' and i.row_id = a.id and i.touched)
      order by a.id`,
    [source, importId, ended],
  );
  const withdrawn = await tx.query<SessionRow>(
    `with gone as (
       delete from told_grading_period t using academic_session a
        where a.id = t.session_id and a.source = $1 and a.id not in (${counting}) returning a.id)
     select ${columnsOf(AcademicSession, 'a')} from academic_session a join gone using (id) order by a.id`,
    [source],
  );
  await tx.tell(...changed.map(gradingPeriodChanged), ...withdrawn.map(gradingPeriodWithdrawn));
}
