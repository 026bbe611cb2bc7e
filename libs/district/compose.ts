import { compositionHasErrors, composeServices } from '@theguild/federation-composition';
import { sdlOf } from '@rollbook/subgraph';
import type { TypedOperation } from '@rollbook/client';
import * as client from '@rollbook/client/operations.ts';
import { getOperationAST, parse } from 'graphql';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { inputsOf } from './inputs.ts';
import { services } from './services.ts';

/**
 * Composes the services' SDL into the supergraph, the public contract that gateway/supergraph.graphql holds. Run as a program
 * (`npm run compose`) it writes that file, each service's schema.types.ts, and what libs/client sends. Addresses are placeholders: the gateway is told where its services are.
 */
export function composeSupergraph(): string {
  const composed = composeServices(
    services.map((service) => ({
      name: service.name,
      url: `http://${service.name}.rollbook.invalid/graphql`,
      typeDefs: parse(sdlOf(service)),
    })),
  );
  if (compositionHasErrors(composed))
    throw new Error(`The services do not compose:\n${composed.errors.map((error) => `- ${error.message}`).join('\n')}`);
  return `${composed.supergraphSdl.trim()}\n`;
}

if (process.argv[1] === import.meta.filename) {
  const supergraph = createRequire(import.meta.url)
    .resolve('@rollbook/gateway/supergraph.ts')
    .replace(/\.ts$/, '.graphql');
  // The types first: a service whose SDL does not compose yet has them all the same.
  for (const service of services) write(join(service.folder, 'schema.types.ts'), await inputsOf(service));
  write(supergraph, composeSupergraph());
  const folder = join(dirname(supergraph), 'operations', 'client');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of operationsOfClient()) write(join(folder, `${name}.graphql`), text);
}

/** What libs/client sends, by name: the gateway plans it at its start, in the very text. */
export function operationsOfClient(): [name: string, text: string][] {
  return Object.values(client).flatMap((exported) => {
    const { text } = exported as Partial<TypedOperation<unknown, unknown>>;
    return text ? [[getOperationAST(parse(text))!.name!.value, text] as [string, string]] : [];
  });
}

function write(file: string, text: string): void {
  writeFileSync(file, text);
  console.log(`Wrote ${file}.`);
}
