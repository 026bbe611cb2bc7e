import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { Gone, openAdmission, Overloaded, priorities, rules, type Admission, type Priority, type Work } from './admission.ts';

let admission: Admission;
let delayMs = 0;
afterEach(() => {
  admission.close();
  delayMs = 0;
});
const open = (limit: number) => (admission = openAdmission({ limit, random: () => 0.5, delayMs: () => delayMs }));

/** Work that a test begins and ends by hand; `begun` lists what has begun, in order. */
function desk() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const send = (priority: Priority, name: string, more: Omit<Work, 'priority'> = {}) =>
    admission
      .run({ priority, ...more }, () => {
        begun.push(name);
        return new Promise<string>((end) => ends.set(name, () => end(name)));
      })
      .catch((error: unknown) => error as Error);
  return { begun, send, end: (name: string) => ends.get(name)!() };
}
const turns = async (n = 20) => {
  for (let i = 0; i < n; i++) await new Promise((next) => setImmediate(next));
};

describe('when there is more to do than the limit allows', () => {
  test('saves begin before screens, screens before lists, whatever came first', async () => {
    open(1);
    const { begun, send, end } = desk();
    const all = [send('SAVE', 'first'), ...[...priorities].reverse().map((priority) => send(priority, priority))];
    for (const name of ['first', ...priorities]) {
      await turns();
      end(name);
    }
    await Promise.all(all);
    expect(begun).toEqual(['first', ...priorities]);
  });

  test('each class finds room only up to its share, so that a save always finds some', async () => {
    open(20);
    const { begun, send } = desk();
    for (let n = 0; n < 30; n++) void send('BULK', `bulk ${n}`);
    await turns(100);
    expect(begun).toHaveLength(4);
    for (let n = 0; n < 30; n++) void send('LIST', `list ${n}`);
    await turns(100);
    expect(begun).toHaveLength(10);
    for (let n = 0; n < 30; n++) void send('SCREEN', `screen ${n}`);
    await turns(100);
    expect(begun).toHaveLength(16);
    for (let n = 0; n < 30; n++) void send('SAVE', `save ${n}`);
    await turns(100);
    expect(begun).toHaveLength(20);
    expect(admission.counts).toMatchObject({ running: 20, begun: { SAVE: 4, SCREEN: 6, LIST: 6, BULK: 4 } });
  });

  test('a share is rounded down, so that on a small machine too the last place is for saves', async () => {
    open(4);
    const { begun, send } = desk();
    for (let n = 0; n < 5; n++) void send('SCREEN', `screen ${n}`);
    await turns();
    expect(begun).toHaveLength(3);
  });

  test.each(priorities)('%s that waited its longest is refused, was never begun, and may come again', async (priority) => {
    open(1);
    const { begun, send } = desk();
    void send('SAVE', 'long');
    const refused = await send(priority, 'late');
    expect(refused).toBeInstanceOf(Overloaded);
    expect(refused).toMatchObject({ code: 'OVERLOADED', retryAfterMs: 500 * (1 + priorities.indexOf(priority)) });
    expect((refused as Overloaded).details).toEqual({ retryAfterMs: (refused as Overloaded).retryAfterMs });
    expect(begun).toEqual(['long']);
    expect(admission.counts.refused[priority]).toBe(1);
  });

  test('the lower its class, the sooner it is refused, which is then no longer waited for in vain', async () => {
    open(1);
    const { send } = desk();
    void send('SAVE', 'long');
    const refused: Priority[] = [];
    await Promise.all(priorities.map((priority) => send(priority, priority).then(() => refused.push(priority))));
    expect(refused).toEqual([...priorities].reverse());
  });

  test.each([
    ['earliest', 0, 0.5],
    ['latest', 1, 1.5],
  ])('those who are refused together come back spread out: the %s', async (_, drawn, times) => {
    admission = openAdmission({ limit: 1, random: () => drawn, delayMs: () => delayMs });
    const { send } = desk();
    void send('SAVE', 'long');
    expect(await send('LIST', 'list', { timeLeftMs: 0 })).toMatchObject({ retryAfterMs: 1_500 * times });
  });

  test('who waits less long than the class may is refused by then', async () => {
    open(1);
    const { send } = desk();
    void send('SAVE', 'long');
    const before = performance.now();
    expect(await send('SAVE', 'hasty', { timeLeftMs: 5 })).toBeInstanceOf(Overloaded);
    expect(performance.now() - before).toBeLessThan(rules.SAVE.longestWaitMs);
  });

  test('what nobody waits for any more never begins', async () => {
    open(1);
    const { begun, send, end } = desk();
    let hasGone = false;
    const first = send('SAVE', 'first');
    const left = send('SAVE', 'left', { waiter: { hasGone: () => hasGone, onceGone: () => () => true } });
    await turns();
    hasGone = true;
    end('first');
    expect(await left).toBeInstanceOf(Gone);
    expect(await first).toBe('first');
    expect(begun).toEqual(['first']);
  });
});

test('one piece begins in a turn of the event loop, so that what arrives in between is seen', async () => {
  open(10);
  const { begun, send } = desk();
  for (let n = 0; n < 3; n++) void send('LIST', `list ${n}`);
  await new Promise((next) => setImmediate(next));
  expect(begun).toHaveLength(1);
  void send('SAVE', 'save');
  await turns(2);
  expect(begun.slice(0, 2)).toEqual(['list 0', 'save']);
});

describe('when the event loop is late', () => {
  test('lower classes are refused at once while there is work of higher ones, saves never', async () => {
    open(10);
    const { send, end } = desk();
    const save = send('SAVE', 'save');
    await turns();
    delayMs = 200;
    expect(await send('BULK', 'bulk')).toBeInstanceOf(Overloaded);
    expect(await send('LIST', 'list')).toBeInstanceOf(Overloaded);
    const screen = send('SCREEN', 'screen');
    await turns();
    delayMs = 10_000;
    expect(await send('SCREEN', 'another')).toBeInstanceOf(Overloaded);
    const last = send('SAVE', 'last');
    await turns();
    for (const name of ['save', 'screen', 'last']) end(name);
    expect(await Promise.all([save, screen, last])).toEqual(['save', 'screen', 'last']);
  });

  test.each([
    ['BULK', 75],
    ['LIST', 150],
    ['SCREEN', 400],
  ] as const)('%s is refused above a delay of %s ms, and not at it', async (priority, longestMs) => {
    open(40); // room enough: nothing waits
    const { begun, send } = desk();
    void send('SAVE', 'save');
    await turns();
    delayMs = longestMs;
    void send(priority, 'just not too late');
    await turns();
    delayMs++;
    const refused = send(priority, 'too late');
    await turns();
    expect(begun).toEqual(['save', 'just not too late']);
    expect(await refused).toBeInstanceOf(Overloaded);
  });

  test('work of the same class or of a lower one is not what others must give way to', async () => {
    open(10);
    const { begun, send } = desk();
    for (const priority of ['BULK', 'LIST', 'SCREEN'] as const) {
      for (const name of [`first ${priority}`, `second ${priority}`]) {
        delayMs = 10_000;
        void send(priority, name);
        await turns();
      }
    }
    expect(begun).toHaveLength(6);
  });

  test('nor is work of a higher class that began more than a second ago', async () => {
    open(10);
    const { begun, send } = desk();
    void send('SAVE', 'save');
    await turns();
    delayMs = 10_000;
    const began = performance.now();
    const now = jest.spyOn(performance, 'now').mockReturnValue(began + 900);
    try {
      expect(await send('BULK', 'at once')).toBeInstanceOf(Overloaded);
      now.mockReturnValue(began + 1_001);
      void send('BULK', 'later');
      await turns();
    } finally {
      now.mockRestore();
    }
    expect(begun).toEqual(['save', 'later']);
  });

  test("an import alone on the machine is in nobody's way", async () => {
    open(10);
    const { send, end } = desk();
    delayMs = 10_000;
    const bulk = send('BULK', 'bulk');
    await turns();
    end('bulk');
    expect(await bulk).toBe('bulk');
  });
});

test('how late the event loop is, is measured: of late, whatever it was before', async () => {
  admission = openAdmission({ limit: 10 });
  const untilBulkIs = async (wanted: 'done' | 'refused') => {
    for (;;) {
      await admission.run({ priority: 'SAVE' }, async () => undefined); // so that there is work of a higher class
      const outcome = await admission.run({ priority: 'BULK' }, async () => 'done').catch(() => 'refused');
      if (outcome === wanted) return;
      await new Promise((next) => setTimeout(next, 10));
    }
  };
  await untilBulkIs('done');
  await new Promise((calm) => setTimeout(calm, 600));
  for (let turn = 0; turn < 5; turn++) {
    for (const until = performance.now() + 250; performance.now() < until;);
    await turns(1);
  }
  await untilBulkIs('refused');
  await untilBulkIs('done');
});

test('without a limit everything begins when it comes, however late the event loop is', async () => {
  open(Infinity);
  delayMs = 10_000;
  const { begun, send, end } = desk();
  const all = Array.from({ length: 50 }, (_, n) => send('BULK', `bulk ${n}`));
  expect(begun).toHaveLength(50);
  begun.forEach(end);
  await Promise.all(all);
});

test('work that fails makes room, and its error is its own', async () => {
  open(1);
  for (let n = 0; n < 3; n++)
    await expect(admission.run({ priority: 'SAVE' }, () => Promise.reject(new Error(`fault ${n}`)))).rejects.toThrow(`fault ${n}`);
  expect(await admission.run({ priority: 'SAVE' }, async () => 'next')).toBe('next');
  expect(admission.counts.running).toBe(0);
});

test('what waits when the doors close is told to come again', async () => {
  open(1);
  const { send } = desk();
  void send('SAVE', 'long');
  const waiting = send('SAVE', 'waiting');
  await turns();
  admission.close();
  expect(await waiting).toBeInstanceOf(Overloaded);
});
