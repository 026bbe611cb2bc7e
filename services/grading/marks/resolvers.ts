import { isUuid, refuse } from '@rollbook/school';
import { batch, columnsOf, type Context, type Slice } from '@rollbook/subgraph';
import type { SectionRow, StudentRow } from '../rosters/entities.ts';
import { isOffice, officesOf } from '../rosters/resolvers.ts';
import { enrollmentSubject, findEnrollment } from './enrollments.ts';
import { Mark, MarkScale, type MarkRow, type MarkScaleRow } from './entities.ts';
import { checkScale, markSubject, maySeeMark } from './rules.ts';
import { postMarks, saveMarks } from './saveMarks.ts';
import type { Arguments, SetMarkScaleInput } from '../schema.types.ts';

/**
 * Marks with who teaches their section today, as far as the viewer may see them. Who teaches is worked out once for each section, not for
 * each mark. `which` selects marks `m` ($2 and on); `order` may name `m` and its grading period `p`.
 */
async function readMarks(which: string, params: readonly unknown[], { read, viewer, now }: Context, order = 'm.id'): Promise<MarkRow[]> {
  const rows = await read<MarkRow>(
    `with found as materialized (select m.* from mark m where ${which}),
          section as materialized
            (select r.section_id, teachers_at(r, $1) as teachers
               from section_roster r where r.section_id = any (array(select distinct f.section_id from found f)))
     select ${columnsOf(Mark, 'm')}, r.teachers as "teacherIds"
       from found m join section r on r.section_id = m.section_id left join grading_period p on p.id = m.grading_period_id order by ${order}`,
    [now().toISOString(), ...params],
  );
  return rows.filter((mark) => maySeeMark(viewer, mark));
}

const markById = batch<string, MarkRow>(
  (ids, context) => readMarks('m.id = any($2)', [ids], context),
  (mark) => mark.id,
);

const findMark = async (id: string, { load }: Context) => (isUuid(id) ? load(markById, id) : null);

interface Marks {
  readonly id: string;
  readonly marks: readonly MarkRow[];
}

const marksOfSection = batch<string, Marks>(
  async (ids, context) => {
    const marks = await readMarks('m.section_id = any($2)', [ids], context, 'p.begins, m.student_id, m.id');
    return ids.map((id) => ({ id, marks: marks.filter(({ sectionId }) => sectionId === id) }));
  },
  ({ id }) => id,
);

const marksOfStudent = batch<string, Marks>(
  async (ids, context) => {
    const marks = await readMarks('m.student_id = any($2)', [ids], context, 'p.begins desc, m.section_id, m.id');
    return ids.map((id) => ({ id, marks: marks.filter(({ studentId }) => studentId === id) }));
  },
  ({ id }) => id,
);

interface OfPeriod {
  readonly gradingPeriodId?: string | null;
}

const ofPeriod = (found: Marks | null, { gradingPeriodId }: OfPeriod) =>
  (found?.marks ?? []).filter((mark) => gradingPeriodId == null || mark.gradingPeriodId === gradingPeriodId);

async function markScale(schoolId: string, { read }: Context): Promise<MarkScaleRow> {
  const [scale] = await read<MarkScaleRow>(
    `select ${columnsOf(MarkScale, 'm')} from mark_scale m where m.school_id = $1 or m.school_id is null order by m.school_id nulls last limit 1`,
    [isUuid(schoolId) ? schoolId : null],
  );
  return scale!;
}

/** Who: a district administrator; a principal for the own school. */
async function setMarkScale({ schoolId = null, values }: SetMarkScaleInput, context: Context): Promise<MarkScaleRow> {
  checkScale(values);
  if (schoolId === null && officesOf(context))
    refuse('FORBIDDEN', "The district's scale is set by a district administrator; name your school.");
  if (schoolId !== null && (!isUuid(schoolId) || !isOffice(context, schoolId)))
    refuse('NOT_FOUND', `There is no school ${schoolId} of yours.`);
  return context.write(async ({ query }) => {
    await query(
      `insert into mark_scale (school_id, mark_values) values ($1, $2)
         on conflict (school_id) do update set mark_values = excluded.mark_values`,
      [schoolId, values],
    );
    return { schoolId, markValues: values };
  });
}

export const marks: Slice<Arguments> = {
  entities: [Mark, MarkScale],
  subjects: {
    Mark: markSubject,
    // Also a school's own is a fact of the institution: every signed-in person may read it.
    MarkScale: () => ({ schoolIds: null }),
    SectionEnrollment: enrollmentSubject,
  },
  resolvers: {
    Query: {
      mark: (_, { id }, context) => findMark(id, context),
      markScale: (_, { schoolId }, context) => markScale(schoolId, context),
    },
    Mutation: {
      saveMarks: (_, { input }, context) => saveMarks(input, context),
      postMarks: (_, { input }, context) => postMarks(input, context),
      setMarkScale: (_, { input }, context) => setMarkScale(input, context),
    },
    Section: {
      marks: async ({ id }: SectionRow, period, { load }) => ofPeriod(await load(marksOfSection, id), period),
    },
    Student: {
      marks: async ({ id }: StudentRow, period, { load }) => ofPeriod(await load(marksOfStudent, id), period),
    },
    SectionEnrollment: {
      __resolveReference: (key: { sectionId: string; studentId: string }, context: Context) => findEnrollment(key, context),
    },
    Mark: {
      __resolveReference: ({ id }: { id: string }, context: Context) => findMark(id, context),
      student: ({ studentId, schoolId, teacherIds }: MarkRow) => ({ id: studentId, schoolIds: [schoolId], teacherIds }),
      section: ({ sectionId, schoolId, teacherIds, studentId }: MarkRow): SectionRow => ({
        ...{ id: sectionId, schoolId, teacherIds, studentIds: [studentId] },
      }),
      gradingPeriod: ({ gradingPeriodId }: MarkRow) => ({ id: gradingPeriodId }),
      savedBy: ({ savedBy }: MarkRow) => ({ id: savedBy }),
    },
    CurrentMark: {
      // An answer from before there were codes has none.
      commentCodes: ({ commentCodes }: Partial<MarkRow>) => commentCodes ?? [],
    },
    MarkScale: {
      school: ({ schoolId }: MarkScaleRow) => (schoolId ? { id: schoolId } : null),
      values: ({ markValues }: MarkScaleRow) => markValues,
    },
  },
};
