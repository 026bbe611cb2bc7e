import { openSubgraph } from '@rollbook/subgraph';
import { pino } from 'pino';
import { grading } from '../subgraph.ts';
import { pace } from './batches.ts';

/**
 * The service as a process of its own, which kills itself when its batches have come so many steps. Arguments: the URLs of its database,
 * and the number of the step, 0 for none.
 */
const [app, owner, fatal] = process.argv.slice(2) as [string, string, string];
let steps = 0;
Object.assign(pace, {
  ...{ threads: 1, chunk: 3, asked: 7, lookMs: 20 },
  onStep: (step: string) => {
    if (++steps !== Number(fatal)) return;
    process.send!(step, () => process.kill(process.pid, 'SIGKILL'));
    // Nothing more is done before the signal arrives.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
  },
});
process.once('disconnect', () => process.exit()); // never outlives its test
await openSubgraph(grading, {
  urls: { app, owner },
  log: pino({ level: 'silent' }),
  allowVolatile: true,
  maxReads: 2,
  maxWrites: 4,
  now: () => new Date('2026-10-05T17:00:00Z'),
});
process.send!('open');
