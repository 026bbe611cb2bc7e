import { expect, test } from '@jest/globals';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { browserStorage, type Browser } from './browserStorage.ts';
import type { MarkCell } from './cells.ts';
import { GraphError } from './graph.ts';
import { openOutbox } from './outbox.ts';
import { fakeClock, graphOf, SimulatedServer } from './testing.ts';

const mark = (studentId: string): MarkCell => ({ kind: 'mark', sectionId: 'algebra', gradingPeriodId: 'fall', studentId });
const is = (value: string) => ({ value, comment: null });
const turns = async () => {
  for (let n = 0; n < 60; n++) await new Promise(setImmediate);
};

/** A profile of a browser: its database and localStorage outlast a page; locks are of pages that live. */
function openProfile() {
  const notes = new Map<string, string>();
  const heldBy = new Map<string, Promise<unknown>>();
  const channels = new Set<{ onmessage: ((event: { data: unknown }) => void) | null }>();
  const localStorage = {
    get length() {
      return notes.size;
    },
    key: (n: number) => [...notes.keys()][n] ?? null,
    getItem: (key: string) => notes.get(key) ?? null,
    setItem: (key: string, text: string) => void notes.set(key, text),
    removeItem: (key: string) => void notes.delete(key),
  };
  const locks = {
    request(name: string, _: object, held: () => Promise<void>) {
      const done = (heldBy.get(name) ?? Promise.resolve()).then(held);
      heldBy.set(name, done);
      return done;
    },
  };
  class FakeChannel {
    onmessage: ((event: { data: unknown }) => void) | null = null;
    constructor() {
      channels.add(this);
    }
    postMessage = (data: unknown) => channels.forEach((other) => other !== this && other.onmessage?.({ data }));
    close = () => void channels.delete(this);
  }
  const profile = { indexedDB: new IDBFactory(), IDBKeyRange, localStorage, navigator: { locks }, BroadcastChannel: FakeChannel };
  return { profile: profile as unknown as Browser & typeof profile, notes };
}

async function openPage(browser: Browser, server: SimulatedServer, person = 'miller', reachable = true) {
  const clock = fakeClock();
  const way = { reachable };
  let asked = 0;
  const graph = graphOf(server, person, async (deliver) => {
    asked++;
    if (!way.reachable) throw new GraphError('UNREACHABLE', 'cut');
    return deliver();
  });
  const outbox = await openOutbox({ storage: browserStorage('rollbook', browser), graph, person, ...clock });
  const tick = async () => {
    await turns();
    clock.tick();
    await turns();
  };
  return { outbox, tick, way, asked: () => asked };
}

test('what was typed without a connection is sent by the next page', async () => {
  const { profile, notes } = openProfile();
  const server = new SimulatedServer();
  const first = await openPage(profile, server, 'miller', false);
  await first.outbox.edit(mark('ann'), is('A'), { revision: 0 });
  await first.tick();
  expect(first.outbox.stateOf(mark('ann'))!.state).toBe('SENT');
  await first.outbox.close();
  const second = await openPage(profile, server);
  await second.tick();
  expect(second.outbox.stateOf(mark('ann'))!.state).toBe('SAVED');
  expect(server.history.get('mark/algebra/fall/ann')).toHaveLength(1);
  expect(notes.size).toBe(0);
});

test('each of the two copies gives back what it held when the other is gone', async () => {
  for (const gone of ['database', 'notes']) {
    const { profile, notes } = openProfile();
    const server = new SimulatedServer();
    const first = await openPage(profile, server, 'miller', false);
    await first.outbox.edit(mark('ann'), is('A'), { revision: 0 });
    await first.outbox.close();
    if (gone === 'notes') notes.clear();
    const second = await openPage(gone === 'database' ? { ...profile, indexedDB: new IDBFactory() } : profile, server);
    await second.tick();
    expect([gone, server.rowOf('mark/algebra/fall/ann')?.value]).toEqual([gone, is('A')]);
  }
});

test('the key that was struck while the disk was busy is in the fast copy, and newer than what is on the disk', async () => {
  const { profile } = openProfile();
  const server = new SimulatedServer();
  const first = await openPage(profile, server, 'miller', false);
  await first.outbox.edit(mark('ann'), is('B'), { revision: 0 });
  void first.outbox.edit(mark('ann'), is('A'), { revision: 0 }).catch(() => undefined);
  const second = await openPage(profile, server, 'miller', false); // as after a crash: the first page has stored nothing more yet
  expect(second.outbox.stateOf(mark('ann'))!.value).toEqual(is('A'));
});

test('a database that is cleared under an open page gets its cells back from the fast copy', async () => {
  const { profile } = openProfile();
  const server = new SimulatedServer();
  let cleared = false;
  const fresh = new IDBFactory();
  const connections: { onclose: (() => void) | null; close(): void }[] = [];
  const indexedDB = {
    open(name: string, version: number) {
      const asked = (cleared ? fresh : profile.indexedDB).open(name, version) as unknown as ReturnType<Browser['indexedDB']['open']>;
      queueMicrotask(() => {
        const { onsuccess } = asked;
        asked.onsuccess = () => {
          connections.push(asked.result);
          onsuccess!();
        };
      });
      return asked;
    },
  };
  const { outbox, tick, way } = await openPage({ ...profile, indexedDB }, server, 'miller', false);
  await outbox.edit(mark('ann'), is('A'), { revision: 0 });
  cleared = true;
  connections.forEach((connection) => connection.close());
  await outbox.edit(mark('bob'), is('B'), { revision: 0 });
  await turns();
  expect(outbox.states().map(({ value, durable }) => [value, durable])).toEqual(
    expect.arrayContaining([
      [is('A'), true],
      [is('B'), true],
    ]),
  );
  way.reachable = true;
  await tick();
  await tick();
  expect(server.rowOf('mark/algebra/fall/ann')?.value).toEqual(is('A'));
  expect(server.rowOf('mark/algebra/fall/bob')?.value).toEqual(is('B'));
});

test('of two tabs one sends, both know, and the other takes over when it is closed', async () => {
  const { profile } = openProfile();
  const server = new SimulatedServer();
  const [first, second] = [await openPage(profile, server), await openPage(profile, server)];
  await second.outbox.edit(mark('ann'), is('A'), { revision: 0 });
  await second.tick();
  expect(first.outbox.stateOf(mark('ann'))!.state).toBe('ON_THIS_COMPUTER');
  await first.tick();
  expect([first.asked(), second.asked()]).toEqual([1, 0]);
  expect(second.outbox.stateOf(mark('ann'))!.state).toBe('SAVED');
  await second.outbox.edit(mark('bob'), is('B'), { revision: 0 });
  await first.outbox.close();
  await second.tick();
  expect(second.outbox.stateOf(mark('bob'))!.state).toBe('SAVED');
});

test('a browser without locks sends from each tab, and the server still counts one save', async () => {
  const { profile } = openProfile();
  const server = new SimulatedServer();
  const bare = { ...profile, navigator: {} };
  const [first, second] = [await openPage(bare, server), await openPage(bare, server)];
  await second.outbox.edit(mark('ann'), is('A'), { revision: 0 });
  await Promise.all([first.tick(), second.tick()]);
  await Promise.all([first.tick(), second.tick()]);
  expect(server.history.get('mark/algebra/fall/ann')).toHaveLength(1);
  expect([...server.carried.values()].map(({ size }) => size)).toEqual([1]);
});

test('a browser that forbids locks sends all the same', async () => {
  const { profile } = openProfile();
  const server = new SimulatedServer();
  const locks = { request: () => Promise.reject(new Error('SecurityError')) };
  const { outbox, tick } = await openPage({ ...profile, navigator: { locks } }, server);
  await outbox.edit(mark('ann'), is('A'), { revision: 0 });
  await tick();
  expect(outbox.stateOf(mark('ann'))!.state).toBe('SAVED');
});

test('the next person at this computer neither sees nor sends the work of the one before, and hears that there is some', async () => {
  const { profile } = openProfile();
  const server = new SimulatedServer();
  const miller = await openPage(profile, server, 'miller', false);
  await miller.outbox.edit(mark('ann'), is('A'), { revision: 0 });
  await miller.outbox.close();
  const jones = await openPage(profile, server, 'jones');
  await jones.tick();
  expect(jones.outbox.states()).toEqual([]);
  expect(jones.outbox.summary().others).toBe(1);
  expect(jones.asked()).toBe(0);
});

test('a full localStorage costs nothing but the second copy', async () => {
  const { profile } = openProfile();
  const server = new SimulatedServer();
  const setItem = () => {
    throw new Error('QuotaExceededError');
  };
  const { outbox, tick } = await openPage({ ...profile, localStorage: { ...profile.localStorage, setItem } }, server);
  await outbox.edit(mark('ann'), is('A'), { revision: 0 });
  await tick();
  expect(outbox.stateOf(mark('ann'))!.state).toBe('SAVED');
});
