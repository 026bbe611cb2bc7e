import type { Viewer } from '@rollbook/school';
import { openSubgraph } from '@rollbook/subgraph';
import { pino } from 'pino';
import { scheduling } from '../../subgraph.ts';
import { useEngine } from './running.ts';

/**
 * The service as a process of its own, to be killed: asks what the test sends it by message, in the name of the viewer that it sends.
 */
const [app, owner, engine] = process.argv.slice(2) as [string, string, string];
if (engine) useEngine(engine);
const service = await openSubgraph(scheduling, {
  urls: { app, owner },
  log: pino({ level: 'silent' }),
  allowVolatile: true,
  maxReads: 2,
  maxWrites: 4,
});
process.on('message', async ({ viewer, query }: { viewer: Viewer; query: string }) =>
  process.send!(await service.execute({ query }, viewer)),
);
process.send!('ready');
