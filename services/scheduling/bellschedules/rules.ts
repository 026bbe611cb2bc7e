import { refuse } from '@rollbook/school';
import type { BellScheduleTimeInput } from '../schema.types.ts';

const clock = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Times are on a 24-hour clock and go forward; each has a name. Refuses TIME_INVALID, TIMES_REVERSED, BAD_USER_INPUT. */
export function checkTimes(times: readonly BellScheduleTimeInput[]): void {
  for (const { startsAt, endsAt, label, period } of times) {
    for (const time of [startsAt, endsAt])
      if (!clock.test(time)) refuse('TIME_INVALID', `"${time}" is not a time of day such as 08:05.`, { time });
    if (endsAt <= startsAt) refuse('TIMES_REVERSED', `${label ?? period} would begin at ${startsAt} and end at ${endsAt}.`);
    if (!label && !period) refuse('BAD_USER_INPUT', `What is from ${startsAt} to ${endsAt} needs a label or a period.`);
  }
}

/** The periods that are named and that the school does not have. Refuses PERIOD_UNKNOWN. */
export function checkPeriods(times: readonly BellScheduleTimeInput[], known: ReadonlySet<string>): void {
  const unknown = new Set(times.flatMap(({ period }) => (period && !known.has(period) ? [period] : [])));
  if (unknown.size)
    refuse('PERIOD_UNKNOWN', `The school has no period ${[...unknown].join(', ')}; name its periods with setPeriods first.`);
}

/** Each period is named once. Refuses PERIOD_TWICE, BAD_USER_INPUT. */
export function checkPeriodNames(names: readonly string[]): void {
  if (names.some((name) => !name.trim())) refuse('BAD_USER_INPUT', 'A period needs a name.', { argument: 'names' });
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) refuse('PERIOD_TWICE', `Period ${twice} is in the list twice.`);
}
