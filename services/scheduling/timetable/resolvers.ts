import type { Context, Slice } from '@rollbook/subgraph';
import type { Fault } from '@rollbook/timetable';
import { periodById } from '../bellschedules/schedules.ts';
import { sessionById } from '../calendar/sessions.ts';
import { courseById } from '../catalog/courses.ts';
import { loadList } from '../lists.ts';
import { roomById } from '../sections/sections.ts';
import { commitScenario } from './commit.ts';
import { compareScenarios, figuresOf, satisfaction } from './compare.ts';
import {
  addScenario,
  addScenarioSection,
  changeScenarioSection,
  copyScenario,
  removeScenarioSection,
  setScenarioSeats,
  takeLiveAgain,
  undoScenarioChange,
} from './edits.ts';
import {
  ScenarioChange,
  ScenarioSeat,
  ScenarioSection,
  ScheduleRun,
  ScheduleScenario,
  type ScenarioChangeRow,
  type ScenarioRow,
  type ScenarioSeatRow,
  type ScenarioSectionRow,
  type ScheduleRunRow,
} from './entities.ts';
import { judge } from './judging.ts';
import { matrixOf } from './matrix.ts';
import { plannedOf } from './planned.ts';
import { planning, planningSubjects } from './planning.ts';
import { partsOf } from './rules.ts';
import { sectionAsks } from './sectionAsks.ts';
import { applyRun, cancelRun, runById, runSeen, runsOf, startRun } from './runs/verbs.ts';
import { changesPage, findScenario, rosterOf, scenarioById, scenariosOf, seatsOf, seatsTaken, sectionsPage } from './scenarios.ts';
import type { Arguments } from '../schema.types.ts';

const ofSchool = ({ schoolId }: { schoolId: string }) => ({ schoolIds: [schoolId] });

const courseOf = ({ courseId }: { courseId: string }, _: unknown, { load }: Context) => load(courseById, courseId);

/** A student of whom a scenario tells no more than who it is. */
const student = (schoolId: string, id: string) => ({ id, schoolIds: [schoolId] });

function meetingsOf({ meets, schoolId }: ScenarioSectionRow) {
  return meets?.map((slot) => ({ schoolId, ...partsOf(slot) })) ?? null;
}

const gapPercent = ({ best, bound }: ScheduleRunRow): number | null =>
  best === null || bound === null ? null : bound === 0 ? 0 : (100 * (bound - best)) / bound;

async function faults(scenario: ScenarioRow, context: Context) {
  const found = await judge('faults', await plannedOf(scenario, context));
  return found.map((fault) => ({ schoolId: scenario.schoolId, ...fault }));
}

async function satisfied(scenario: ScenarioRow, context: Context) {
  const groups = satisfaction(await plannedOf(scenario, context));
  return groups.map((group) => ({ schoolId: scenario.schoolId, ...group }));
}

export const timetable: Slice<Arguments> = {
  entities: [ScheduleScenario, ScenarioSection, ScenarioSeat, ScenarioChange, ScheduleRun],
  subjects: {
    ScheduleScenario: ofSchool,
    ScenarioSection: ofSchool,
    ScenarioMeeting: ofSchool,
    SeatReservation: ofSchool,
    ScenarioSeat: ofSchool,
    ScenarioChange: ofSchool,
    ScheduleRun: ofSchool,
    ScheduleFault: ofSchool,
    UnmetRequest: ofSchool,
    ConflictMatrix: ofSchool,
    CourseDemand: ofSchool,
    CoursePair: ofSchool,
    RareCourse: ofSchool,
    Satisfaction: ofSchool,
    ScenarioComparison: ofSchool,
    ScenarioFigures: ofSchool,
    TeacherLoad: ofSchool,
    ...planningSubjects,
    ...sectionAsks.subjects,
  },
  refusals: {
    scenario_name: ['SCENARIO_EXISTS', 'The school has a scenario of this name for the year already.'],
    scenario_name_check: ['NAME_MISSING', 'A scenario needs a name.'],
    scenario_school_year_check: ['BAD_USER_INPUT', 'A school year is named by the year it ends in: 2027 is 2026-27.'],
    scenario_section_course: ['COURSE_UNKNOWN', 'There is no such course.'],
    scenario_section_room: ['ROOM_UNKNOWN', 'The school has no such room.'],
    scenario_section_seats: ['SEATS_INVALID', 'A section has at least one seat; leave it out for as many as come.'],
    scenario_section_row: ['PERIODS_INVALID', 'A section takes 1 to 4 periods in a row.'],
    scenario_seat_section: ['CHANGED_MEANWHILE', 'Somebody has a seat in this section by now.'],
    scenario_change_undone_once: ['UNDONE_ALREADY', 'The change was taken back already.'],
    run_alone: ['RUNNING_ALREADY', 'Another run works on this scenario; cancel it, or wait for its end.'],
    run_seconds: ['SECONDS_INVALID', 'A run takes 1 to 3600 seconds.'],
  },
  resolvers: {
    Query: {
      scenario: (_, { id }, context) => findScenario(id, context),
      scenarios: (_, { schoolId, schoolYear }, context) => scenariosOf(schoolId, schoolYear, context),
      scheduleRun: (_, { id }, context) => runSeen(id, context),
      compareScenarios: (_, { ids }, context) => compareScenarios(ids, context),
      ...planning.Query,
    },
    Mutation: {
      addScenario: (_, { input }, context) => addScenario(input, context),
      copyScenario: (_, { input }, context) => copyScenario(input, context),
      addScenarioSection: (_, { input }, context) => addScenarioSection(input, context),
      changeScenarioSection: (_, { input }, context) => changeScenarioSection(input, context),
      removeScenarioSection: (_, { input }, context) => removeScenarioSection(input, context),
      setScenarioSeats: (_, { input }, context) => setScenarioSeats(input, context),
      undoScenarioChange: (_, { input }, context) => undoScenarioChange(input, context),
      takeLiveAgain: (_, { input }, context) => takeLiveAgain(input, context),
      startRun: (_, { input }, context) => startRun(input, context),
      cancelRun: (_, { input }, context) => cancelRun(input, context),
      applyRun: (_, { input }, context) => applyRun(input, context),
      commitScenario: (_, { input }, context) => commitScenario(input, context),
      ...planning.Mutation,
    },
    ScheduleScenario: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(scenarioById, id),
      school: ({ schoolId }: ScenarioRow) => ({ id: schoolId }),
      basedOn: ({ basedOnId }: ScenarioRow, _, { load }) => (basedOnId ? load(scenarioById, basedOnId) : null),
      sections: ({ id }: ScenarioRow, page, context) => sectionsPage(id, page, context),
      seats: ({ id }: ScenarioRow, { studentId }, context) => seatsOf(id, studentId, context),
      changes: ({ id }: ScenarioRow, page, context) => changesPage(id, page, context),
      runs: ({ id }: ScenarioRow, _, context) => runsOf(id, context),
      faults: (scenario: ScenarioRow, _, context) => faults(scenario, context),
      conflictMatrix: async (scenario: ScenarioRow, _, context) => matrixOf(scenario, await plannedOf(scenario, context)),
      satisfaction: (scenario: ScenarioRow, _, context) => satisfied(scenario, context),
      figures: async (scenario: ScenarioRow, _, context) => figuresOf(scenario, await plannedOf(scenario, context)),
      ...planning.ScheduleScenario,
    },
    ScenarioSection: {
      course: ({ courseId }: ScenarioSectionRow, _, { load }) => load(courseById, courseId),
      sessions: async ({ sessionIds }: ScenarioSectionRow, _, { load }) =>
        (await Promise.all(sessionIds.map((id) => load(sessionById, id)))).filter((session) => session !== null),
      seatsTaken: async ({ scenarioId, sectionId }: ScenarioSectionRow, _, { load }) =>
        (await load(seatsTaken, { scenarioId, sectionId }))?.taken ?? 0,
      roster: ({ scenarioId, sectionId }: ScenarioSectionRow, _, context) => loadList(context, rosterOf, { scenarioId, sectionId }),
      meetings: (section: ScenarioSectionRow) => meetingsOf(section),
      teacher: ({ teacherId }: ScenarioSectionRow) => teacherId && { id: teacherId },
      coTeachers: ({ coTeacherIds }: ScenarioSectionRow) => coTeacherIds.map((id) => ({ id })),
      room: ({ roomId }: ScenarioSectionRow, _, { load }) => (roomId ? load(roomById, roomId) : null),
      reservations: ({ reservations, schoolId }: ScenarioSectionRow) => reservations.map((each) => ({ schoolId, ...each })),
      periodsInARow: ({ periodsInRow }: ScenarioSectionRow) => periodsInRow,
      sessionChoices: async ({ sessionChoices }: ScenarioSectionRow, _, { load }) =>
        (await Promise.all(sessionChoices.map((id) => load(sessionById, id)))).filter((session) => session !== null),
      isLive: ({ liveFingerprint }: ScenarioSectionRow) => liveFingerprint !== null,
    },
    ScenarioMeeting: {
      session: ({ sessionId }: { sessionId: string }, _, { load }) => load(sessionById, sessionId),
      period: ({ periodId }: { periodId: string }, _, { load }) => load(periodById, periodId),
      day: ({ day }: { day: string }) => day,
    },
    ScenarioSeat: {
      student: ({ studentId, schoolId }: ScenarioSeatRow) => student(schoolId, studentId),
    },
    ScenarioChange: {
      madeBy: ({ madeBy }: ScenarioChangeRow) => ({ id: madeBy }),
    },
    ScheduleRun: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(runById, id),
      scenario: ({ scenarioId }: ScheduleRunRow, _, { load }) => load(scenarioById, scenarioId),
      gapPercent,
      applied: ({ changeId }: ScheduleRunRow) => changeId !== null,
      startedBy: ({ startedBy }: ScheduleRunRow) => ({ id: startedBy }),
    },
    ScheduleFault: {
      code: ({ code }: { code: string }) => code,
      sentence: ({ sentence }: { sentence: string }) => sentence,
      sectionIds: ({ sectionIds }: { sectionIds: readonly string[] }) => sectionIds,
      studentIds: ({ studentIds }: { studentIds: readonly string[] }) => studentIds,
      students: ({ schoolId, studentIds }: { schoolId: string; studentIds: readonly string[] }) =>
        studentIds.map((id) => student(schoolId, id)),
      teachers: ({ teacherIds }: Fault) => (teacherIds ?? []).map((id) => ({ id })),
    },
    ConflictMatrix: {
      demands: ({ demands }: { demands: readonly object[] }) => demands,
      pairs: ({ pairs }: { pairs: readonly object[] }) => pairs,
      singletons: ({ singletons }: { singletons: readonly object[] }) => singletons,
      doubletons: ({ doubletons }: { doubletons: readonly object[] }) => doubletons,
    },
    CourseDemand: { course: courseOf },
    RareCourse: { course: courseOf },
    CoursePair: {
      course: courseOf,
      other: ({ otherId }: { otherId: string }, _, { load }) => load(courseById, otherId),
    },
    ScenarioComparison: {
      scenarios: ({ scenarios }: { scenarios: readonly object[] }) => scenarios,
      differingStudents: ({ schoolId, differing }: { schoolId: string; differing: readonly string[] }) =>
        differing.map((id) => student(schoolId, id)),
    },
    TeacherLoad: {
      teacher: ({ teacherId }: { teacherId: string }) => ({ id: teacherId }),
    },
    ...planning.types,
    ...sectionAsks.resolvers,
  },
};
