import { explainUnmet, type Repair } from '@rollbook/timetable/explain.ts';
import type { PlacedSection, School, Seat } from '@rollbook/timetable/school.ts';
import { rounded } from './satisfaction.ts';

/** Does it give the course that was asked for, and not an alternate? */
const givesTheCourse = (repair: Repair): boolean => repair.kind === 'ADD_SECTION' || ('alternate' in repair && repair.alternate === 0);

/** For how many of the missed requests one change is known that would meet them, and how long it takes to explain all of them. */
export function measureExplaining(school: School, placed: readonly PlacedSection[], seats: readonly Seat[], say: (line: string) => void) {
  const began = performance.now();
  const unmet = explainUnmet(school, placed, seats);
  const seconds = (performance.now() - began) / 1_000;
  const percentWith = (isMeant: (repair: Repair) => boolean): number | null =>
    unmet.length === 0 ? null : rounded((100 * unmet.filter(({ repairs }) => repairs.some(isMeant)).length) / unmet.length, 1);
  const [any, course] = [percentWith(() => true), percentWith(givesTheCourse)];
  const byKind = Map.groupBy(unmet, ({ repairs: [cheapest] }) => cheapest?.kind ?? 'none');
  const kinds = [...byKind].map(([kind, own]) => `${own.length} ${kind}`).join(', ');
  say(
    `Explained ${unmet.length} missed requests in ${rounded(seconds)} s: ${any} % have a repair, ${course} % one that gives the very course; cheapest: ${kinds}`,
  );
  return { explainSeconds: rounded(seconds), repairablePercent: any, repairableByCoursePercent: course };
}
