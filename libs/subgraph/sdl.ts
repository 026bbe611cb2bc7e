import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SubgraphDefinition } from './definition.ts';

/** What every subgraph's SDL begins with. The directives are for this library; the composed supergraph does not carry them. */
const prelude = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable", "@external", "@inaccessible", "@tag"])

  "The class of a field (libs/school access table), or OPEN for a container with nothing of its own to hide."
  directive @access(class: String!) on OBJECT | FIELD_DEFINITION
  "The roles that may ask for a root field at all; the resolver narrows it to schools, sections and students."
  directive @allow(roles: [String!]!) on FIELD_DEFINITION

  "A calendar day, \`2026-11-21\`, without time or zone."
  scalar Date
  "An instant in UTC, ISO 8601: \`2026-11-21T15:04:05.000Z\`."
  scalar DateTime

  "Where a page of a list ends (Relay cursor connections)."
  type PageInfo @shareable @access(class: "OPEN") {
    hasNextPage: Boolean!
    endCursor: String
  }

  "What became of one request of an import."
  type ImportAnswer @shareable @access(class: "OPEN") {
    created: Int!
    changed: Int!
    unchanged: Int!
    "The rows that were left out, and why; the others were applied."
    refused: [ImportRefusal!]!
    "In a dry run, the first differences that would be made."
    differences: [ImportDifference!]!
  }

  type ImportRefusal @shareable @access(class: "OPEN") {
    "Index in the request's rows, from 0."
    row: Int!
    sourcedId: String!
    code: String!
    message: String!
  }

  type ImportDifference @shareable @access(class: "OPEN") {
    sourcedId: String!
    field: String!
    before: String
    after: String
  }

  "What the end of an import did. Call again until \`done\`."
  type FinishImportAnswer @shareable @access(class: "OPEN") {
    "Records that the source no longer holds, ended with the given day."
    ended: Int!
    done: Boolean!
  }
`;

/** The whole SDL of a service: the prelude and its slices' schema.graphql files. */
export function sdlOf(definition: SubgraphDefinition): string {
  const slices = Object.keys(definition.slices).map((slice) => readFileSync(join(definition.folder, slice, 'schema.graphql'), 'utf8'));
  return [prelude, ...slices].join('\n');
}
