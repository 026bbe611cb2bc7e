import { defineSubgraph } from '@rollbook/subgraph';
import { schools } from './schools/resolvers.ts';

/** Who is in the district: schools, people, their enrollment and their programs. */
export const student = defineSubgraph({
  name: 'student',
  folder: import.meta.dirname,
  slices: { schools },
});
