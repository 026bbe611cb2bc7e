import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import type { Database } from '../database.ts';
import { defineSubgraph, type Slice, type SubgraphDefinition } from '../definition.ts';
import { executor, type Execute } from '../execute.ts';
import { schemaOf } from '../schema.ts';

/** A service of one slice, from text: for claims about SDL and resolvers that need no database. */
export function sketch(sdl: string, slice: Partial<Slice> = {}): SubgraphDefinition {
  const folder = mkdtempSync(join(tmpdir(), 'rollbook-sketch-'));
  mkdirSync(join(folder, 'drawing'));
  mkdirSync(join(folder, 'migrations'));
  writeFileSync(join(folder, 'drawing', 'schema.graphql'), sdl);
  return defineSubgraph({ name: 'sketch', folder, slices: { drawing: { entities: [], resolvers: {}, ...slice } } });
}

/** Runs a sketch; a resolver that asks the database gets an error. */
export function runSketch(definition: SubgraphDefinition, log: Logger = pino({ level: 'silent' }), enforceAccess = true): Execute {
  const none = new Proxy({}, { get: (_, name) => raise(`A sketch has no database (${String(name)}).`) }) as Database;
  return executor({ schema: schemaOf(definition, { enforceAccess }), database: none, log, now: () => new Date() });
}

function raise(message: string): never {
  throw new Error(message);
}
