import { importRows, type Slice } from '@rollbook/subgraph';
import { applyClasses } from './classes.ts';
import { applyCourses } from './courses.ts';
import { applyEnrollments } from './enrollments.ts';
import { ToldGradingPeriod } from './entities.ts';
import { finishScheduleImport } from './finish.ts';
import { applySessions } from './sessions.ts';
import type { Arguments } from '../schema.types.ts';

/** What another system brings. Each request is one transaction; the other services are told at the end, once for each section. */
export const imports: Slice<Arguments> = {
  entities: [ToldGradingPeriod],
  resolvers: {
    Mutation: {
      importAcademicSessions: (_, { input }, context) => importRows(context, 'academicSessions', input, applySessions),
      importCourses: (_, { input }, context) => importRows(context, 'courses', input, applyCourses),
      importClasses: (_, { input }, context) => importRows(context, 'classes', input, applyClasses),
      importEnrollments: (_, { input }, context) => importRows(context, 'enrollments', input, applyEnrollments),
      finishScheduleImport: (_, { input }, context) => finishScheduleImport(input, context),
    },
  },
};
