import type { Transaction } from '@rollbook/subgraph';
import type { Concern } from './rules.ts';

type Query = Transaction['query'];

/** Seats that a student takes, or is to have. */
export interface Entering {
  readonly studentId: string;
  /** Sections in which the student does not sit yet. */
  readonly enter: readonly string[];
  readonly on: string;
}

/** Whom a section is for, and what is left of it for one student. */
interface Asked {
  readonly title: string;
  readonly number: string;
  readonly programs: readonly string[];
  readonly left: number | null;
  readonly kept: number;
  /** Null: for all, or for such as this student. */
  readonly otherTeam: string | null;
  readonly otherTrack: string | null;
}

const listed = new Intl.ListFormat('en');

/**
 * What speaks against seats because of whom they are for: the last ones are kept for a program, or the section is another team's or track's.
 * Programs, team and track are those of the student's request sheet; without one a student is in no program and no team. The sections are
 * locked, so it is true until they are taken.
 */
export async function seatConcerns(query: Query, { studentId, enter }: Omit<Entering, 'on'>): Promise<Concern[]> {
  const asked = await query<Asked>(
    `select s.title, s.number, coalesce(k.programs, '{}') as programs,
       s.seat_limit + s.seats_over - s.seats_taken - (
         select count(*)::integer from seat_hold h where h.section_id = s.id and h.student_id <> $1 and h.expires_at > clock_timestamp()) as left,
       case when k.programs is null then 0 else kept_from($1, s.id) end as kept,
       case when n.team is distinct from r.team then n.team end as "otherTeam",
       case when s.track <> r.track and r.track <> '' then nullif(s.track, '') end as "otherTrack"
     from section s left join section_need n on n.section_id = s.id left join sheet_for($1, s.id) r on true
     left join lateral (select array_agg(o.program) as programs from jsonb_to_recordset(n.reservations) as o (program text)) k on true
     where s.id = any($2) order by s.title, s.number`,
    [studentId, enter],
  );
  return asked.flatMap(({ title, number, programs, left, kept, otherTeam, otherTrack }): Concern[] => [
    ...(left !== null && left > 0 && left <= kept
      ? [{ code: 'SEATS_KEPT', sentence: `The last seats of ${title} (${number}) are kept for ${listed.format(programs)}.` } as const]
      : []),
    ...(otherTeam === null ? [] : [{ code: 'OTHER_TEAM', sentence: `${title} (${number}) is for team ${otherTeam}.` } as const]),
    ...(otherTrack === null ? [] : [{ code: 'OTHER_TRACK', sentence: `${title} (${number}) is for track ${otherTrack}.` } as const]),
  ]);
}

/**
 * Who is in one section of a link is in the others: what would be amiss in the links of some sections, as the student's classes are now.
 *
 * @param touched sections that the student entered or left
 * @param enter sections that the student is to have besides
 */
export async function linkConcerns(query: Query, touched: readonly string[], { studentId, enter, on }: Entering): Promise<Concern[]> {
  const broken = await query<{ has: string[]; lacks: string[] }>(
    `with touched as (select distinct live_link(id) as link from unnest($2::uuid[]) as t (id)),
     linked as (
       select t.link, format('%s (%s)', s.title, s.number) as name, s.id = any($3) or exists (
         select from section_enrollment e where e.section_id = s.id and e.student_id = $1 and coalesce(e.ends, 'infinity') > greatest($4, e.begins)) as has
       from section_need n join section s on s.id = n.section_id join touched t on t.link = live_link(s.id)
       where n.school_id in (select school_id from section where id = any($2)) and n.link is not null
         and coalesce(least(s.ends, s.cancelled_on), 'infinity') > greatest($4::date, s.begins)
     )
     select array_agg(name order by name) filter (where has) as has, array_agg(name order by name) filter (where not has) as lacks
     from linked group by link having bool_or(has) and not bool_and(has) order by link`,
    [studentId, touched, enter, on],
  );
  return broken.map(({ has, lacks }) => ({
    code: 'LINK_BROKEN',
    sentence: `${listed.format(has)} ${has.length > 1 ? 'go' : 'goes'} with ${listed.format(lacks)}: a student takes all of them or none.`,
  }));
}
