import type { Slice } from '@rollbook/subgraph';
import { periodById } from '../bellschedules/schedules.ts';
import type { StudentRow } from '../rosters/rosters.ts';
import { courseById } from '../catalog/courses.ts';
import { sectionById } from '../sections/sections.ts';
import { changeSchedule } from './change.ts';
import {
  EnrolledStudent,
  PeriodRelease,
  PlacedStudent,
  PlacedTeacher,
  SeatHold,
  type GapRow,
  type HoldRow,
  type ReleaseRow,
} from './entities.ts';
import { releaseFromPeriod, scheduleGapCount, setOptionalPeriods, studentsWithoutFullSchedule } from './gaps.ts';
import { commitHold, holdSeats, releaseHold, sectionsHeld } from './holds.ts';
import type { Repair } from './repair.ts';
import { applySectionChange, sectionChangePlan, sectionsNamed, type SectionPlan } from './sectionChange.ts';
import { walkIn, type WalkIn, type WalkInSeat } from './walkIn.ts';
import type { Arguments } from '../schema.types.ts';

interface OfStudent {
  readonly schoolId: string;
  readonly studentId: string;
}

const ofStudent = ({ schoolId, studentId }: OfStudent) => ({ schoolIds: [schoolId], studentId });
/** The student service has the rest. */
const student = ({ schoolId, studentId }: OfStudent): StudentRow => ({ id: studentId, schoolIds: [schoolId], teacherIds: [] });

export const placement: Slice<Arguments> = {
  entities: [EnrolledStudent, SeatHold, PeriodRelease, PlacedStudent, PlacedTeacher],
  subjects: {
    ScheduleGap: ofStudent,
    ScheduleGapCount: ({ schoolId }: { schoolId: string }) => ({ schoolIds: [schoolId] }),
    SectionChangePlan: ({ schoolId }: SectionPlan) => ({ schoolIds: [schoolId] }),
    SectionChangeStudent: ofStudent,
    WalkIn: ofStudent,
    WalkInSeat: ofStudent,
    WalkInPeriod: ofStudent,
    WalkInChoice: ofStudent,
  },
  refusals: {
    seats_kept: [
      'SEATS_KEPT',
      'The last seats of the section are kept for students of a program. A principal or a counselor may give one, with a reason.',
    ],
    student_in_one_place: ['TWO_CLASSES_AT_ONCE', 'The student would have two classes at the same time.'],
    teacher_in_one_place: ['TEACHER_TWICE_AT_ONCE', 'The teacher would have two classes in two rooms at the same time.'],
    release_period: ['NOT_FOUND', 'There is no such period.'],
    released_once: ['RELEASED_ALREADY', 'The student is released from this period already on some of these days.'],
  },
  resolvers: {
    Query: {
      studentsWithoutFullSchedule: (_, args, context) => studentsWithoutFullSchedule(args, context),
      sectionChangePlan: (_, args, context) => sectionChangePlan(args, context),
      walkIn: (_, args, context) => walkIn(args, context),
      scheduleGapCount: (_, args, context) => scheduleGapCount(args, context),
    },
    Mutation: {
      changeSchedule: (_, { input }, context) => changeSchedule(input, context),
      holdSeats: (_, { input }, context) => holdSeats(input, context),
      commitHold: (_, { input }, context) => commitHold(input, context),
      releaseHold: (_, { input }, context) => releaseHold(input, context),
      applySectionChange: (_, { input }, context) => applySectionChange(input, context),
      setOptionalPeriods: (_, { input }, context) => setOptionalPeriods(input, context),
      releaseFromPeriod: (_, { input }, context) => releaseFromPeriod(input, context),
    },
    ScheduleGap: {
      student,
      emptyPeriods: ({ periodIds }: GapRow, _, { load }) => Promise.all(periodIds.map((id) => load(periodById, id))),
    },
    ScheduleChange: {
      student,
    },
    WalkIn: {
      student,
      best: ({ best, schoolId, studentId }: WalkIn) => best.map((seat) => ({ ...seat, schoolId, studentId })),
      unmet: ({ unmet }: WalkIn, _, { load }) => Promise.all(unmet.map((id) => load(courseById, id))),
      periods: async ({ periods, schoolId, studentId }: WalkIn, _, { load }) => {
        const found = await Promise.all(
          periods.map(async (each) => ({ ...each, schoolId, studentId, period: await load(periodById, each.periodId) })),
        );
        return found.sort((a, b) => a.period!.sortOrder - b.period!.sortOrder);
      },
    },
    WalkInPeriod: {
      choices: ({ choices, schoolId, studentId }: WalkIn['periods'][number] & OfStudent) =>
        choices.map((choice) => ({ ...choice, schoolId, studentId })),
    },
    WalkInSeat: { section: ({ sectionId }: WalkInSeat, _, { load }) => load(sectionById, sectionId) },
    WalkInChoice: { section: ({ sectionId }: WalkInSeat, _, { load }) => load(sectionById, sectionId) },
    SectionChangePlan: { section: ({ sectionId }: SectionPlan, _, { load }) => load(sectionById, sectionId) },
    SectionChangeStudent: {
      student,
      drop: ({ drop }: Repair, _, context) => sectionsNamed(drop, context),
      add: ({ add }: Repair, _, context) => sectionsNamed(add, context),
    },
    SeatHold: {
      student,
      sections: (hold: HoldRow, _, context) => sectionsHeld(hold, context),
    },
    PeriodRelease: {
      student,
      period: ({ periodId }: ReleaseRow, _, { load }) => load(periodById, periodId),
    },
  },
};
