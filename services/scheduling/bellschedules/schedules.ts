import { batch, columnsOf } from '@rollbook/subgraph';
import { BellSchedule, Period, type BellScheduleRow, type PeriodRow } from './entities.ts';

export const bellScheduleById = batch<string, BellScheduleRow>(
  (ids, { read }) => read(`select ${columnsOf(BellSchedule, 'b')} from bell_schedule b where b.id = any($1)`, [ids]),
  (schedule) => schedule.id,
);

export const periodById = batch<string, PeriodRow>(
  (ids, { read }) => read(`select ${columnsOf(Period, 'p')} from period p where p.id = any($1)`, [ids]),
  (period) => period.id,
);
