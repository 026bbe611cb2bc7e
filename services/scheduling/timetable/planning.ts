import { holds, refuse } from '@rollbook/school';
import { connectionOf, pageArguments, type Context, type PageArguments } from '@rollbook/subgraph';
import {
  roomNeeds,
  teacherNeeds,
  type Concern,
  type CourseRecommendation,
  type Fairness,
  type Repair,
  type School,
} from '@rollbook/timetable';
import { courseById } from '../catalog/courses.ts';
import { yearAsked } from '../requests/read.ts';
import { roomById } from '../sections/sections.ts';
import type { ScenarioRow } from './entities.ts';
import { judge } from './judging.ts';
import { plannedOf } from './planned.ts';
import { addRecommendedSections, limited, plannedLive } from './recommending.ts';
import { partsOf } from './rules.ts';
import { scenarioFor, schedulers } from './scenarios.ts';
import { asMany, type Planned } from './schoolOf.ts';
import type {
  MutationAddRecommendedSectionsArguments,
  QueryRecommendedSectionsArguments,
  ScheduleScenarioConcernsArguments,
} from '../schema.types.ts';

interface OfSchool {
  readonly schoolId: string;
}
const ofSchool = ({ schoolId }: OfSchool) => ({ schoolIds: [schoolId] });
const courseOf = ({ courseId }: { courseId: string }, _: unknown, { load }: Context) => load(courseById, courseId);
const studentOf = ({ studentId, schoolId }: OfSchool & { studentId: string }) => ({ id: studentId, schoolIds: [schoolId] });
const cellAt = ({ schoolId, slotId }: OfSchool & { slotId: string }) => ({ schoolId, ...partsOf(slotId) });

const mostConcerns = 500;

async function concerns(scenario: ScenarioRow, { code, first }: Partial<ScheduleScenarioConcernsArguments>, context: Context) {
  const size = first ?? 100;
  if (size < 1 || size > mostConcerns) refuse('BAD_USER_INPUT', `"first" must be between 1 and ${mostConcerns}, not ${size}.`);
  const all = await concernsOfScenario(scenario, context);
  return all
    .filter((concern) => !code || concern.code === code)
    .toSorted((a, b) => b.cost - a.cost)
    .slice(0, size)
    .map(({ reason, ...concern }) => ({ schoolId: scenario.schoolId, sentence: reason, ...concern }));
}

const concernsOfScenario = async (scenario: ScenarioRow, context: Context): Promise<Concern[]> =>
  judge('concerns', await plannedOf(scenario, context));

async function concernTotals(scenario: ScenarioRow, context: Context) {
  const byCode = Map.groupBy(await concernsOfScenario(scenario, context), ({ code }) => code);
  return [...byCode].map(([code, own]) => ({
    ...{ schoolId: scenario.schoolId, code, concerns: own.length, cost: own.reduce((sum, { cost }) => sum + cost, 0) },
  }));
}

async function seatsByGrade(scenario: ScenarioRow, context: Context) {
  const cells = await judge('grades', await plannedOf(scenario, context));
  return cells.map(({ without, left, ...cell }) => ({ schoolId: scenario.schoolId, withoutClass: without, seatsLeft: left, ...cell }));
}

async function unmet(scenario: ScenarioRow, context: Context) {
  const planned = await plannedOf(scenario, context);
  const requests = new Map(planned.school.students.flatMap((each) => each.requests.map((request) => [request.id, request] as const)));
  const { schoolId } = scenario;
  return (await judge('unmet', planned)).map(({ requestId, repairs, ...one }) => {
    const { courseId, priority } = requests.get(requestId)!;
    const told = { schoolId, requestId, courseId, priority, ...one, repair: repairs[0]?.words ?? null };
    return { ...told, repairs: repairs.map((repair) => repairRow(schoolId, courseId, repair)) };
  });
}

/** A repair with all fields that one of its kinds has. */
function repairRow(schoolId: string, wanted: string, repair: Repair) {
  const none = { courseId: wanted, sectionId: null, alternate: null, movedSectionId: null, placement: null, teacherId: null, roomId: null };
  const swaps = 'alsoMoved' in repair ? repair.alsoMoved : [];
  return {
    ...{ schoolId, ...none, seats: null, touched: [], ...repair },
    alsoMoved: swaps.map((swap) => ({ schoolId, ...swap })),
  };
}

interface WhichStudents extends PageArguments {
  readonly studentId?: string | null;
  readonly grade?: string | null;
  readonly program?: string | null;
}

async function fairness(scenario: ScenarioRow, { studentId, grade, program, ...page }: WhichStudents, context: Context) {
  const { after, limit } = pageArguments(page, ['integer']);
  const planned = await plannedOf(scenario, context);
  const inProgram = new Set(planned.school.students.flatMap(({ id, programs }) => (program && programs.includes(program) ? [id] : [])));
  const lines = (await judge('fairness', planned)).filter(
    (line) =>
      (!studentId || line.studentId === studentId) &&
      (grade == null || line.grade === grade) &&
      (!program || inProgram.has(line.studentId)),
  );
  const begin = after ? Number(after[0]) + 1 : 0;
  const rows = lines.slice(begin, begin + limit).map((line, n) => ({ ...asRow(scenario, line), place: begin + n }));
  return connectionOf(rows, limit, ({ place }) => [String(place)]);
}

const asRow = ({ schoolId }: ScenarioRow, line: Fairness) => ({
  schoolId,
  ...line,
  byPriority: line.byPriority.map((one) => ({ schoolId, ...one })),
});

async function recommendedSections({ schoolId, schoolYear, scenarioId }: QueryRecommendedSectionsArguments, context: Context) {
  if (!holds(context.viewer, schedulers, schoolId)) return null;
  const scenario = scenarioId ? await scenarioFor(context, scenarioId) : null;
  if (scenario && (scenario.schoolId !== schoolId || (schoolYear ?? scenario.schoolYear) !== scenario.schoolYear))
    refuse('BAD_USER_INPUT', `Scenario "${scenario.name}" is not of this school and year; it is of ${scenario.schoolYear}.`);
  return recommendationFor(
    schoolId,
    scenario ? await plannedOf(scenario, context) : await plannedLive(schoolId, await yearAsked(schoolYear, schoolId, context), context),
    context,
  );
}

async function recommendationFor(schoolId: string, planned: Planned, context: Context) {
  const school = limited(planned.school);
  const counts = await judge('counts', { ...planned, school });
  const subjects = await context.read<{ id: string; subject: string }>(
    `select c.id, c.subjects[1] as subject from course c where c.id = any($1) and c.subjects <> '{}'`,
    [school.courses.map(({ id }) => id)],
  );
  const subjectOf = new Map(subjects.map(({ id, subject }) => [id, subject]));
  return {
    schoolId,
    courses: counts.courses
      .filter(({ requests, asAlternate, planned: sections }) => requests + asAlternate + sections > 0)
      .toSorted((a, b) => b.recommended - b.planned - (a.recommended - a.planned) || b.requests - a.requests)
      .map((one) => courseRow(schoolId, one, planned.school)),
    teachers: teacherNeeds(school, counts, subjectOf)
      .filter(({ slotsNeeded, teacherIds }) => slotsNeeded > 0 || teacherIds.length > 0)
      .map((need) => ({ schoolId, ...need })),
    rooms: roomNeeds(school, planned.placed, counts).map(({ placed, ...need }) => ({
      ...{ schoolId, ...need },
      placed: placed.map((cell) => ({ schoolId, ...cell, rooms: need.rooms })),
    })),
  };
}

function courseRow(schoolId: string, { planned, plannedSeats, wanted, oneMore, oneLess, ...one }: CourseRecommendation, school: School) {
  const isEndless = school.sections.some(({ courseId, seats }) => courseId === one.courseId && seats >= asMany);
  return {
    ...{ schoolId, ...one, sections: planned, seats: isEndless ? null : plannedSeats },
    ...{ enoughFor: wanted, recommendedSeats: one.recommended * one.classSize },
    oneMore: oneMore && { schoolId, students: oneMore.students, requests: oneMore.requestsMet, worth: oneMore.worth },
    oneLess: { schoolId, students: oneLess.students, requests: oneLess.requestsLost, worth: oneLess.worth },
  };
}

/** Whom what this file tells is about. */
export const planningSubjects = {
  RecommendedSections: ofSchool,
  CourseRecommendation: ofSchool,
  OneSectionChange: ofSchool,
  TeacherNeed: ofSchool,
  RoomNeed: ofSchool,
  RoomsInPeriod: ofSchool,
  ScheduleConcern: ofSchool,
  ConcernTotal: ofSchool,
  GradeInPeriod: ofSchool,
  StudentFairness: ofSchool,
  PriorityMet: ofSchool,
  RequestRepair: ofSchool,
  SectionSwap: ofSchool,
};

/** What the timetable's resolvers take over: the fields that plan and explain. */
export const planning = {
  Query: {
    recommendedSections: (_: unknown, which: QueryRecommendedSectionsArguments, context: Context) => recommendedSections(which, context),
  },
  Mutation: {
    addRecommendedSections: (_: unknown, { input }: MutationAddRecommendedSectionsArguments, context: Context) =>
      addRecommendedSections(input, context),
  },
  ScheduleScenario: {
    concerns: (scenario: ScenarioRow, which: Partial<ScheduleScenarioConcernsArguments>, context: Context) =>
      concerns(scenario, which, context),
    concernTotals: (scenario: ScenarioRow, _: unknown, context: Context) => concernTotals(scenario, context),
    unmet: (scenario: ScenarioRow, _: unknown, context: Context) => unmet(scenario, context),
    recommendedSections: async (scenario: ScenarioRow, _: unknown, context: Context) =>
      recommendationFor(scenario.schoolId, await plannedOf(scenario, context), context),
    seatsByGrade: (scenario: ScenarioRow, _: unknown, context: Context) => seatsByGrade(scenario, context),
    fairness: (scenario: ScenarioRow, which: WhichStudents, context: Context) => fairness(scenario, which, context),
  },
  types: {
    CourseRecommendation: { course: courseOf },
    TeacherNeed: {
      courses: ({ courseIds }: { courseIds: readonly string[] }, _: unknown, { load }: Context) =>
        Promise.all(courseIds.map((id) => load(courseById, id))),
      teachers: ({ teacherIds }: { teacherIds: readonly string[] }) => teacherIds.map((id) => ({ id })),
    },
    RoomsInPeriod: { at: cellAt },
    GradeInPeriod: { at: cellAt },
    ScheduleConcern: {
      students: ({ studentIds, schoolId }: OfSchool & { studentIds: readonly string[] }) =>
        studentIds.map((studentId) => studentOf({ studentId, schoolId })),
      teacher: ({ teacherId }: { teacherId: string | null }) => teacherId && { id: teacherId },
    },
    StudentFairness: { student: studentOf },
    UnmetRequest: { student: studentOf, course: courseOf },
    RequestRepair: {
      course: courseOf,
      meetings: ({ schoolId, placement }: OfSchool & { placement: readonly string[] | null }) =>
        placement?.map((slotId) => cellAt({ schoolId, slotId })) ?? null,
      teacher: ({ teacherId }: { teacherId: string | null }) => teacherId && { id: teacherId },
      room: ({ roomId }: { roomId: string | null }, _: unknown, { load }: Context) => (roomId ? load(roomById, roomId) : null),
      students: ({ touched, schoolId }: OfSchool & { touched: readonly string[] }) =>
        touched.map((studentId) => studentOf({ studentId, schoolId })),
    },
    SectionSwap: { student: studentOf },
  },
};
