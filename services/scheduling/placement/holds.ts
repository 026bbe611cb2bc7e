import { randomUUIDv7 } from 'node:crypto';
import { holds, isUuid, refuse } from '@rollbook/school';
import type { Context } from '@rollbook/subgraph';
import { checkDayOf, checkReason } from '../sections/rules.ts';
import { closesOn, sectionById } from '../sections/sections.ts';
import { applyChange, checkOverride, office, sectionsOfOneSchool, todayAt, type Changed } from './change.ts';
import { refuseConcerns } from './concerns.ts';
import type { HoldRow } from './entities.ts';
import { linkConcerns, seatConcerns } from './seatConcerns.ts';
import type { CommitHoldInput, HoldSeatsInput, ReleaseHoldInput } from '../schema.types.ts';

const longestMinutes = 60;
const usualMinutes = 10;

const ofHold = 'h.hold_id, h.school_id, h.student_id, h.expires_at';
const holdColumns = `h.hold_id as id, h.school_id as "schoolId", h.student_id as "studentId",
  array_agg(h.section_id order by h.section_id) as "sectionIds", to_jsonb(h.expires_at) #>> '{}' as "expiresAt"`;

/** Who: the office of the school. */
export async function holdSeats(input: HoldSeatsInput, context: Context): Promise<HoldRow> {
  const { studentId, minutes = usualMinutes } = input;
  if (minutes === null || minutes < 1 || minutes > longestMinutes)
    refuse('BAD_USER_INPUT', `Seats are held for 1 to ${longestMinutes} minutes, not ${minutes}.`);
  const sections = await sectionsOfOneSchool(context, input.sectionIds);
  const { schoolId } = sections[0]!;
  const today = await todayAt(schoolId, context);
  for (const section of sections) checkDayOf(section, closesOn(section), today < section.begins ? section.begins : today);
  const ids = sections.map(({ id }) => id).sort();
  const override = checkOverride(input.override, schoolId, context);
  return context.write(async ({ query, viewer }) => {
    await query('select from section where id = any($1) order by id for no key update', [ids]);
    await query(
      'delete from seat_hold where (student_id = $1 and school_id = $2) or (section_id = any($3) and expires_at <= clock_timestamp())',
      [studentId, schoolId, ids],
    );
    const entering = { studentId, enter: ids, on: today };
    const concerns = override ? [] : [...(await seatConcerns(query, entering)), ...(await linkConcerns(query, ids, entering))];
    refuseConcerns(concerns, viewer, { schoolId, studentId });
    const [held] = await query<HoldRow>(
      `with free as (
         select s.id from section s where s.id = any($1) and (s.seat_limit is null or s.seats_taken + live_holds(s.id) < s.seat_limit + s.seats_over)
       ), held as (
         insert into seat_hold (hold_id, school_id, student_id, section_id, expires_at)
           select $5, $2, $3, f.id, now() + $4 * interval '1 minute' from free f returning *
       ) select ${holdColumns} from held h group by ${ofHold}`,
      [ids, schoolId, studentId, minutes, randomUUIDv7()],
    );
    const full = sections.filter(({ id }) => !held?.sectionIds.includes(id)).map(({ number, title }) => `${title} (${number})`);
    if (full.length) refuse('SECTION_FULL', `No seat is free in ${full.join(', ')}; none is held.`);
    return held!;
  });
}

/** The seats that are held together. Refuses NOT_FOUND: they were taken up, given back or replaced, or are another school's. */
async function holdFor(holdId: string, context: Context): Promise<HoldRow> {
  const [hold] = isUuid(holdId)
    ? await context.read<HoldRow>(`select ${holdColumns} from seat_hold h where h.hold_id = $1 group by ${ofHold}`, [holdId])
    : [];
  if (!hold || !holds(context.viewer, office, hold.schoolId)) refuse('NOT_FOUND', `No seats are held as ${holdId} in a school of yours.`);
  return hold;
}

const expired = (holdId: string) => refuse('HOLD_EXPIRED', `No seats are held as ${holdId} any more; hold them again.`);

/** Who: the office of the school; to override, a principal or counselor of it. Tells SectionChanged. */
export async function commitHold({ holdId, on, reason, override }: CommitHoldInput, context: Context): Promise<Changed> {
  const why = checkReason(reason);
  const { schoolId, studentId, sectionIds } = await holdFor(holdId, context);
  const change = {
    ...{ schoolId, studentId, drop: [] },
    add: await sectionsOfOneSchool(context, sectionIds),
    on: on ?? (await todayAt(schoolId, context)),
    override: checkOverride(override, schoolId, context),
  };
  return context.write(async (tx) => {
    await tx.query('select from section where id = any($1) order by id for no key update', [[...sectionIds].sort()]);
    // The hold is taken up once, and only as long as it lasts; what was decided above holds for all of it.
    const taken = await tx.query('delete from seat_hold where hold_id = $1 and expires_at > clock_timestamp() returning id', [holdId]);
    if (taken.length !== sectionIds.length) expired(holdId);
    return applyChange(change, tx);
  }, why);
}

/** Who: the office of the school. */
export async function releaseHold({ holdId }: ReleaseHoldInput, context: Context): Promise<HoldRow> {
  const hold = await holdFor(holdId, context);
  return context.write(async ({ query }) => {
    const given = await query('delete from seat_hold where hold_id = $1 returning id', [holdId]);
    return given.length ? hold : expired(holdId);
  });
}

export const sectionsHeld = ({ sectionIds }: HoldRow, { load }: Context) => Promise.all(sectionIds.map((id) => load(sectionById, id)));
