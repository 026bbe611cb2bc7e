import { holds, type Role } from '@rollbook/school';
import type { Slice } from '@rollbook/subgraph';
import { sessionById } from '../calendar/sessions.ts';
import { batchOfLists, loadList } from '../lists.ts';
import type { SectionRow } from '../sections/entities.ts';
import { sectionById } from '../sections/sections.ts';
import type { Arguments } from '../schema.types.ts';

const planners: readonly Role[] = ['PRINCIPAL', 'COUNSELOR', 'DISTRICT_ADMINISTRATOR'];

/** What is asked of a live section, as section_need keeps it. */
interface AsksRow {
  readonly sectionId: string;
  readonly schoolId: string;
  readonly reservations: readonly { readonly program: string; readonly seats: number }[];
  readonly link: string | null;
  readonly linkedWith: readonly string[];
  readonly combinedWith: string | null;
  readonly team: string | null;
  readonly track: string;
  readonly roomGroups: readonly string[];
  readonly sessionChoices: readonly string[];
  readonly periodsInARow: number | null;
  readonly dayChoices: readonly (readonly string[])[] | null;
}

const asksOfSection = batchOfLists<string, AsksRow>(
  (ids, { read }) =>
    read(
      `select s.id as "sectionId", s.school_id as "schoolId", n.reservations, n.link, n.combined_with as "combinedWith",
         n.team, s.track, n.room_groups as "roomGroups", n.session_choices as "sessionChoices",
         n.periods_in_row as "periodsInARow", n.day_choices as "dayChoices",
         array(
           select o.section_id from section_need o join section l on l.id = o.section_id
           where o.school_id = n.school_id and o.link = n.link and o.section_id <> s.id and l.cancelled_on is null
             and live_link(o.section_id) = live_link(s.id) order by l.number, l.id) as "linkedWith"
       from section_need n join section s on s.id = n.section_id where n.section_id = any($1)`,
      [ids],
    ),
  ({ sectionId }) => sectionId,
);

/** What a live section asks of the schedule and of those who sit in it, for those who plan. */
export const sectionAsks: Pick<Slice<Arguments>, 'resolvers' | 'subjects'> = {
  subjects: { SectionAsks: ({ schoolId }: AsksRow) => ({ schoolIds: [schoolId] }) },
  resolvers: {
    Section: {
      // Whoever plans at another school, and only teaches at this one, is told nothing.
      asks: async ({ id, schoolId }: SectionRow, _, context) =>
        holds(context.viewer, planners, schoolId) ? ((await loadList(context, asksOfSection, id))[0] ?? null) : null,
    },
    SectionAsks: {
      reservations: ({ reservations, schoolId }: AsksRow) => reservations.map((each) => ({ schoolId, ...each })),
      linkedWith: ({ linkedWith }: AsksRow, _, { load }) => Promise.all(linkedWith.map((id) => load(sectionById, id))),
      sessionChoices: async ({ sessionChoices }: AsksRow, _, { load }) =>
        (await Promise.all(sessionChoices.map((id) => load(sessionById, id)))).filter((session) => session !== null),
    },
  },
};
