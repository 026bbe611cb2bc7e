import { boundOf } from '@rollbook/timetable/bound.ts';
import { buildMaster } from '@rollbook/timetable/build.ts';
import { violations, type Violation } from '@rollbook/timetable/check.ts';
import { courseAtATime } from '@rollbook/timetable/courseAtATime.ts';
import { generateSchool } from '@rollbook/timetable/generate.ts';
import { greedyMaster } from '@rollbook/timetable/greedy.ts';
import { loadStudents } from '@rollbook/timetable/load.ts';
import { provedBest } from '@rollbook/timetable/prove.ts';
import { randomFrom } from '@rollbook/timetable/random.ts';
import type { PlacedSection, Progress, School, Seat } from '@rollbook/timetable/school.ts';
import { frontDesk } from '@rollbook/timetable/walkIn.ts';
import { measureExplaining } from './explaining.ts';
import { measureRepairs } from './repairs.ts';
import { rounded, satisfactionOf } from './satisfaction.ts';

export interface ScheduleOptions {
  readonly seed: number;
  readonly students: number;
  /** For the build of the master; the loads take what they take, ten seconds at most. */
  readonly seconds: number;
  /** For a proof of the best loading on the built master; 0: none. */
  readonly proveSeconds: number;
  readonly say: (line: string) => void;
}

const mostLoadSeconds = 5;
const now = (): number => performance.now();

/** Runs everything on one school and answers the figures; `say` tells how it goes. */
export async function measureSchedule(options: ScheduleOptions): Promise<Record<string, number | null>> {
  const { seed, students, seconds, say } = options;
  const school = generateSchool({ students, seed });
  say(`Seed ${seed}: ${describe(school)}`);
  const judge = judging(school, say);

  const greedy = greedyMaster(school, { seed });
  const greedyLoad = loadStudents(school, greedy, { seed, seconds: mostLoadSeconds, now });
  const greedyResult = judge('Greedy master, exact loader', greedy, greedyLoad.seats);

  const began = now();
  const built = buildMaster(school, { seed, seconds, now, onProgress: everyTenSeconds(say) });
  const masterSeconds = (now() - began) / 1_000;
  judge(`Built master (${rounded(masterSeconds, 1)} s), with the build's own seats`, built.sections, built.seats);

  const loadBegan = now();
  const loaded = loadStudents(school, built.sections, { seed, seconds: mostLoadSeconds, now });
  const loadSeconds = (now() - loadBegan) / 1_000;
  const gapPercent = gapTo(boundOf(school, built.sections).value, loaded.value);
  const result = judge(`Built master, loaded in ${rounded(loadSeconds)} s`, built.sections, loaded.seats);

  const courseResult = judge('Built master, a course at a time', built.sections, courseAtATime(school, built.sections, { seed }));
  const proof = await provedGap(school, built.sections, loaded.value, options);
  return {
    seed,
    students,
    loadSeconds: rounded(loadSeconds),
    gapPercent: rounded(gapPercent, 4),
    masterSeconds: rounded(masterSeconds, 1),
    primaryPercent: result.primaryPercent,
    allPrimaryPercent: result.allPrimaryPercent,
    violations: judge.violations(),
    courseAtATimePercent: courseResult.primaryPercent,
    greedyPrimaryPercent: greedyResult.primaryPercent,
    greedyAllPrimaryPercent: greedyResult.allPrimaryPercent,
    unmet: result.unmet,
    ...proof,
    ...measureExplaining(school, built.sections, loaded.seats, say),
    ...walkIns(school, built.sections, loaded.seats, seed, say),
    ...repairs(school, built.sections, loaded.seats, seed, say),
    coresUsed: 1,
  };
}

function describe({ courses, sections, teachers, rooms, students }: School): string {
  const requests = students.flatMap((student) => student.requests);
  const counts = [...Map.groupBy(sections, ({ courseId }) => courseId).values()].map((own) => own.length);
  const withAlternates = requests.filter(({ alternates }) => alternates.length > 0).length / requests.length;
  return [
    `${students.length} students with ${requests.length} requests (${Math.round(withAlternates * 100)} % with alternates)`,
    `${courses.length} courses (${counts.filter((count) => count === 1).length} singletons, ${counts.filter((count) => count === 2).length} doubletons)`,
    `${sections.length} sections with ${sections.reduce((sum, { seats }) => sum + seats, 0)} seats, ${teachers.length} teachers, ${rooms.length} rooms`,
  ].join(', ');
}

/** Judges proposals one after the other by the independent checker, and counts what it finds. */
function judging(school: School, say: (line: string) => void) {
  let count = 0;
  const judge = (what: string, sections: readonly PlacedSection[], seats: readonly Seat[]) => {
    const found = [...violations(school, { sections, seats }), ...unplaced(school, sections)];
    count += found.length;
    const { primaryPercent, allPrimaryPercent, unmet } = satisfactionOf(school, seats);
    const figures = { primaryPercent: rounded(primaryPercent), allPrimaryPercent: rounded(allPrimaryPercent), unmet };
    say(
      `${what}: ${figures.primaryPercent} % of requests, ${figures.allPrimaryPercent} % of students with all of theirs, ${unmet} unmet, ${found.length} violations`,
    );
    for (const { code, sentence } of found.slice(0, 5)) say(`  ${code}: ${sentence}`);
    return figures;
  };
  return Object.assign(judge, { violations: () => count });
}

/** The generated school has a time, a teacher and a room for each section: one that is left out would be a way to win. */
function unplaced(school: School, sections: readonly PlacedSection[]): Violation[] {
  const placed = new Set(sections.map(({ sectionId }) => sectionId));
  return school.sections
    .filter(({ id }) => !placed.has(id))
    .map(({ id }) => ({ code: 'UNPLACED', sentence: `Section ${id} is placed nowhere.` }));
}

const gapTo = (bound: number, value: number): number => (bound === 0 ? 0 : (1 - value / bound) * 100);

function everyTenSeconds(say: (line: string) => void): (progress: Progress) => void {
  let next = now();
  return ({ best, bound, unmet, secondsLeft }) => {
    if (now() < next) return;
    next = now() + 9_500;
    say(`  building: ${rounded(gapTo(bound, best), 3)} % below the bound, ${unmet} unmet, ${Math.round(secondsLeft)} s left`);
  };
}

async function provedGap(
  school: School,
  placed: readonly PlacedSection[],
  value: number,
  { proveSeconds, say }: ScheduleOptions,
): Promise<Record<string, number | null>> {
  if (proveSeconds === 0) return {};
  const began = now();
  const proof = await provedBest(school, placed, { seconds: proveSeconds });
  const gap = gapTo(proof.value, value);
  say(
    proof.proved
      ? `HiGHS proved the best loading of this master in ${rounded((now() - began) / 1_000, 1)} s; the loader is ${rounded(gap, 4)} % below`
      : `HiGHS proved nothing in ${proveSeconds} s`,
  );
  return { provedGapPercent: proof.proved ? rounded(gap, 4) : null };
}

/** How long the best schedule and all alternatives of one newcomer take, on the seats that the load has left. */
function walkIns(school: School, placed: readonly PlacedSection[], seats: readonly Seat[], seed: number, say: (line: string) => void) {
  const desk = frontDesk(school, placed, seats);
  const comers = randomFrom(seed).shuffle(school.students).slice(0, 1_000);
  const times = comers.map((student) => {
    const began = now();
    desk.place({ ...student, id: `newcomer like ${student.id}` });
    return now() - began;
  });
  times.sort((a, b) => a - b);
  const p99 = times[Math.floor(times.length * 0.99)]!;
  say(
    `Walk-in: best schedule and alternatives of ${comers.length} newcomers, median ${rounded(times[times.length >> 1]!, 3)} ms, p99 ${rounded(p99, 3)} ms`,
  );
  return { walkInP99Ms: rounded(p99, 3) };
}

/** What it does to students that a section is cancelled, or moved, in the middle of the year. */
function repairs(school: School, placed: readonly PlacedSection[], seats: readonly Seat[], seed: number, say: (line: string) => void) {
  const figures = measureRepairs(school, placed, seats, 10, randomFrom(seed));
  say(
    `20 sections cancelled or moved, one at a time: at most ${rounded(figures.repairSeconds)} s and ${figures.repairMostChanges} changes for a student; ` +
      `${figures.repairOthersWorse} others worse, ${figures.repairViolations} violations; ${rounded(figures.repairKeptPercent)} % of their students keep all that was met`,
  );
  return { ...figures, repairSeconds: rounded(figures.repairSeconds), repairKeptPercent: rounded(figures.repairKeptPercent) };
}
