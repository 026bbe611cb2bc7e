import { violations } from '@rollbook/timetable/check.ts';
import type { Random } from '@rollbook/timetable/random.ts';
import { repairSection, type SectionChange } from '@rollbook/timetable/repair.ts';
import { shareOfAlternate, worth, type PlacedSection, type School, type Seat } from '@rollbook/timetable/school.ts';

/** What cancelling or moving sections one at a time does to those who sit in them, and to others. */
export interface RepairFigures {
  /** Of the slowest. */
  readonly repairSeconds: number;
  /** The most classes that a student of the section enters anew, and any other student. */
  readonly repairMostChanges: number;
  /** Other students whose schedule is worth less than before: none is to be. */
  readonly repairOthersWorse: number;
  readonly repairViolations: number;
  /** Percent of the students of the sections who have all requests met that were met before. */
  readonly repairKeptPercent: number;
}

/** Cancels `count` sections, and moves as many to another time at which their teacher and room are free; each from the same schedule. */
export function measureRepairs(
  school: School,
  placed: readonly PlacedSection[],
  seats: readonly Seat[],
  count: number,
  random: Random,
): RepairFigures {
  const rosters = Map.groupBy(seats, ({ sectionId }) => sectionId);
  const full = random.shuffle(placed.filter(({ sectionId }) => (rosters.get(sectionId)?.length ?? 0) >= 10));
  const cancelled = full.slice(0, count).map(({ sectionId }): SectionChange => ({ sectionId, placement: null }));
  const moved: SectionChange[] = [];
  for (const one of full.slice(count)) if (moved.length < count) moved.push(...anotherTime(school, placed, one, random));
  const results = [...cancelled, ...moved].map((change) => judgeRepair(school, placed, seats, change));
  const affected = results.reduce((sum, one) => sum + one.affected, 0);
  return {
    repairSeconds: Math.max(...results.map((one) => one.seconds)),
    repairMostChanges: Math.max(...results.map((one) => one.mostChanges)),
    repairOthersWorse: results.reduce((sum, one) => sum + one.othersWorse, 0),
    repairViolations: results.reduce((sum, one) => sum + one.violations, 0),
    repairKeptPercent: affected === 0 ? 100 : (100 * results.reduce((sum, one) => sum + one.kept, 0)) / affected,
  };
}

function judgeRepair(school: School, placed: readonly PlacedSection[], seats: readonly Seat[], change: SectionChange) {
  const began = performance.now();
  const after = repairSection(school, placed, seats, change);
  const seconds = (performance.now() - began) / 1_000;
  const inSection = new Set(seats.filter(({ sectionId }) => sectionId === change.sectionId).map(({ studentId }) => studentId));
  const [was, is] = [schedulesOf(school, seats), schedulesOf(school, after.seats)];
  const compared = school.students.map(({ id }) => {
    const [old, present] = [was.get(id) ?? nothing, is.get(id) ?? nothing];
    return {
      affected: inSection.has(id),
      worse: present.value < old.value,
      entered: present.sections.difference(old.sections).size,
      kept: old.requests.isSubsetOf(present.requests),
    };
  });
  const affected = compared.filter((one) => one.affected);
  return {
    seconds,
    mostChanges: Math.max(...compared.map(({ entered }) => entered)),
    othersWorse: compared.filter((one) => one.worse && !one.affected).length,
    affected: affected.length,
    kept: affected.filter(({ kept }) => kept).length,
    violations: violations(school, { sections: after.placed, seats: after.seats }).length,
  };
}

const nothing = { value: 0, sections: new Set<string>(), requests: new Set<string>() };

/** What each student has: its worth, the sections, and the requests that are met. */
function schedulesOf(school: School, seats: readonly Seat[]): Map<string, typeof nothing> {
  const priorities = new Map(school.students.flatMap(({ requests }) => requests.map(({ id, priority }) => [id, priority])));
  const own = Map.groupBy(seats, ({ studentId }) => studentId);
  return new Map(
    [...own].map(([id, all]) => {
      const answers = all.flatMap(({ requestId, alternate }) => (requestId === null ? [] : [{ requestId, alternate }]));
      const value = answers.reduce(
        (sum, one) => sum + Math.round(worth[priorities.get(one.requestId)!] * shareOfAlternate(one.alternate)),
        0,
      );
      return [
        id,
        { value, sections: new Set(all.map(({ sectionId }) => sectionId)), requests: new Set(answers.map(({ requestId }) => requestId)) },
      ];
    }),
  );
}

/** A time at which the section could meet instead, with the same teacher in the same room; none when there is no such time. */
function anotherTime(school: School, placed: readonly PlacedSection[], one: PlacedSection, random: Random): SectionChange[] {
  const section = school.sections.find(({ id }) => id === one.sectionId)!;
  const others = random.shuffle(section.possible.filter((placement) => placement.join() !== one.placement.join()));
  const possible = others.find((placement) => {
    const sections = placed.map((line) => (line === one ? { ...line, placement } : line));
    return violations(school, { sections, seats: [] }).length === 0;
  });
  return possible ? [{ sectionId: section.id, placement: possible }] : [];
}
