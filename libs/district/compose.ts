import { compositionHasErrors, composeServices } from '@theguild/federation-composition';
import { sdlOf } from '@rollbook/subgraph';
import { parse } from 'graphql';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { inputsOf } from './inputs.ts';
import { services } from './services.ts';

/**
 * Composes the services' SDL into the supergraph, the public contract that gateway/supergraph.graphql holds. Run as a program
 * (`npm run compose`) it writes that file, and each service's schema.types.ts. Addresses are placeholders: the gateway is told where its services are.
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
}

function write(file: string, text: string): void {
  writeFileSync(file, text);
  console.log(`Wrote ${file}.`);
}
