import { addDays, todayIn } from '@rollbook/school';
import type { Subgraph } from '@rollbook/subgraph';
import { importingAdministrator } from './signIns.ts';

const timeZone = 'America/Los_Angeles';

/** Today, or the last day before it on which some school of the district held school: a day with something to see. */
export async function lastSchoolDay(subgraphs: Readonly<Record<string, Subgraph>>, now: Date): Promise<string> {
  const today = todayIn(timeZone, now);
  const { data: found } = await subgraphs['student']!.execute({ query: '{ schools(first: 1) { nodes { id } } }' }, importingAdministrator);
  const [school] = (found as { schools: { nodes: { id: string }[] } }).schools.nodes;
  if (!school) return today;
  const { data } = await subgraphs['scheduling']!.execute(
    {
      query: `query ($school: _Any!, $from: Date!, $to: Date!) { _entities(representations: [$school]) {
        ... on School { calendars { dates(from: $from, to: $to, first: 100) { nodes { date kind } } } } } }`,
      variables: { school: { __typename: 'School', id: school.id }, from: addDays(today, -90), to: today },
    },
    importingAdministrator,
  );
  type Found = { calendars: { dates: { nodes: { date: string; kind: string }[] } }[] | null } | null;
  const [entity] = (data as { _entities: Found[] })._entities;
  const held = (entity?.calendars ?? [])
    .flatMap(({ dates }) => dates.nodes)
    .filter(({ kind }) => kind === 'INSTRUCTIONAL' || kind === 'MINIMUM_DAY');
  return (
    held
      .map(({ date }) => date)
      .sort()
      .at(-1) ?? today
  );
}
