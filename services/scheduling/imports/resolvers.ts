import { importRows, type ImportInput, type Slice } from '@rollbook/subgraph';
import { applyClasses, type ImportClassRow } from './classes.ts';
import { applyCourses, type ImportCourseRow } from './courses.ts';
import { applyEnrollments, type ImportEnrollmentRow } from './enrollments.ts';
import { finishScheduleImport, type FinishInput } from './finish.ts';
import { applySessions, type ImportSessionRow } from './sessions.ts';

/** What another system brings. Each request is one transaction; the other services are told at the end, once for each section. */
export const imports: Slice = {
  entities: [],
  resolvers: {
    Mutation: {
      importAcademicSessions: (_, { input }: { input: ImportInput<ImportSessionRow> }, context) =>
        importRows(context, 'academicSessions', input, applySessions),
      importCourses: (_, { input }: { input: ImportInput<ImportCourseRow> }, context) =>
        importRows(context, 'courses', input, applyCourses),
      importClasses: (_, { input }: { input: ImportInput<ImportClassRow> }, context) => importRows(context, 'classes', input, applyClasses),
      importEnrollments: (_, { input }: { input: ImportInput<ImportEnrollmentRow> }, context) =>
        importRows(context, 'enrollments', input, applyEnrollments),
      finishScheduleImport: (_, { input }: { input: FinishInput }, context) => finishScheduleImport(input, context),
    },
  },
};
