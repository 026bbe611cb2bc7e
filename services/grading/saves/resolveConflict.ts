import { isUuid, refuse } from '@rollbook/school';
import { columnsOf, type Context } from '@rollbook/subgraph';
import { officesOf } from '../rosters/resolvers.ts';
import { answerOf, contentOf, type Saved } from './answers.ts';
import { Conflict, type ConflictRow } from './entities.ts';
import { checkSaveId, reasonOf } from './rules.ts';
import type { ResolveConflictInput } from '../schema.types.ts';

/** Which conflict was resolved by which save. */
export interface Resolved {
  readonly saveId: string;
  readonly conflictId: string;
}

interface Outcome extends Omit<Saved, 'outcome'> {
  readonly outcome: Saved['outcome'] | 'CONFLICT_UNKNOWN' | 'FORBIDDEN' | 'REASON_REQUIRED' | 'RESOLVED';
}

const call = `select outcome, exceptions, received_at as "receivedAt" from resolve_conflict($1, $2, $3, $4, $5, $6, $7, $8)`;

/** Who: those who teach the section today; the office with a reason. One function call is the whole transaction. */
export async function resolveConflict(input: ResolveConflictInput, context: Context) {
  const receivedAt = context.now().toISOString();
  const { saveId, conflictId, resolution, baseRevision } = input;
  checkSaveId(saveId);
  if (!isUuid(conflictId)) unknown(conflictId);
  const keeps = resolution === 'KEEP_MINE';
  if (keeps && (baseRevision == null || baseRevision < 0))
    refuse('REVISION_REQUIRED', 'To keep your value, say which revision of the mark or score you see now (baseRevision).');
  const base = keeps ? baseRevision! : 0;
  const content = contentOf('RESOLVE', conflictId, resolution, base, input.reason ?? null);
  const [outcome] = await context.statement<Outcome>(call, [
    ...[saveId, content, receivedAt, reasonOf(input.reason), officesOf(context), conflictId, resolution, base],
  ]);
  const saved = granted(outcome!, conflictId);
  const { rows, ...answer } = answerOf({ saveId, sectionId: '' }, [{ baseRevision: base }], saved);
  return { ...answer, ...rows[0]!, conflictId, ...(keeps ? {} : { revision: null }) };
}

const unknown = (conflictId: string): never => refuse('NOT_FOUND', `There is no conflict ${conflictId} in a section of a school of yours.`);

function granted(found: Outcome, conflictId: string): Saved {
  const { outcome, ...rest } = found;
  if (outcome === 'CONFLICT_UNKNOWN') return unknown(conflictId);
  if (outcome === 'FORBIDDEN')
    return refuse('FORBIDDEN', 'You do not teach this section today. Its teachers, and the principal, resolve its conflicts.');
  if (outcome === 'REASON_REQUIRED')
    return refuse('REASON_REQUIRED', 'You do not teach this section; to decide for its teacher, give a reason.');
  if (outcome === 'RESOLVED')
    return refuse('CONFLICT_RESOLVED', 'Somebody resolved this conflict before you; ask for the conflicts again to see who and how.');
  return { ...rest, outcome };
}

/** The conflict as it is now; when the value lost again, the one that keeps it. */
export async function conflictAfter({ saveId, conflictId }: Resolved, { read, now }: Context): Promise<ConflictRow | null> {
  const [conflict] = await read<ConflictRow>(
    `select ${columnsOf(Conflict, 'c')}, teachers_at(r, $3) as "teacherIds"
       from conflict c join section_roster r on r.section_id = c.section_id
      where c.id = $1 or c.save_id = $2 order by c.save_id = $2 desc limit 1`,
    [conflictId, saveId, now().toISOString()],
  );
  return conflict ?? null;
}
