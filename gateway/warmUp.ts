import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { CompiledGateway } from './execution/gateway.ts';

/** The operations that our own front ends send: planned at start, so that the first teacher of the morning does not wait. */
export const operationsFolder = join(import.meta.dirname, 'operations');

export function ownOperations(): { name: string; query: string }[] {
  return readdirSync(operationsFolder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => ({ name: file.slice(0, -'.graphql'.length), query: readFileSync(join(operationsFolder, file), 'utf8') }));
}

export async function warmPlans(gateway: CompiledGateway, log: Logger): Promise<void> {
  for (const { name, query } of ownOperations()) {
    const how = await gateway.plan(query);
    log.debug({ name, how }, 'planned');
  }
}
