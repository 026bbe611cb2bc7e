import type { Context, Slice } from '@rollbook/subgraph';
import type { SectionRow } from '../rosters/entities.ts';
import type { Arguments } from '../schema.types.ts';
import { bookConference, bookingById, cancelConference, conferenceBookings, moveConference, myConferences } from './bookings.ts';
import {
  addConference,
  addConferenceSlots,
  conferenceById,
  conferences as listConferences,
  conferenceSlots,
  slotById,
} from './conferences.ts';
import { Conference, ConferenceBooking, ConferenceSlot, type BookingRow, type ConferenceRow, type SlotRow } from './entities.ts';
import { aboutEntry, packetOf, type PacketEntryRow } from './packets.ts';

/** For those who teach the child, and for whom the family meets, also when that was a class of before. */
const aboutBooking = ({ schoolId, studentId, staffId, teacherIds }: BookingRow) => ({
  ...{ schoolIds: [schoolId], studentId, teacherIds: [...teacherIds, staffId] },
});

export const conferences: Slice<Arguments> = {
  entities: [Conference, ConferenceSlot, ConferenceBooking],
  subjects: {
    // When a school's teachers can be met is a fact of the institution; whom they meet is not.
    Conference: () => ({ schoolIds: null }),
    ConferenceSlot: () => ({ schoolIds: null }),
    ConferenceBooking: aboutBooking,
    PacketEntry: aboutEntry,
  },
  refusals: {
    conference_title: ['CONFERENCE_EXISTS', 'The school has a conference of this title already.'],
    conference_booking_span: ['BOOKING_SPAN_INVALID', 'Booking closes after it opens.'],
    conference_slot_teacher: ['TEACHER_BUSY', 'This teacher has a slot at that time already; none of these was added.'],
    conference_booking_slot: ['SLOT_TAKEN', 'Another family has taken this slot.'],
    conference_booking_student: ['STUDENT_BUSY', 'There is another conference about this child at that time.'],
    conference_booking_parent: ['PARENT_BUSY', 'This parent is in another conference at that time.'],
  },
  resolvers: {
    Query: {
      conferences: (_, args, context) => listConferences(args, context),
      conferenceSlots: (_, args, context) => conferenceSlots(args, context),
      conferenceBookings: (_, args, context) => conferenceBookings(args, context),
      myConferences: (_, args, context) => myConferences(args, context),
    },
    Mutation: {
      addConference: (_, { input }, context) => addConference(input, context),
      addConferenceSlots: (_, { input }, context) => addConferenceSlots(input, context),
      bookConference: (_, { input }, context) => bookConference(input, context),
      moveConference: (_, { input }, context) => moveConference(input, context),
      cancelConference: (_, { input }, context) => cancelConference(input, context),
    },
    Conference: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(conferenceById, id),
      school: ({ schoolId }: ConferenceRow) => ({ id: schoolId }),
      gradingPeriod: ({ gradingPeriodId }: ConferenceRow) => ({ id: gradingPeriodId }),
    },
    ConferenceSlot: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(slotById, id),
      conference: ({ conferenceId }: SlotRow, _, { load }) => load(conferenceById, conferenceId),
      teacher: ({ staffId }: SlotRow) => ({ id: staffId }),
      taken: ({ taken }: SlotRow) => taken,
    },
    ConferenceBooking: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(bookingById, id),
      conference: ({ conferenceId }: BookingRow, _, { load }) => load(conferenceById, conferenceId),
      student: (booking: BookingRow) => ({ id: booking.studentId, ...aboutBooking(booking) }),
      teacher: ({ staffId }: BookingRow) => ({ id: staffId }),
      place: ({ place }: BookingRow) => place,
      packet: (booking: BookingRow, _, context) => packetOf(booking, context),
    },
    PacketEntry: {
      section: ({ sectionId, schoolId, teacherIds, studentId }: PacketEntryRow): SectionRow => ({
        ...{ id: sectionId, schoolId, teacherIds, studentIds: [studentId] },
      }),
    },
  },
};
