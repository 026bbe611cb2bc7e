import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { demoDirectory } from '../topologies.ts';
import { faults, obstacleTo, type Fault } from './obstacles.ts';

const claims: Record<Fault, string> = {
  'power-cut': 'a power cut loses nothing that was acknowledged; with fsync=off the same cut does',
  'disk-full': 'a disk that fills up is told to those who save, loses nothing, and with room again saving goes on',
  eio: 'a disk that fails to synchronize ends PostgreSQL, loses nothing, and saving goes on',
  clock: 'clocks that are two hours wrong lose nothing, and once they are right saving goes on',
};

/** So many that it takes seconds, of the six that `npm run faults` makes: eio in turn of the log and of a checkpoint, clock each another skew. */
const rounds: Record<Fault, number> = { 'power-cut': 1, 'disk-full': 1, eio: 2, clock: 2 };

let template: Awaited<ReturnType<typeof demoDirectory>> | undefined;
beforeAll(async () => {
  if (faults.some((fault) => !obstacleTo(fault))) template = await demoDirectory(120);
}, 120_000);
afterAll(() => template?.remove());

/** A short run of `npm run faults`. */
async function drill(fault: Fault): Promise<{ code: number | null; printed: string }> {
  const program = join(import.meta.dirname, 'run.ts');
  const child = spawn(process.execPath, [program, '--only', fault, '--rounds', String(rounds[fault]), '--template', template!.dir]);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (printed += chunk.toString()));
  const code = await new Promise<number | null>((ended) => child.once('close', ended));
  return { code, printed };
}

for (const fault of faults) {
  const obstacle = obstacleTo(fault);
  (obstacle ? test.skip : test)(
    `${claims[fault]}${obstacle && ` (skipped: ${obstacle})`}`,
    async () => {
      const { code, printed } = await drill(fault);
      expect({ code, printed }).toEqual({ code: 0, printed: expect.stringMatching(/"lost":0/) });
      const figures = JSON.parse(printed.split('\n').findLast((line) => line.startsWith('{'))!) as Record<string, unknown>;
      expect(figures).toMatchObject({ fault, rounds: rounds[fault], lost: 0, failures: 0 });
      expect(figures['acknowledged']).toBeGreaterThan(0);
    },
    120_000,
  );
}
