import { holds, isUuid, refuse, type Role } from '@rollbook/school';
import { batch, columnsOf, connectionOf, pageArguments, type Context, type PageArguments } from '@rollbook/subgraph';
import { checkPeriod } from '../posting/forms.ts';
import type {
  AddConferenceInput,
  AddConferenceSlotsInput,
  QueryConferencesArguments,
  QueryConferenceSlotsArguments,
} from '../schema.types.ts';
import { Conference, ConferenceSlot, type ConferenceRow, type SlotRow } from './entities.ts';
import { slotsOf, textOf } from './rules.ts';

const columns = columnsOf(Conference, 'c');
const selectSlots = `select ${columnsOf(ConferenceSlot, 's')}, slot_taken(s.id) as taken from conference_slot s`;

/** Who arranges conferences. */
export const officeRoles: readonly Role[] = ['COUNSELOR', 'CLERK', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR'];

export const conferenceById = batch<string, ConferenceRow>(
  (ids, { read }) => read(`select ${columns} from conference c where c.id = any ($1)`, [ids]),
  ({ id }) => id,
);

export const slotById = batch<string, SlotRow>(
  (ids, { read }) => read(`${selectSlots} where s.id = any ($1)`, [ids]),
  ({ id }) => id,
);

export async function conferences({ schoolId, ...page }: QueryConferencesArguments, { read }: Context) {
  const { after, limit } = pageArguments(page, ['uuid']);
  const rows = await read<ConferenceRow>(
    `select ${columns} from conference c where c.school_id = $1 and ($2::uuid is null or c.id < $2) order by c.id desc limit $3`,
    [isUuid(schoolId) ? schoolId : null, after?.[0] ?? null, limit],
  );
  return connectionOf(rows, limit, ({ id }) => [id]);
}

/** A place in the order of the day: an instant as ISO text, which sorts as instants do, and an id. */
export const placeInDay = (page: PageArguments) => {
  const { after, limit } = pageArguments(page, ['text', 'uuid']);
  const at = after && new Date(after[0]!);
  if (at && Number.isNaN(at.getTime()))
    refuse('BAD_USER_INPUT', '"after" is not a cursor of this list; use the endCursor of a page.', { argument: 'after' });
  return { at: at?.toISOString() ?? null, id: after?.[1] ?? null, limit };
};

export async function conferenceSlots({ conferenceId, staffId, free, ...page }: QueryConferenceSlotsArguments, { read }: Context) {
  const { at, id, limit } = placeInDay(page);
  const isNobody = staffId != null && !isUuid(staffId);
  const rows = await read<SlotRow>(
    `${selectSlots} where s.conference_id = $1 and ($2::uuid is null or s.staff_id = $2) and (not $3 or not slot_taken(s.id))
        and ($4::timestamptz is null or (s.begins_at, s.id) > ($4, $5::uuid)) order by s.begins_at, s.id limit $6`,
    [isUuid(conferenceId) && !isNobody ? conferenceId : null, isNobody ? null : (staffId ?? null), free ?? false, at, id, limit],
  );
  return connectionOf(rows, limit, (slot) => [slot.beginsAt.toISOString(), slot.id]);
}

/** Who: the office of the school. */
export async function addConference(input: AddConferenceInput, context: Context): Promise<ConferenceRow> {
  const { schoolId, gradingPeriodId, bookingOpensAt, bookingClosesAt } = input;
  const known = isUuid(schoolId) && holds(context.viewer, officeRoles, schoolId);
  if (!known || !(await context.read('select from school where id = $1', [schoolId])).length)
    refuse('NOT_FOUND', `There is no school ${schoolId} of yours.`);
  const title = textOf(input.title, 100, 'TITLE_INVALID');
  return context.write(async ({ em, query }) => {
    await checkPeriod(query, gradingPeriodId);
    const conference = em.create(Conference, { schoolId, title, gradingPeriodId, bookingOpensAt, bookingClosesAt });
    await em.flush();
    return conference as unknown as ConferenceRow;
  });
}

/** Who: the office of the school; a teacher of it, for themselves. */
export async function addConferenceSlots(input: AddConferenceSlotsInput, context: Context): Promise<SlotRow[]> {
  const { conferenceId, staffId } = input;
  const { viewer } = context;
  const conference = isUuid(conferenceId) ? await context.load(conferenceById, conferenceId) : null;
  if (!conference || !holds(viewer, [...officeRoles, 'TEACHER'], conference.schoolId))
    return refuse('NOT_FOUND', `There is no conference ${conferenceId} in a school of yours.`);
  if (!isUuid(staffId)) refuse('NOT_FOUND', `There is no teacher ${staffId}.`);
  if (!holds(viewer, officeRoles, conference.schoolId) && staffId !== viewer.subject)
    refuse('FORBIDDEN', 'A teacher adds slots for themselves; those of others are added by the office.');
  const place = textOf(input.place, 200, 'PLACE_INVALID');
  const { schoolId } = conference;
  return context.write(async ({ em }) => {
    const slots = slotsOf(input).map((span) => em.create(ConferenceSlot, { conferenceId, schoolId, staffId, place, ...span }));
    await em.flush();
    return slots.map((slot) => ({ ...slot, taken: false }) as unknown as SlotRow);
  });
}
