import { defineSubgraph } from '@rollbook/subgraph';
import {
  hearCourseChanged,
  hearEnrollmentsChanged,
  hearGradingPeriodChanged,
  hearSchoolChanged,
  hearSectionChanged,
  hearSectionCourses,
} from './events.ts';
import { gradebook } from './gradebook/resolvers.ts';
import { grades } from './grades/resolvers.ts';
import { graduation } from './graduation/resolvers.ts';
import { history } from './history/resolvers.ts';
import { marks } from './marks/resolvers.ts';
import { keepCalculationsFrozen } from './posting/freeze.ts';
import { posting } from './posting/resolvers.ts';
import { keepBatchesGoing } from './reportcards/batches.ts';
import { hearAttendanceTold, hearFamiliesTold } from './reportcards/facts.ts';
import { reportcards } from './reportcards/resolvers.ts';
import { conferences } from './conferences/resolvers.ts';
import { rosters } from './rosters/resolvers.ts';
import { saves } from './saves/resolvers.ts';
import { standards } from './standards/resolvers.ts';
import { transcripts } from './transcripts/resolvers.ts';
import { keepTranscriptsGoing } from './transcripts/work.ts';
import { windows } from './windows/resolvers.ts';

/** What students earned: the gradebook, the marks of each grading period, and when they may be posted. */
export const grading = defineSubgraph({
  name: 'grading',
  folder: import.meta.dirname,
  slices: {
    rosters,
    windows,
    saves,
    marks,
    conferences,
    posting,
    gradebook,
    standards,
    grades,
    history,
    reportcards,
    transcripts,
    graduation,
  },
  listens: {
    student: { SchoolChanged: hearSchoolChanged, EnrollmentsChanged: hearEnrollmentsChanged, FamiliesTold: hearFamiliesTold },
    attendance: { AttendanceTold: hearAttendanceTold },
    scheduling: {
      SectionChanged: hearSectionChanged,
      SectionCoursesTold: hearSectionCourses,
      GradingPeriodChanged: hearGradingPeriodChanged,
      CourseChanged: hearCourseChanged,
    },
  },
  background: (hand) => {
    const ends = [keepCalculationsFrozen(hand), keepTranscriptsGoing(hand), keepBatchesGoing(hand)];
    return async () => void (await Promise.all(ends.map((end) => end())));
  },
});
