import { holds, refuse, type Role } from '@rollbook/school';
import { columnsOf, type Context, type Resolvers, type Transaction } from '@rollbook/subgraph';
import { schoolById, schoolFor } from '../calendar/schools.ts';
import { checkSpan } from '../calendar/rules.ts';
import { sessionById } from '../calendar/sessions.ts';
import { courseById } from '../catalog/courses.ts';
import { tellSections } from '../events.ts';
import { Room, TeacherAssignment, type RoomRow, type SectionRow, type TeacherAssignmentRow, type TeacherRole } from './entities.ts';
import { checkDayOf, checkReason, groupsOf, patternDays, spanOf, type DayOfPattern } from './rules.ts';
import { closesOn, roomById, sectionColumns, sectionFor } from './sections.ts';
import type {
  AddRoomInput,
  AddSectionInput,
  Arguments,
  CancelSectionInput,
  ChangeRoomInput,
  ChangeSectionInput,
  SetMeetingsInput,
} from '../schema.types.ts';
import type { AddSubstituteInput, AssignTeacherInput, EndTeacherAssignmentInput } from '../schema.types.ts';

const schedulers: readonly Role[] = ['PRINCIPAL', 'COUNSELOR', 'DISTRICT_ADMINISTRATOR'];
const office: readonly Role[] = [...schedulers, 'CLERK'];

/** Who: the office of the school. */
async function addRoom(input: AddRoomInput, context: Context): Promise<RoomRow> {
  await schoolFor(context, input.schoolId, office);
  return context.write(async ({ em }) => {
    const room = em.create(Room, { ...input, shared: input.shared ?? false, groups: groupsOf(input.groups ?? []) });
    await em.flush();
    return room as unknown as RoomRow;
  });
}

/** Who: the office of the school. */
async function changeRoom({ roomId, ...input }: ChangeRoomInput, context: Context): Promise<RoomRow> {
  const found = await context.load(roomById, roomId);
  if (!found || !holds(context.viewer, office, found.schoolId))
    refuse('NOT_FOUND', `There is no room ${roomId} in a school where you are ${office.join(' or ')}.`);
  return context.write(async ({ em }) => {
    const room = await em.findOneOrFail(Room, { id: roomId });
    if (input.name != null) room.name = input.name;
    if (input.capacity !== undefined) room.capacity = input.capacity;
    if (input.groups != null) room.groups = groupsOf(input.groups);
    await em.flush();
    return room as unknown as RoomRow;
  });
}

/** Who: principal or counselor of the school, district administrator. Tells SectionChanged. */
async function addSection(input: AddSectionInput, context: Context): Promise<SectionRow> {
  await schoolFor(context, input.schoolId, schedulers);
  const course = await context.load(courseById, input.courseId);
  const anothers = course?.orgId && course.orgId !== input.schoolId && (await context.load(schoolById, course.orgId));
  if (!course || anothers) refuse('COURSE_UNKNOWN', `There is no course ${input.courseId} that this school offers.`);
  const { begins, ends } = await spanOfSessions(input.sessionIds, context);
  const track = input.track ?? '';
  return context.write(async (tx) => {
    if (track && !(await tx.query('select from calendar where school_id = $1 and track = $2 limit 1', [input.schoolId, track])).length)
      refuse('TRACK_UNKNOWN', `The school has no calendar for a track "${track}".`);
    const [section] = await tx.query<SectionRow>(
      `insert into section as s
         (school_id, course_id, number, title, session_ids, track, homeroom, grade_levels, begins, ends, seat_limit)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning ${sectionColumns}`,
      [
        input.schoolId,
        course.id,
        input.number,
        input.title ?? course.title,
        input.sessionIds,
        track,
        input.homeroom ?? false,
        input.gradeLevels ?? course.gradeLevels,
        begins,
        ends,
        input.seatLimit ?? null,
      ],
    );
    await tellSections(tx, [section!.id]);
    return section!;
  });
}

async function spanOfSessions(ids: readonly string[], { load }: Context): Promise<{ begins: string; ends: string }> {
  if (!ids.length) refuse('SESSION_UNKNOWN', 'A section runs in at least one session.');
  const found = await Promise.all(ids.map((id) => load(sessionById, id)));
  const missing = ids.find((_, place) => !found[place]);
  if (missing !== undefined) refuse('SESSION_UNKNOWN', `There is no session ${missing}.`);
  return spanOf(found.filter((session) => session !== null));
}

/** Who: principal or counselor of the school, district administrator. Tells SectionChanged. */
async function changeSection(input: ChangeSectionInput, context: Context): Promise<SectionRow> {
  const { id } = await sectionFor(context, input.sectionId, schedulers);
  return context.write(async (tx) => {
    const [section] = await tx.query<SectionRow>(
      `update section s set number = coalesce($2, number), title = coalesce($3, title), grade_levels = coalesce($5, grade_levels),
         seat_limit = coalesce($4, seat_limit), seats_over = case when $4 is null then seats_over else 0 end
       where id = $1 and ($4::integer is null or $4 >= seats_taken) returning ${sectionColumns}`,
      [id, input.number ?? null, input.title ?? null, input.seatLimit ?? null, input.gradeLevels ?? null],
    );
    if (!section) refuse('SEAT_LIMIT_BELOW_TAKEN', `More than ${input.seatLimit} seats of the section are taken.`);
    await tellSections(tx, [id]);
    return section;
  });
}

/** Who: principal or counselor of the school, district administrator. Tells SectionChanged. */
async function setMeetings({ sectionId, begins, meetings }: SetMeetingsInput, context: Context): Promise<SectionRow> {
  const section = await sectionFor(context, sectionId, schedulers);
  checkDayOf(section, closesOn(section), begins);
  const days = patternDays(meetings);
  return context.write(async (tx) => {
    await writeMeetings(tx, section, begins, days);
    await tellSections(tx, [sectionId]);
    return section;
  });
}

/** From a day on the section meets then and there, in an open transaction. */
export async function writeMeetings(
  { query }: Transaction,
  section: SectionRow,
  begins: string,
  days: readonly DayOfPattern[],
): Promise<void> {
  await query('select from section where id = $1 for no key update', [section.id]);
  await query(
    `update meeting_pattern set ends = greatest(begins, $2::date) where section_id = $1 and (ends is null or ends > greatest(begins, $2))`,
    [section.id, begins],
  );
  await query(
    `insert into meeting_pattern (section_id, school_id, period_id, day_label, room_id, room_alone, begins, ends)
       select $1, $2, d."periodId", d."dayLabel", d."roomId", not coalesce(r.shared, false), $3, $4
       from jsonb_to_recordset($5) as d ("periodId" uuid, "dayLabel" text, "roomId" uuid) left join room r on r.id = d."roomId"`,
    [section.id, section.schoolId, begins, closesOn(section), JSON.stringify(days)],
  );
}

async function addAssignment(
  input: AddSubstituteInput | Omit<AssignTeacherInput, 'role'>,
  role: TeacherRole,
  who: readonly Role[],
  context: Context,
) {
  const section = await sectionFor(context, input.sectionId, who);
  checkDayOf(section, closesOn(section), input.begins);
  if (input.ends) checkSpan({ begins: input.begins, ends: input.ends });
  return context.write(async (tx) => {
    const assignment = tx.em.create(TeacherAssignment, { ...input, role, schoolId: section.schoolId });
    await tx.em.flush();
    await tellSections(tx, [section.id]);
    return assignment as unknown as TeacherAssignmentRow;
  });
}

/** Who: principal or counselor of the school, district administrator. Tells SectionChanged. */
function assignTeacher({ role, ...input }: AssignTeacherInput, context: Context) {
  if (role === 'SUBSTITUTE') refuse('BAD_USER_INPUT', 'A substitute is added by addSubstitute, with the day the standing in ends.');
  return addAssignment(input, role, schedulers, context);
}

/** Who: principal or counselor of the school, district administrator. Tells SectionChanged. */
async function endTeacherAssignment(
  { assignmentId, on, reason }: EndTeacherAssignmentInput,
  context: Context,
): Promise<TeacherAssignmentRow> {
  const why = checkReason(reason);
  const [found] = await context.read<{ sectionId: string }>('select section_id as "sectionId" from teacher_assignment where id = $1', [
    assignmentId,
  ]);
  if (!found) refuse('NOT_FOUND', `There is no assignment ${assignmentId}.`);
  const { id } = await sectionFor(context, found.sectionId, schedulers);
  return context.write(async (tx) => {
    const [ended] = await tx.query<TeacherAssignmentRow>(
      `update teacher_assignment t set ends = greatest(begins, $2::date) where id = $1 and (ends is null or ends > greatest(begins, $2))
         returning ${columnsOf(TeacherAssignment, 't')}`,
      [assignmentId, on],
    );
    if (!ended) refuse('ASSIGNMENT_OVER', `The assignment is over before ${on}.`);
    await tellSections(tx, [id]);
    return ended;
  }, why);
}

/** Who: principal or counselor of the school, district administrator. Tells SectionChanged. */
async function cancelSection({ sectionId, on, reason }: CancelSectionInput, context: Context): Promise<SectionRow> {
  const why = checkReason(reason);
  const section = await sectionFor(context, sectionId, schedulers);
  checkDayOf(section, section.ends, on);
  return context.write(async (tx) => {
    const cancelled = await writeCancelled(tx, section, on);
    await tellSections(tx, [sectionId]);
    return cancelled;
  }, why);
}

/** From a day on the section takes place no more, in an open transaction. Refuses SECTION_CANCELLED. */
export async function writeCancelled({ query }: Transaction, { id, number }: SectionRow, on: string): Promise<SectionRow> {
  const [cancelled] = await query<SectionRow>(
    `update section s set cancelled_on = $2 where id = $1 and cancelled_on is null returning ${sectionColumns}`,
    [id, on],
  );
  if (!cancelled) refuse('SECTION_CANCELLED', `Section ${number} is cancelled already.`);
  await query(
    'update meeting_pattern set ends = greatest(begins, $2::date) where section_id = $1 and (ends is null or ends > greatest(begins, $2))',
    [id, on],
  );
  return cancelled;
}

export const sectionVerbs: NonNullable<Resolvers<Arguments>['Mutation']> = {
  addRoom: (_, { input }, context) => addRoom(input, context),
  changeRoom: (_, { input }, context) => changeRoom(input, context),
  addSection: (_, { input }, context) => addSection(input, context),
  changeSection: (_, { input }, context) => changeSection(input, context),
  setMeetings: (_, { input }, context) => setMeetings(input, context),
  assignTeacher: (_, { input }, context) => assignTeacher(input, context),
  endTeacherAssignment: (_, { input }, context) => endTeacherAssignment(input, context),
  addSubstitute: (_, { input }, context) => addAssignment(input, 'SUBSTITUTE', office, context),
  cancelSection: (_, { input }, context) => cancelSection(input, context),
};
