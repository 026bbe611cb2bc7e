import { holds, refuse, type Role } from '@rollbook/school';
import type { Context } from '@rollbook/subgraph';
import { checkReason } from '../sections/rules.ts';
import type { Wanted } from './rules.ts';
import type { RequestOverrideInput, WantedRequestInput } from '../schema.types.ts';

/** Who enters and changes requests. */
export const counselors: readonly Role[] = ['COUNSELOR', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR'];

/** The reason of an override, if there is one and this viewer may give it. Refuses FORBIDDEN, REASON_REQUIRED. */
export function overrideOf({ viewer }: Context, schoolId: string, override: RequestOverrideInput | null | undefined): string | null {
  if (!override) return null;
  if (!holds(viewer, ['COUNSELOR', 'PRINCIPAL'], schoolId))
    refuse('FORBIDDEN', 'A rule is passed by by a principal or a counselor of the school.');
  return checkReason(override.reason);
}

/** A request as it was sent. */
export const wantedFrom = ({ courseId, priority, alternateIds }: WantedRequestInput): Wanted => ({
  courseId,
  priority: priority ?? 2,
  alternates: alternateIds ?? [],
});
