import { defineSubgraph } from '@rollbook/subgraph';
import { bellschedules } from './bellschedules/resolvers.ts';
import { calendar } from './calendar/resolvers.ts';
import { catalog } from './catalog/resolvers.ts';
import { listens } from './events.ts';
import { imports } from './imports/resolvers.ts';
import { placement } from './placement/resolvers.ts';
import { requests } from './requests/resolvers.ts';
import { rosters } from './rosters/resolvers.ts';
import { sections } from './sections/resolvers.ts';
import { timetable } from './timetable/resolvers.ts';
import { keepRunsGoing } from './timetable/runs/running.ts';

/** What is taught when, where, by whom and to whom: calendars, bells, the catalog, sections and their rosters. */
export const scheduling = defineSubgraph({
  name: 'scheduling',
  folder: import.meta.dirname,
  slices: { calendar, bellschedules, catalog, sections, rosters, requests, placement, timetable, imports },
  listens,
  background: keepRunsGoing,
});
