import { defineSubgraph } from '@rollbook/subgraph';
import { enrollment } from './enrollment/resolvers.ts';
import { keepClassroom, type SectionChanged } from './people/classrooms.ts';
import { hearDocumentFactsAsked } from './people/documentFacts.ts';
import { people } from './people/resolvers.ts';
import { programs } from './programs/resolvers.ts';
import { schools } from './schools/resolvers.ts';

/** Who is in the district: schools, people, their enrollment and their programs. */
export const student = defineSubgraph({
  name: 'student',
  folder: import.meta.dirname,
  slices: { schools, people, enrollment, programs },
  listens: {
    scheduling: { SectionChanged: (tx, event) => keepClassroom(tx, event.payload as SectionChanged) },
    grading: { DocumentFactsAsked: hearDocumentFactsAsked },
  },
});
