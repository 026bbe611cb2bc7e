import { refuse } from '@rollbook/school';
import type { Context } from '@rollbook/subgraph';
import type { PlacedSection, Seat, Student } from '@rollbook/timetable';
import type { ScenarioRow } from './entities.ts';
import { schoolOf, type Planned } from './schoolOf.ts';
import { scenarioFor } from './scenarios.ts';

/** A scenario in figures, as the graph's ScenarioFigures has them. */
interface Figures {
  readonly schoolId: string;
  readonly scenario: ScenarioRow;
  readonly students: number;
  readonly requests: number;
  readonly primaryPercent: number;
  readonly metPercent: number;
  readonly corePercent: number;
  readonly completePercent: number;
  readonly holes: number;
  readonly imbalance: number;
  readonly teachers: readonly { schoolId: string; teacherId: string; sections: number; students: number }[];
}

/** Of nothing, all is met. */
const percent = (part: number, whole: number): number => (whole === 0 ? 100 : (100 * part) / whole);

/** Two to eight scenarios side by side, and the students whose sections differ. */
export async function compareScenarios(ids: readonly string[], context: Context) {
  if (ids.length < 2 || ids.length > 8 || new Set(ids).size < ids.length)
    refuse('BAD_USER_INPUT', 'Compare two to eight scenarios, each once.');
  const scenarios = await Promise.all(ids.map((id) => scenarioFor(context, id)));
  const [{ schoolId, schoolYear }] = scenarios as [ScenarioRow];
  if (scenarios.some((other) => other.schoolId !== schoolId || other.schoolYear !== schoolYear))
    refuse('BAD_USER_INPUT', 'Compare scenarios of one school year at one school.');
  const planned: Planned[] = [];
  for (const scenario of scenarios) planned.push(await schoolOf((sql, params) => context.read(sql, params), scenario));
  return {
    schoolId,
    scenarios: scenarios.map((scenario, n) => figuresOf(scenario, planned[n]!)),
    differing: differing(planned.map(({ seats }) => seats)),
  };
}

/** A scenario in figures. */
export function figuresOf(scenario: ScenarioRow, { school, placed, seats }: Planned): Figures {
  const seatsOf = Map.groupBy(seats, ({ studentId }) => studentId);
  const asking = school.students.filter(({ requests }) => requests.length);
  const all = satisfactionOf('ALL', asking, seatsOf);
  const required = satisfactionOf(
    'ALL',
    asking.map((student) => ({ ...student, requests: student.requests.filter(({ priority }) => priority === 1) })),
    seatsOf,
  );
  const complete = asking.filter((student) => {
    const met = metBy(seatsOf.get(student.id));
    return student.requests.every(({ id }) => met.has(id));
  });
  return {
    schoolId: scenario.schoolId,
    scenario,
    students: asking.length,
    requests: all.requests,
    primaryPercent: all.primaryPercent,
    metPercent: all.metPercent,
    corePercent: required.metPercent,
    completePercent: percent(complete.length, asking.length),
    holes: holesOf(asking, school.slots.length, placed, seatsOf),
    imbalance: imbalanceOf(school.sections, seats),
    teachers: loadsOf(scenario.schoolId, placed, seats),
  };
}

/** Which request is met, and with the course itself or an alternate. */
const metBy = (seats: readonly Seat[] = []) =>
  new Map(seats.flatMap(({ requestId, alternate }) => (requestId === null ? [] : [[requestId, alternate] as const])));

interface Group {
  readonly group: string;
  readonly students: number;
  readonly requests: number;
  readonly primaryPercent: number;
  readonly metPercent: number;
  readonly completePercent: number;
}

function satisfactionOf(group: string, students: readonly Student[], seatsOf: ReadonlyMap<string, readonly Seat[]>): Group {
  let [requests, primary, met, complete] = [0, 0, 0, 0];
  for (const student of students) {
    const answers = metBy(seatsOf.get(student.id));
    const own = student.requests.filter(({ id }) => answers.get(id) === 0).length;
    requests += student.requests.length;
    primary += own;
    met += student.requests.filter(({ id }) => answers.has(id)).length;
    complete += own === student.requests.length ? 1 : 0;
  }
  return {
    ...{ group, students: students.length, requests, primaryPercent: percent(primary, requests), metPercent: percent(met, requests) },
    completePercent: percent(complete, students.length),
  };
}

/** How far requests are met: of all, of each grade and of each program, also where nobody of these has asked for anything yet. */
export function satisfaction({ school, seats }: Planned): (Group & { withoutRequests: number })[] {
  const seatsOf = Map.groupBy(seats, ({ studentId }) => studentId);
  const of = (group: string, students: readonly Student[]) => {
    const asking = students.filter(({ requests }) => requests.length);
    return { ...satisfactionOf(group, asking, seatsOf), withoutRequests: students.length - asking.length };
  };
  const { students } = school;
  const named = students.filter(({ grade, requests }) => grade !== '' || requests.length > 0);
  const grades = [...new Set(named.map(({ grade }) => grade))].sort();
  const programs = [...new Set(students.flatMap((student) => student.programs))].sort();
  return [
    of('ALL', students),
    ...grades.map((grade) =>
      of(
        `GRADE ${grade}`.trim(),
        students.filter((student) => student.grade === grade),
      ),
    ),
    ...programs.map((program) =>
      of(
        `PROGRAM ${program}`,
        students.filter((student) => student.programs.includes(program)),
      ),
    ),
  ];
}

function holesOf(
  students: readonly Student[],
  slots: number,
  placed: readonly PlacedSection[],
  seatsOf: ReadonlyMap<string, readonly Seat[]>,
): number {
  const placementOf = new Map(placed.map(({ sectionId, placement }) => [sectionId, placement]));
  const filled = (id: string) => new Set((seatsOf.get(id) ?? []).flatMap(({ sectionId }) => placementOf.get(sectionId) ?? [])).size;
  return students.reduce((sum, { id, released }) => sum + Math.max(0, slots - released.length - filled(id)), 0);
}

function imbalanceOf(sections: readonly { id: string; courseId: string }[], seats: readonly Seat[]): number {
  const taken = Map.groupBy(seats, ({ sectionId }) => sectionId);
  const several = [...Map.groupBy(sections, ({ courseId }) => courseId).values()].filter((all) => all.length > 1);
  const differences = several.map((all) => {
    const counts = all.map(({ id }) => taken.get(id)?.length ?? 0);
    return Math.max(...counts) - Math.min(...counts);
  });
  return differences.length ? differences.reduce((sum, one) => sum + one, 0) / differences.length : 0;
}

function loadsOf(schoolId: string, placed: readonly PlacedSection[], seats: readonly Seat[]): Figures['teachers'] {
  const taken = Map.groupBy(seats, ({ sectionId }) => sectionId);
  const taught = Map.groupBy(
    placed.filter(({ teacherId }) => teacherId !== null),
    ({ teacherId }) => teacherId!,
  );
  return [...taught]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([teacherId, all]) => ({
      ...{ schoolId, teacherId, sections: all.length },
      students: all.reduce((sum, { sectionId }) => sum + (taken.get(sectionId)?.length ?? 0), 0),
    }));
}

function differing(each: readonly (readonly Seat[])[]): string[] {
  const texts = each.map(
    (seats) =>
      new Map(
        [...Map.groupBy(seats, ({ studentId }) => studentId)].map(([id, own]) => [
          id,
          own
            .map(({ sectionId }) => sectionId)
            .sort()
            .join(),
        ]),
      ),
  );
  const ids = new Set(texts.flatMap((text) => [...text.keys()]));
  return [...ids].filter((id) => new Set(texts.map((text) => text.get(id))).size > 1).sort();
}
