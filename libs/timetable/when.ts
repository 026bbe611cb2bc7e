import type { School, Slot } from './school.ts';

const unique = (words: readonly string[]): string[] => [...new Set(words)];

/**
 * Slots as a counselor says them: "3", "3 and 4", "3 in S1", "3 on A". What the school has but one of is not said, and neither is a
 * term or a kind of day when it is all of them. Slots that the school does not have are said by their ids.
 */
export function wordsFor({ slots }: Pick<School, 'slots'>, ids: readonly string[]): string {
  const known = new Map(slots.map((slot) => [slot.id, slot]));
  const named = ids.flatMap((id) => known.get(id) ?? []);
  const foreign = ids.filter((id) => !known.has(id));
  const [terms, days] = [unique(slots.map(({ term }) => term)), unique(slots.map(({ day }) => day))];
  const part = (word: string, all: readonly string[], of: readonly string[]) =>
    of.length === all.length ? '' : ` ${word} ${of.join(' and ')}`;
  const periodOf = ({ order, period }: Slot) => JSON.stringify([order, period]);
  const placesOf = (own: readonly Slot[]) =>
    part('on', days, unique(own.map(({ day }) => day))) + part('in', terms, unique(own.map(({ term }) => term)));
  const periods = [...Map.groupBy(named, periodOf).values()].sort((a, b) => a[0]!.order - b[0]!.order);
  const alike = Map.groupBy(periods, placesOf);
  return [...[...alike].map(([place, own]) => own.map(([slot]) => slot!.period).join(' and ') + place), ...foreign].join(', ');
}
