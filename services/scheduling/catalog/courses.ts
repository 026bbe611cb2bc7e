import { batch, columnsOf } from '@rollbook/subgraph';
import { Course, type CourseRow } from './entities.ts';

export const courseById = batch<string, CourseRow>(
  (ids, { read }) => read(`select ${columnsOf(Course, 'c')} from course c where c.id = any($1)`, [ids]),
  (course) => course.id,
);
