import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { CompiledGateway } from './execution/gateway.ts';

/** An operation that our own front ends send, in the very text that they send: plans are kept by it. */
export interface OwnOperation {
  readonly name: string;
  readonly query: string;
}

const folder = join(import.meta.dirname, 'operations');

/** The files of operations/: for our own screens, and to try in the explorer. */
export const ownOperations = (): OwnOperation[] => operationsIn(folder);

/** What libs/client sends, as `npm run compose` writes it down. */
export const clientOperations = (): OwnOperation[] => operationsIn(join(folder, 'client'));

function operationsIn(folder: string): OwnOperation[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => ({ name: file.slice(0, -'.graphql'.length), query: readFileSync(join(folder, file), 'utf8') }));
}

/**
 * Plans these operations at start, so that the first teacher of the morning does not wait. One that does not fit the graph is
 * named in the log and keeps nobody out: only whoever sends it is refused.
 */
export async function warmPlans(gateway: Pick<CompiledGateway, 'plan'>, operations: readonly OwnOperation[], log: Logger): Promise<void> {
  for (const { name, query } of operations) {
    try {
      log.debug({ name, how: await gateway.plan(query) }, 'planned');
    } catch (error) {
      log.error({ name, error }, 'an operation of our own does not fit the graph');
    }
  }
}
