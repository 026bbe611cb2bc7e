import type { Event, Fact } from '@rollbook/events';
import type { Transaction } from '@rollbook/subgraph';

/** The answer to grading's DocumentFactsAsked: what a document about these students says of their attendance. */
export interface AttendanceTold {
  readonly requestId: string;
  readonly students: readonly {
    readonly id: string;
    /** School days with a meeting of a section of theirs. */
    readonly daysEnrolled: number;
    readonly daysAbsent: number;
    readonly daysTardy: number;
    /** Meetings of which no roll was taken: neither present nor absent. */
    readonly rollsMissing: number;
  }[];
}

export const attendanceTold = (payload: AttendanceTold): Fact => ({ type: 'AttendanceTold', aggregate: payload.requestId, payload });

// Of rolls this service tells no facts: their own receipts (roll_save) are its change feed, and nobody listens yet.
// What it hears carries the whole present state, so a repeated or late event is harmless.

/** student: a school opened, or its name or time zone changed. */
export async function schoolChanged({ query }: Transaction, { payload }: Event): Promise<void> {
  await query(
    `insert into school (id, name, time_zone) select id, name, "timeZone" from jsonb_to_record($1::jsonb) as p (id uuid, name text, "timeZone" text)
       on conflict (id) do update set name = excluded.name, time_zone = excluded.time_zone`,
    [JSON.stringify(payload)],
  );
}

/** scheduling: who teaches a section, who sits in it and when it meets. */
export async function sectionChanged({ query }: Transaction, { payload }: Event): Promise<void> {
  await query('select keep_section($1::jsonb)', [JSON.stringify(payload)]);
}

/** scheduling: the days of a school's calendar. */
export async function calendarChanged({ query }: Transaction, { payload }: Event): Promise<void> {
  await query('select keep_calendar($1::jsonb)', [JSON.stringify(payload)]);
}
