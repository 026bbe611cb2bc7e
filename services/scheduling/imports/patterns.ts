import type { IsoDate } from '@rollbook/school';
import type { Transaction } from '@rollbook/subgraph';
import type { WantedSection } from './classes.ts';

/** A period on every school day, in a room, for some time: how a class of a file meets. */
export interface Pattern {
  readonly id?: string;
  readonly periodId: string;
  readonly dayLabel: string;
  readonly roomId: string | null;
  readonly begins: IsoDate;
  readonly ends: IsoDate | null;
}

interface Meets {
  readonly places: readonly { periodId: string; roomId: string | null }[];
  readonly begins: IsoDate;
  readonly ends: IsoDate;
}

/**
 * What becomes of a section's patterns when a file says how it meets. What was, stays as it was: a period or a room that changes
 * ends today and the new one begins today. A section that never met meets from its first day. A pattern that goes on gets the
 * section's end; when the section begins on another day than it did (`begun`), so does what began with it.
 */
export function planPatterns(present: readonly Pattern[], { places, begins, ends }: Meets, begun: IsoDate | null, today: IsoDate) {
  const lasting = present.filter((p) => p.ends === null || (p.ends > today && p.ends > p.begins));
  const goesOn = (p: Pattern) => p.dayLabel === '' && places.some((place) => place.periodId === p.periodId && place.roomId === p.roomId);
  const end = lasting.filter((p) => !goesOn(p)).map((p) => ({ ...p, ends: p.begins > today ? p.begins : today }));
  const stretch = lasting
    .filter(goesOn)
    .map((p) => ({ ...p, begins: p.begins === begun ? begins : p.begins, ends }))
    .filter((p) => p.ends >= p.begins && !present.some((was) => was.id === p.id && was.begins === p.begins && was.ends === p.ends));
  const first = !present.length || today < begins ? begins : today;
  const add =
    first >= ends
      ? []
      : places
          .filter((place) => !lasting.some((p) => goesOn(p) && p.periodId === place.periodId && p.roomId === place.roomId))
          .map((place) => ({ ...place, dayLabel: '', begins: first, ends }));
  return { update: [...end, ...stretch], add };
}

/** Ids of the periods and rooms that the rows name, by school and name; those that are missing are added to the school. */
export async function namedIn(
  { query }: Transaction,
  sections: readonly WantedSection[],
): Promise<(kind: 'period' | 'room', schoolId: string, name: string) => string> {
  const ids = new Map<string, string>();
  const named = {
    period: sections.flatMap(({ schoolId, periods }) => periods.map((name) => ({ schoolId, name }))),
    room: sections.flatMap(({ schoolId, location }) => (location ? [{ schoolId, name: location }] : [])),
  };
  for (const kind of ['period', 'room'] as const) {
    const unique = [...new Map(named[kind].map((each) => [`${each.schoolId} ${each.name}`, each])).values()];
    if (!unique.length) continue;
    const input = JSON.stringify(unique);
    // A period's place in the day is the number in its name; without one it comes first, as a homeroom does.
    const place = kind === 'period' ? `, coalesce(substring(n.name from '\\d{1,4}')::integer, 0)` : '';
    await query(
      `insert into ${kind} (school_id, name${place && ', sort_order'}) select n."schoolId", n.name${place}
         from jsonb_to_recordset($1) as n ("schoolId" uuid, name text) order by n."schoolId", n.name on conflict (school_id, name) do nothing`,
      [input],
    );
    const found = await query<{ id: string; schoolId: string; name: string }>(
      `select x.id, x.school_id as "schoolId", x.name from jsonb_to_recordset($1) as n ("schoolId" uuid, name text)
         join ${kind} x on x.school_id = n."schoolId" and x.name = n.name`,
      [input],
    );
    for (const { id, schoolId, name } of found) ids.set(`${kind} ${schoolId} ${name}`, id);
  }
  return (kind, schoolId, name) => ids.get(`${kind} ${schoolId} ${name}`)!;
}

type PatternOf = Pattern & { readonly sectionId: string };

/** Brings the sections' patterns to what the file says; gives the ids of the sections whose patterns are others than before. */
export async function applyPatterns(
  tx: Transaction,
  sections: readonly WantedSection[],
  begun: ReadonlyMap<string, { readonly begins: IsoDate }>,
  today: IsoDate,
): Promise<Set<string>> {
  // A file that names no periods does not say when a class meets.
  const told = sections.filter(({ deleted, periods }) => deleted || periods.length);
  if (!told.length) return new Set();
  const idOf = await namedIn(tx, told);
  const found = await tx.query<PatternOf>(
    `select id, section_id as "sectionId", period_id as "periodId", day_label as "dayLabel", room_id as "roomId", begins, ends
       from meeting_pattern where section_id = any($1) order by begins, id`,
    [told.map(({ id }) => id)],
  );
  const bySection = Map.groupBy(found, (pattern) => pattern.sectionId);
  const update: Pattern[] = [];
  const add: (Omit<Pattern, 'id'> & { sectionId: string; schoolId: string })[] = [];
  const moved = new Set<string>();
  for (const { id, schoolId, periods, location, deleted, begins, ends } of told) {
    const roomId = location ? idOf('room', schoolId, location) : null;
    const places = deleted ? [] : [...new Set(periods)].map((name) => ({ periodId: idOf('period', schoolId, name), roomId }));
    const plan = planPatterns(bySection.get(id) ?? [], { places, begins, ends }, begun.get(id)?.begins ?? null, today);
    update.push(...plan.update);
    add.push(...plan.add.map((pattern) => ({ ...pattern, sectionId: id, schoolId })));
    if (plan.update.length || plan.add.length) moved.add(id);
  }
  await writePatterns(tx, update, add);
  return moved;
}

async function writePatterns({ query }: Transaction, update: readonly Pattern[], add: readonly object[]): Promise<void> {
  if (update.length)
    await query(
      `update meeting_pattern m set begins = r.begins, ends = r.ends from jsonb_to_recordset($1) as r (id uuid, begins date, ends date)
         where m.id = r.id`,
      [JSON.stringify(update)],
    );
  // Rooms and people as the other system booked them: what it books twice is its own affair, and no reason to leave a class out.
  if (!add.length) return;
  await query(`select set_config('rollbook.as_told', 'on', true)`);
  await query(
    `insert into meeting_pattern (section_id, school_id, period_id, room_id, room_alone, begins, ends)
         select r."sectionId", r."schoolId", r."periodId", r."roomId", false, r.begins, r.ends
         from jsonb_to_recordset($1) as r ("sectionId" uuid, "schoolId" uuid, "periodId" uuid, "roomId" uuid, begins date, ends date)`,
    [JSON.stringify(add)],
  );
  await query(`select set_config('rollbook.as_told', '', true)`);
}
