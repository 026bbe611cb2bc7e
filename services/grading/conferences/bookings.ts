import { holds, isUuid, refuse } from '@rollbook/school';
import { batch, columnsOf, connectionOf, type Context, type Transaction } from '@rollbook/subgraph';
import { languageOf } from '../posting/rules.ts';
import { reasonOf } from '../saves/rules.ts';
import type {
  BookConferenceInput,
  CancelConferenceInput,
  MoveConferenceInput,
  QueryConferenceBookingsArguments,
  QueryMyConferencesArguments,
} from '../schema.types.ts';
import { conferenceById, officeRoles, placeInDay } from './conferences.ts';
import { ConferenceBooking, type BookingRow } from './entities.ts';

type Query = Transaction['query'];

/** Bookings `b` with who teaches the child at an instant, which is in the parameter `now`. */
const selectAt = (now: string) => `select ${columnsOf(ConferenceBooking, 'b')}, s.place, c.grading_period_id as "gradingPeriodId",
    array(select distinct t.id from section_seat seat join section_roster r on r.section_id = seat.section_id, unnest(teachers_at(r, ${now})) t (id)
           where seat.student_id = b.student_id and seat.school_id = b.school_id and b.student_id = any (students_at(r, ${now}))) as "teacherIds"
  from conference_booking b join conference_slot s on s.id = b.slot_id join conference c on c.id = b.conference_id`;

export const bookingById = batch<string, BookingRow>(
  (ids, { read, now }) => read(`${selectAt('$2')} where b.id = any ($1)`, [ids, now().toISOString()]),
  ({ id }) => id,
);

const inOrder = (rows: readonly BookingRow[], limit: number) =>
  connectionOf(rows, limit, ({ beginsAt, id }) => [beginsAt.toISOString(), id]);

/** Who: the office of the school; a teacher, the own ones. */
export async function conferenceBookings(input: QueryConferenceBookingsArguments, context: Context) {
  const { conferenceId, staffId, withInterpreter, ...page } = input;
  const { at, id, limit } = placeInDay(page);
  const { viewer } = context;
  const conference = isUuid(conferenceId) ? await context.load(conferenceById, conferenceId) : null;
  if (!conference || !holds(viewer, [...officeRoles, 'TEACHER'], conference.schoolId))
    return refuse('NOT_FOUND', `There is no conference ${conferenceId} in a school of yours.`);
  if (staffId != null && !isUuid(staffId)) return inOrder([], limit);
  const all = holds(viewer, officeRoles, conference.schoolId);
  const rows = await context.read<BookingRow>(
    `${selectAt('$8')} where b.conference_id = $1 and b.cancelled_at is null and ($2 or b.staff_id = viewer_subject()) and ($3::uuid is null or b.staff_id = $3)
        and (not $4 or b.interpreter is not null) and ($5::timestamptz is null or (b.begins_at, b.id) > ($5, $6::uuid))
      order by b.begins_at, b.id limit $7`,
    [...[conferenceId, all, staffId ?? null, withInterpreter ?? false], ...[at, id, limit, context.now().toISOString()]],
  );
  return inOrder(rows, limit);
}

export async function myConferences(page: QueryMyConferencesArguments, { read, viewer, now }: Context) {
  const { at, id, limit } = placeInDay(page);
  const rows = await read<BookingRow>(
    `${selectAt('$6')} where (b.staff_id = $1 or b.student_id = any ($2)) and b.cancelled_at is null
        and ($3::timestamptz is null or (b.begins_at, b.id) > ($3, $4::uuid)) order by b.begins_at, b.id limit $5`,
    [viewer.subject, viewer.students, at, id, limit, now().toISOString()],
  );
  return inOrder(rows, limit);
}

interface Slot {
  readonly id: string;
  readonly conferenceId: string;
  readonly schoolId: string;
  readonly staffId: string;
  readonly beginsAt: Date;
  readonly endsAt: Date;
  readonly isOpen: boolean;
  readonly teaches: boolean;
}

/** The slot, for a booking of this child: whether families may book now, and whether its teacher teaches the child today. */
async function slotFor(slotId: string, studentId: string, { read, now }: Context): Promise<Slot> {
  const [slot] = isUuid(slotId)
    ? await read<Slot>(
        `select s.id, s.conference_id as "conferenceId", s.school_id as "schoolId", s.staff_id as "staffId", s.begins_at as "beginsAt",
                s.ends_at as "endsAt", c.booking_opens_at <= $3 and $3 < c.booking_closes_at and $3 < s.begins_at as "isOpen",
                exists (select from section_seat seat join section_roster r on r.section_id = seat.section_id
                         where seat.student_id = $2 and seat.school_id = s.school_id and s.staff_id = any (teachers_at(r, $3))
                           and $2 = any (students_at(r, $3))) as teaches
           from conference_slot s join conference c on c.id = s.conference_id where s.id = $1`,
        [slotId, studentId, now().toISOString()],
      )
    : [];
  return slot ?? refuse('NOT_FOUND', `There is no slot ${slotId}.`);
}

/** For whom the viewer books: as the child's family, or for it as the office, with a reason. Refuses NOT_FOUND, REASON_REQUIRED. */
function standingOf(studentId: string, schoolId: string, reason: string | null, { viewer }: Context): 'FAMILY' | 'OFFICE' {
  if (viewer.grants.some(({ role }) => role === 'PARENT') && viewer.students.includes(studentId)) return 'FAMILY';
  if (!holds(viewer, officeRoles, schoolId)) return refuse('NOT_FOUND', `There is no student ${studentId} of yours.`);
  if (reason === null) refuse('REASON_REQUIRED', 'To act for a family, give a reason.');
  return 'OFFICE';
}

function checkSlot(slot: Slot, standing: 'FAMILY' | 'OFFICE'): void {
  if (!slot.teaches) refuse('NOT_A_TEACHER_OF', 'This teacher does not teach this child today.');
  // The office may book, and move, before and after.
  if (standing === 'FAMILY' && !slot.isOpen) refuse('BOOKING_CLOSED', 'Families cannot book this slot now; ask the office.');
}

/** Whoever books with one of these waits: two who insert at once and then look at each other would be a deadlock. */
async function waitInLine(query: Query, ...people: readonly string[]): Promise<void> {
  for (const person of people.toSorted()) await query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [person]);
}

/** Who: a parent for their own child; the office for a parent, with a reason. */
export async function bookConference(input: BookConferenceInput, context: Context): Promise<BookingRow> {
  const { slotId, studentId } = input;
  const reason = reasonOf(input.reason);
  if (!isUuid(studentId)) refuse('NOT_FOUND', `There is no student ${studentId} of yours.`);
  const slot = await slotFor(slotId, studentId, context);
  const standing = standingOf(studentId, slot.schoolId, reason, context);
  const parentId = standing === 'FAMILY' ? context.viewer.subject : input.parentId;
  if (parentId == null || !isUuid(parentId)) return refuse('PARENT_REQUIRED', 'Say which parent comes (parentId).');
  checkSlot(slot, standing);
  const interpreter = input.interpreter == null ? null : interpreterOf(input.interpreter);
  const id = await context.write(async ({ query }) => {
    await waitInLine(query, slot.staffId, studentId, parentId);
    const [booking] = await query<{ id: string }>(
      `insert into conference_booking (conference_id, school_id, slot_id, staff_id, student_id, parent_id, begins_at, ends_at, interpreter)
         select s.conference_id, s.school_id, s.id, s.staff_id, $2, $3, s.begins_at, s.ends_at, $4 from conference_slot s where s.id = $1 returning id`,
      [slotId, studentId, parentId, interpreter],
    );
    return booking!.id;
  }, reason);
  return (await context.load(bookingById, id))!;
}

function interpreterOf(language: string): string {
  try {
    return languageOf(language);
  } catch {
    return refuse('LANGUAGE_INVALID', `${JSON.stringify(language)} is no language; write it as BCP 47 does, such as es or hy.`);
  }
}

async function findBooking(id: string, { load }: Context): Promise<BookingRow> {
  const booking = isUuid(id) ? await load(bookingById, id) : null;
  return booking ?? refuse('NOT_FOUND', `There is no booking ${id} of yours.`);
}

/** Who: as with bookConference. */
export async function moveConference(input: MoveConferenceInput, context: Context): Promise<BookingRow> {
  const reason = reasonOf(input.reason);
  const booking = await findBooking(input.bookingId, context);
  const { id, studentId, parentId } = booking;
  const standing = standingOf(studentId, booking.schoolId, reason, context);
  const slot = await slotFor(input.slotId, studentId, context);
  if (slot.conferenceId !== booking.conferenceId) refuse('NOT_FOUND', `There is no slot ${input.slotId} in this conference.`);
  checkSlot(slot, standing);
  await context.write(async ({ query }) => {
    await waitInLine(query, booking.staffId, slot.staffId, studentId, parentId);
    const moved = await query(
      `update conference_booking b set slot_id = s.id, staff_id = s.staff_id, begins_at = s.begins_at, ends_at = s.ends_at
         from conference_slot s where b.id = $1 and s.id = $2 and b.cancelled_at is null returning b.id`,
      [id, slot.id],
    );
    if (!moved.length) refuse('CONFERENCE_CANCELLED', 'This booking was cancelled; book again.');
  }, reason);
  return (await context.load(bookingById, id))!;
}

/** Who: a parent of the child; the office, and the teacher, with a reason. */
export async function cancelConference(input: CancelConferenceInput, context: Context): Promise<BookingRow> {
  const reason = reasonOf(input.reason);
  const booking = await findBooking(input.bookingId, context);
  const { id, studentId, schoolId, staffId } = booking;
  if (staffId !== context.viewer.subject) standingOf(studentId, schoolId, reason, context);
  else if (reason === null) refuse('REASON_REQUIRED', 'Say why; the family reads it.');
  await context.write(async ({ query }) => {
    await query('update conference_booking set cancelled_at = $2 where id = $1 and cancelled_at is null', [
      id,
      context.now().toISOString(),
    ]);
  }, reason);
  return (await context.load(bookingById, id))!;
}
