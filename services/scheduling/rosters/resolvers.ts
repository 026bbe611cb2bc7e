import { holds, mayRead, refuse, todayIn, type Role, type Subject } from '@rollbook/school';
import type { Context, Slice, Transaction } from '@rollbook/subgraph';
import { schoolById } from '../calendar/schools.ts';
import { tellSections } from '../events.ts';
import { loadList } from '../lists.ts';
import { concernsOf, refuseConcerns } from '../placement/concerns.ts';
import { linkConcerns, seatConcerns } from '../placement/seatConcerns.ts';
import type { SectionRow } from '../sections/entities.ts';
import { checkDayOf, checkReason } from '../sections/rules.ts';
import { closesOn, sectionById, sectionFor } from '../sections/sections.ts';
import { SectionEnrollment, type RosterRow } from './entities.ts';
import { enrollmentByKey, rosterOfSection, sectionsOfStudent, studentById, type EnrollmentKey, type StudentRow } from './rosters.ts';
import { studentsSeen } from './rules.ts';
import type { AddToRosterInput, Arguments, DropFromRosterInput } from '../schema.types.ts';

const office: readonly Role[] = ['PRINCIPAL', 'COUNSELOR', 'CLERK', 'DISTRICT_ADMINISTRATOR'];
const mayGoOverLimit: readonly Role[] = ['PRINCIPAL', 'COUNSELOR'];

async function rosterFor(sectionId: string, on: string | null | undefined, { load, viewer }: Context): Promise<readonly RosterRow[]> {
  const roster = await load(rosterOfSection, { sectionId, asked: on ?? null });
  if (!roster) return [];
  const seen = studentsSeen(viewer, roster);
  return seen ? roster.rows.filter((row) => seen.includes(row.studentId)) : roster.rows;
}

/** Who: the office of the school; over the limit of seats or in spite of a concern, a principal or counselor of it. Tells SectionChanged. */
async function addToRoster(input: AddToRosterInput, context: Context): Promise<RosterRow> {
  const { sectionId, studentId, overLimitReason = null, overrideReason = null } = input;
  const section = await sectionFor(context, sectionId, office);
  const begins = input.begins ?? (await dayFor(section, context));
  checkDayOf(section, closesOn(section), begins);
  for (const reason of [overLimitReason, overrideReason].filter((each) => each !== null)) {
    checkReason(reason);
    if (!holds(context.viewer, mayGoOverLimit, section.schoolId))
      refuse('FORBIDDEN', 'A seat beyond the limit, or in spite of a concern, is given by a principal or a counselor of the school.');
  }
  const about = { schoolId: section.schoolId, studentId };
  return context.write(async (tx) => {
    if (overrideReason === null) {
      const speaksAgainst = [
        ...(await concernsOf(tx.query, studentId, [section.courseId])),
        ...(await seatConcerns(tx.query, { studentId, enter: [sectionId] })).filter(
          ({ code }) => overLimitReason === null || code !== 'SEATS_KEPT',
        ),
        ...(await linkConcerns(tx.query, [sectionId], { studentId, enter: [sectionId], on: begins })),
      ];
      refuseConcerns(speaksAgainst, context.viewer, about);
    }
    // A seat that is held for this student is the one they take.
    await tx.query('delete from seat_hold where student_id = $1 and section_id = $2', [studentId, sectionId]);
    if (overrideReason !== null) await tx.query(`select set_config('rollbook.kept_seats', 'given', true)`);
    if (overLimitReason !== null) await tx.query(`select set_config('rollbook.over_seats', 'on', true)`);
    await tx.query('insert into section_enrollment (section_id, school_id, student_id, begins) values ($1, $2, $3, $4)', [
      sectionId,
      section.schoolId,
      studentId,
      begins,
    ]);
    await tellSections(tx, [sectionId]);
    return rosterRow(tx, section, studentId, begins);
  }, overLimitReason ?? overrideReason);
}

/** Today at the section's school, or the section's first day when it has not begun. */
async function dayFor(section: SectionRow, { load, now }: Context): Promise<string> {
  const school = await load(schoolById, section.schoolId);
  const today = todayIn(school?.timeZone ?? 'UTC', now());
  return today < section.begins ? section.begins : today;
}

/** Who: the office of the school. Tells SectionChanged. */
async function dropFromRoster(input: DropFromRosterInput, context: Context): Promise<RosterRow> {
  const why = checkReason(input.reason);
  const section = await sectionFor(context, input.sectionId, office);
  const on = input.on ?? (await dayFor(section, context));
  return context.write(async (tx) => {
    const dropped = await tx.query<{ begins: string }>(
      `update section_enrollment set ends = greatest(begins, $3::date)
         where section_id = $1 and student_id = $2 and (ends is null or ends > greatest(begins, $3)) returning begins`,
      [section.id, input.studentId, on],
    );
    if (!dropped.length) refuse('NOT_ON_ROSTER', `The student does not sit in section ${section.number} on ${on} or later.`);
    await tellSections(tx, [section.id]);
    return rosterRow(tx, section, input.studentId, dropped.map((row) => row.begins).sort()[0]!);
  }, why);
}

/** The row as a verb leaves it. Whoever may change it may read it, so nobody's teaching is asked for. */
async function rosterRow({ query }: Transaction, { id, schoolId }: SectionRow, studentId: string, begins: string): Promise<RosterRow> {
  const [row] = await query<{ ends: string | null }>(
    'select ends from section_enrollment where section_id = $1 and student_id = $2 and begins = $3 order by ends nulls last limit 1',
    [id, studentId, begins],
  );
  return { sectionId: id, schoolId, studentId, begins, ends: row!.ends, teacherIds: [] };
}

/** Where a student is: whoever finds them on a roster of the past, and teaches them no more, is not told. */
async function sectionsFor(studentId: string, on: string | null | undefined, context: Context): Promise<readonly SectionRow[]> {
  const student = await context.load(studentById, studentId);
  if (!student || !mayRead(context.viewer, 'ROSTER', aboutStudent(student)))
    refuse('FORBIDDEN', `You do not teach student ${studentId} today; their sections are for those who do.`);
  return loadList(context, sectionsOfStudent, { studentId, asked: on ?? null });
}

const aboutStudent = ({ id, schoolIds, teacherIds }: StudentRow): Subject => ({
  schoolIds,
  studentId: id,
  ...(teacherIds ? { teacherIds } : {}),
});

export const rosters: Slice<Arguments> = {
  entities: [SectionEnrollment],
  subjects: {
    SectionEnrollment: ({ schoolId, studentId, teacherIds }: RosterRow) => ({ schoolIds: [schoolId], studentId, teacherIds }),
    Student: aboutStudent,
  },
  refusals: {
    section_seats: ['SECTION_FULL', 'All seats of the section are taken. A principal or a counselor may add the student with a reason.'],
    student_once: ['ON_ROSTER_ALREADY', 'The student sits in this section already on some of these days.'],
  },
  resolvers: {
    Mutation: {
      addToRoster: (_, { input }, context) => addToRoster(input, context),
      dropFromRoster: (_, { input }, context) => dropFromRoster(input, context),
    },
    Section: {
      roster: ({ id }: SectionRow, { on }, context) => rosterFor(id, on, context),
    },
    Student: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(studentById, id),
      sections: ({ id }: StudentRow, { on }, context) => sectionsFor(id, on, context),
    },
    SectionEnrollment: {
      __resolveReference: ({ sectionId, studentId }: EnrollmentKey, { load }: Context) => load(enrollmentByKey, { sectionId, studentId }),
      // The student service has the rest.
      student: ({ studentId, schoolId, teacherIds }: RosterRow): StudentRow => ({ id: studentId, schoolIds: [schoolId], teacherIds }),
      section: ({ sectionId }: RosterRow, _, { load }) => load(sectionById, sectionId),
    },
  },
};
