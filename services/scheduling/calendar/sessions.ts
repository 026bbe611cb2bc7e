import { batch, columnsOf } from '@rollbook/subgraph';
import { AcademicSession, type SessionRow } from './entities.ts';

export const sessionById = batch<string, SessionRow>(
  (ids, { read }) => read(`select ${columnsOf(AcademicSession, 'a')} from academic_session a where a.id = any($1)`, [ids]),
  (session) => session.id,
);
