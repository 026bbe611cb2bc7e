import { setTimeout as pause } from 'node:timers/promises';
import type { BatchHand, Transaction } from '@rollbook/subgraph';
import { calculationOf } from '../gradebook/calculationOf.ts';

const lookAroundMs = 1_000;

interface Due {
  readonly saveId: string;
  readonly schoolId: string;
  readonly sectionId: string;
  readonly gradingPeriodId: string;
  readonly studentIds: readonly string[];
  readonly tx: string;
  readonly changed: boolean;
}

/**
 * Calculates what the gradebook tells of those who were posted by the next transaction whose postings have no calculations yet, and keeps it.
 * Postings are followed in the order of their transactions (several saves may share one), up to the oldest that still runs, so that none is
 * passed over; whether a score was saved in between is told with them. One at a time in the whole service; true while there is more to do.
 */
export async function freezeCalculations({ query }: Pick<Transaction, 'query'>, now: Date): Promise<boolean> {
  const [lock] = await query<{ got: boolean }>(`select pg_try_advisory_xact_lock(hashtext('posting_calculation')) as got`);
  if (!lock!.got) return false;
  const due = await query<Due>(
    `select p.save_id as "saveId", p.school_id as "schoolId", p.section_id as "sectionId", p.grading_period_id as "gradingPeriodId",
            p.student_ids as "studentIds", p.tx::text as tx,
            exists (select from save s where s.section_id = p.section_id and s.kind in ('SCORES', 'IMPORT') and s.tx > p.tx) as changed
       from posting p
      where p.tx = (select min(n.tx) from posting n where n.tx > (select coalesce(max(k.tx), 0) from posting_calculation k)
                       and n.tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)`,
  );
  for (const { saveId, schoolId, sectionId, gradingPeriodId, studentIds, tx, changed } of due) {
    const grades = await calculationOf(query, sectionId, gradingPeriodId, studentIds, now);
    await query(
      `insert into posting_calculation (save_id, school_id, tx, calculated_at, changed, calculations) values ($1, $2, $3, $4, $5, $6)`,
      [saveId, schoolId, tx, now.toISOString(), changed, JSON.stringify(Object.fromEntries(grades))],
    );
  }
  return due.length > 0;
}

/** Freezes the calculations of what was posted, a few postings at a time, until the service closes; what is left is the next one's. */
export function keepCalculationsFrozen({ bulk, log, now }: BatchHand): () => Promise<void> {
  let isEnding = false;
  let looking: Promise<void> = Promise.resolve();
  const look = async () => {
    for (let isMore = true; isMore && !isEnding;) {
      const began = performance.now();
      isMore = await bulk((tx) => freezeCalculations(tx, now()));
      // A quarter of the time at most: on the evening of a deadline teachers are saving beside it.
      if (isMore) await pause(3 * (performance.now() - began), undefined, { ref: false });
    }
  };
  const timer = setInterval(() => {
    looking = looking
      .then(look)
      .catch((error: unknown) => log.warn({ err: error }, 'calculations of postings could not be frozen; they are tried again'));
  }, lookAroundMs);
  timer.unref();
  return async () => {
    isEnding = true;
    clearInterval(timer);
    await looking;
  };
}
