import { rolesToward } from '@rollbook/school';
import { batch, columnsOf, type Context } from '@rollbook/subgraph';
import { Mark, type MarkRow } from '../marks/entities.ts';
import type { MarkType } from '../posting/entities.ts';
import { lacksOf } from '../posting/rules.ts';
import type { BookingRow } from './entities.ts';

/** One section of a child: what is posted, and what is not. */
export interface PacketEntryRow {
  readonly sectionId: string;
  readonly title: string;
  readonly schoolId: string;
  readonly studentId: string;
  readonly teacherIds: readonly string[];
  readonly mark: MarkRow | null;
  readonly missing: readonly MarkType[];
}

interface Key {
  readonly studentId: string;
  readonly gradingPeriodId: string;
}

type Found = Omit<PacketEntryRow, 'mark' | 'missing'> & Key & { readonly required: readonly MarkType[]; readonly id: string | null };

/** All sections of many children in one statement: what is printed is a whole day. */
const packets = batch<Key, Key & { entries: readonly PacketEntryRow[] }>(
  async (keys, { read, now }) => {
    const rows = await read<Found>(
      `select m.*, k.student_id as "studentId", k.period_id as "gradingPeriodId", r.section_id as "sectionId", r.title, r.school_id as "schoolId",
              teachers_at(r, $3) as "teacherIds", f.required_types as required
         from unnest($1::uuid[], $2::uuid[]) k (student_id, period_id) join grading_period p on p.id = k.period_id
         join lateral (select distinct seat.section_id from section_seat seat
                        where seat.student_id = k.student_id and seat.begins < p.ends and (seat.ends is null or seat.ends > p.begins)) seat on true
         join section_roster r on r.section_id = seat.section_id and not r.cancelled and k.student_id = any (students_at(r, $3))
         cross join lateral form_of(r.school_id, p.id) f
         left join lateral (select ${columnsOf(Mark, 'm')} from mark m where m.section_id = r.section_id and m.student_id = k.student_id
                              and m.grading_period_id = p.id and m.status = 'POSTED') m on true
        order by r.title, r.section_id`,
      [keys.map(({ studentId }) => studentId), keys.map(({ gradingPeriodId }) => gradingPeriodId), now().toISOString()],
    );
    const entries = rows.map(({ required, ...row }) => {
      const mark = row.id === null ? null : (row as unknown as MarkRow);
      const { sectionId, title, schoolId, studentId, gradingPeriodId, teacherIds } = row;
      return { sectionId, title, schoolId, studentId, gradingPeriodId, teacherIds, mark, missing: lacksOf(mark, required) };
    });
    const isOf = (key: Key) => (entry: Key) => entry.studentId === key.studentId && entry.gradingPeriodId === key.gradingPeriodId;
    return keys.map((key) => ({ ...key, entries: entries.filter(isOf(key)) }));
  },
  ({ studentId, gradingPeriodId }) => ({ studentId, gradingPeriodId }),
  ({ studentId, gradingPeriodId }) => `${studentId} ${gradingPeriodId}`,
);

/** What there is to talk about; a teacher finds the sections they teach. */
export async function packetOf({ studentId, gradingPeriodId }: BookingRow, { load, viewer }: Context): Promise<PacketEntryRow[]> {
  const found = await load(packets, { studentId, gradingPeriodId });
  return (found?.entries ?? []).filter((entry) => rolesToward(viewer, aboutEntry(entry)).length);
}

export const aboutEntry = ({ schoolId, studentId, teacherIds }: PacketEntryRow) => ({ schoolIds: [schoolId], studentId, teacherIds });
