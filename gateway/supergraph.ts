import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const subgraphNames = ['student', 'scheduling', 'grading', 'attendance'] as const;
export type SubgraphName = (typeof subgraphNames)[number];

/** The public contract: composed from the services' SDL by `npm run compose`, committed, and checked in tests against the services. */
export function supergraphSdl(): string {
  return readFileSync(join(import.meta.dirname, 'supergraph.graphql'), 'utf8');
}
