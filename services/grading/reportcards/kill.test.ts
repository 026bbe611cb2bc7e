import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { idOf, ids } from '../testing.ts';
import { pace } from './batches.ts';
import { addSections, openPrinting, type Printing } from './cards.testing.ts';

const students = Array.from({ length: 20 }, (_, n) => idOf(`student ${n}`));
const children = new Set<ChildProcess>();
let service: Printing;
beforeAll(async () => {
  pace.lookMs = 10_000_000; // the batches are the other processes' alone
  service = await openPrinting();
  await addSections(service, ['Choir', 'Drama'], students);
  service.families[students[3]!] = { givenName: 'ไพลิน' }; // cannot be printed
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});
afterAll(() => service.close());

function start(fatalStep: number): ChildProcess {
  const { owner, app } = service.urls;
  const child = fork(new URL('./service.testing.ts', import.meta.url), [app, owner, String(fatalStep)], {
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** The lease of whoever was killed lapses. */
const lapse = () => service.sql(`update report_batch set lease_until = clock_timestamp() - interval '1 second' where status = 'RUNNING'`);
const batch = async () => (await service.sql('select * from report_batch'))[0]!;

test('a batch that is killed ten times, between any two of its steps, prints every card exactly once', async () => {
  await service.sql(
    `insert into report_batch (kind, school_id, grading_period_id, status, without_attendance) values ('REPORT_CARD', $1, $2, 'WAITING', false)`,
    [ids.school, ids.fall],
  );
  const steps: string[] = [];
  for (const fatal of [1, 2, 3, 5, 6, 7, 8, 9, 13, 4]) {
    const child = start(fatal);
    child.on('message', (step: string) => step !== 'open' && steps.push(step));
    await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
    await lapse();
  }
  expect(new Set(steps).size).toBeGreaterThanOrEqual(6);
  expect((await batch())['status']).toBe('RUNNING');

  start(0);
  while ((await batch())['status'] !== 'DONE') await pause(50);
  const cards = await service.sql<{ student_id: string; version: number }>(
    'select student_id, version from report_card order by student_id',
  );
  // of the school's own three students too
  const printed = [...students, ids.ana, ids.ben, ids.cho].filter((id) => id !== students[3]);
  expect(cards).toEqual(printed.sort().map((student_id) => ({ student_id, version: 1 })));
  expect(await batch()).toMatchObject({ total: 23, printed: 22, unchanged: 0, faulty: 1, pages: 22 });
  expect(await service.sql('select 1 from document_request')).toEqual([]);
}, 120_000);
