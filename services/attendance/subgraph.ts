import { defineSubgraph } from '@rollbook/subgraph';
import { codes } from './codes/resolvers.ts';
import { conflicts } from './conflicts/resolvers.ts';
import { hearDocumentFactsAsked } from './days/documentFacts.ts';
import { days } from './days/resolvers.ts';
import { calendarChanged, schoolChanged, sectionChanged } from './events.ts';
import { rolls } from './rolls/resolvers.ts';
import { rosters } from './rosters/resolvers.ts';

/** Who was in class: rolls taken by teachers, corrected by the office, and what they add up to for a day. */
export const attendance = defineSubgraph({
  name: 'attendance',
  folder: import.meta.dirname,
  slices: { rosters, codes, rolls, conflicts, days },
  listens: {
    student: { SchoolChanged: schoolChanged },
    scheduling: { SectionChanged: sectionChanged, CalendarChanged: calendarChanged },
    grading: { DocumentFactsAsked: hearDocumentFactsAsked },
  },
});
