import { randomStream } from '@rollbook/district/demo/random.ts';
import { describe, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { evening, poisson, type Sent, type Tally } from './arrivals.ts';
import { graphAt } from './callers.ts';
import { screensOf, type Operation, type People } from './classes.ts';
import type { Kind } from './model.ts';

const seed = 7;
const people: People = {
  // More classes than a second has saves: however late answers come, one is always free.
  classes: Array.from({ length: 600 }, (_, n) => ({
    ...{ id: `section-${n}`, schoolId: 'school', teacherId: `teacher-${n}`, periodId: 'period' },
    students: Array.from({ length: 30 }, (_, s) => `student-${n}-${s}`),
    revisions: Array.from({ length: 30 }, () => 1),
  })),
  families: [{ contactId: 'contact', studentId: 'student-0-0' }],
  offices: [{ staffId: 'principal', role: 'PRINCIPAL', schoolId: 'school' }],
  day: '2026-11-20',
};

/** A graph that keeps revisions as the real one does, and treats the n-th request as it is told to. */
async function openGraph(treat: (n: number) => 'answer' | 'shed' | 'fail' | 'silence'): Promise<{ url: string; server: Server }> {
  const revisions = new Map<string, number>();
  let n = 0;
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request.setEncoding('utf8')) text += part;
    const told = treat(n++);
    const answer = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body));
    if (told === 'silence') return;
    if (told === 'fail') return void answer(500, { errors: [{ message: 'No.', extensions: { code: 'INTERNAL' } }] });
    if (told === 'shed') return void answer(503, { errors: [{ message: 'Later.', extensions: { code: 'OVERLOADED', retryAfterMs: 20 } }] });
    const { input } = JSON.parse(text).variables as { input?: { cells: { studentId: string; baseRevision: number }[] } };
    const rows = (input?.cells ?? []).map(({ studentId, baseRevision }) => {
      const outcome = baseRevision === (revisions.get(studentId) ?? 1) ? 'SAVED' : 'CONFLICT';
      if (outcome === 'SAVED') revisions.set(studentId, baseRevision + 1);
      return { outcome, revision: revisions.get(studentId), code: null };
    });
    answer(200, { data: input ? { saveMarks: { rows } } : { me: null } });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

const tokens = { classes: people.classes.map(() => ['token']), families: ['token'], offices: ['token'] };

async function run(treat: Parameters<typeof openGraph>[0], perSecond: Partial<Record<Kind, number>>) {
  const { url, server } = await openGraph(treat);
  const graph = graphAt(url);
  const screens = screensOf(structuredClone(people), tokens, randomStream(seed, 1));
  const make = (kind: Kind): Operation => (kind === 'roster' ? screens.read(kind) : screens.save(kind as 'cells'));
  try {
    const options = { perSecond, seconds: 1, graceSeconds: 1, random: randomStream(seed, 2), make };
    return await evening({ ...options, send: (operation): Promise<Sent> => graph.send(operation) });
  } finally {
    await graph.close();
    server.closeAllConnections();
    server.close();
  }
}

const accounted = ({ inTime, late, shed, failed }: Tally) => inTime + late + shed + failed;

describe(`the people of the evening (seed ${seed})`, () => {
  test('whatever becomes of what they send, each piece is counted once', async () => {
    const treatments = ['answer', 'shed', 'fail', 'silence', 'answer', 'answer'] as const;
    const { tallies } = await run((n) => treatments[n % treatments.length]!, { cells: 60, class: 5, submit: 5, roster: 40 });
    for (const tally of Object.values(tallies)) {
      expect(tally.offered).toBeGreaterThan(0);
      expect(accounted(tally)).toBe(tally.offered);
    }
    const all = Object.values(tallies);
    for (const key of ['inTime', 'failed', 'refusals'] as const) expect(all.some((tally) => tally[key] > 0)).toBe(true);
  });

  test('a save that is refused for now is sent again until it is answered, a read is not', async () => {
    const { tallies, faults } = await run((n) => (n % 2 ? 'answer' : 'shed'), { cells: 60, roster: 40 });
    expect(tallies.cells).toMatchObject({ shed: 0, failed: 0 });
    expect(tallies.cells!.refusals).toBeGreaterThan(0);
    expect(tallies.roster!.shed).toBe(tallies.roster!.refusals);
    expect(faults).toEqual([]);
  });

  test('nobody meets a conflict with herself, however many saves are on their way', async () => {
    const { tallies, faults } = await run(() => 'answer', { cells: 500, class: 20, submit: 20 });
    expect(faults).toEqual([]);
    for (const tally of Object.values(tallies)) expect(tally.failed).toBe(0);
  });

  test('as many arrive as the rate says, in order of time, and the same ones for the same seed', () => {
    const times = poisson(1_000, 10, randomStream(seed, 3));
    expect(Math.abs(times.length - 10_000)).toBeLessThan(500);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(poisson(1_000, 10, randomStream(seed, 3))).toEqual(times);
  });
});
