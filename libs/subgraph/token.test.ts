import { afterEach, expect, jest, test } from '@jest/globals';
import { clerk, principal } from './example/people.ts';
import { signRequest, signService, verifyCaller } from './token.ts';

const secret = 'a secret of the gateway and its subgraphs';
afterEach(() => void jest.useRealTimers());
/** The clock of this process; nothing else of its time. */
const setClock = (iso: string) =>
  jest.useFakeTimers({
    now: new Date(iso),
    doNotFake: ['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'setInterval', 'setTimeout'],
  });

const bearer = (token: string) => `Bearer ${token}`;

test('a word names its viewer, or its service, to the subgraph that it is for', async () => {
  expect(await verifyCaller(secret, 'library', bearer(await signRequest(secret, 'library', clerk)))).toMatchObject({ viewer: clerk });
  expect(await verifyCaller(secret, 'library', bearer(await signService(secret, 'library', 'press')))).toMatchObject({ service: 'press' });
});

test('a word that was taken before is not taken after its time, nor by another subgraph, nor under another secret', async () => {
  setClock('2036-11-21T08:00:00Z');
  const word = bearer(await signRequest(secret, 'library', clerk));
  await verifyCaller(secret, 'library', word);
  await expect(verifyCaller(secret, 'press', word)).rejects.toThrow(/aud/);
  await expect(verifyCaller('another secret that is long enough', 'library', word)).rejects.toThrow(/signature/);
  setClock('2036-11-21T08:00:29Z');
  expect(await verifyCaller(secret, 'library', word)).toMatchObject({ viewer: clerk });
  setClock('2036-11-21T08:00:36Z'); // half a minute, and five seconds for clocks that differ
  await expect(verifyCaller(secret, 'library', word)).rejects.toThrow(/exp/);
});

test('words are signed for one viewer and one subgraph, and anew when they grow old', async () => {
  setClock('2036-11-21T09:00:00Z');
  const first = await signRequest(secret, 'library', clerk);
  expect(await signRequest(secret, 'library', principal)).not.toBe(first);
  expect(await signRequest(secret, 'press', clerk)).not.toBe(first);
  expect(await signRequest('another secret that is long enough', 'library', clerk)).not.toBe(first);
  setClock('2036-11-21T09:00:20Z');
  const later = await signRequest(secret, 'library', clerk);
  setClock('2036-11-21T09:00:45Z');
  expect(await verifyCaller(secret, 'library', bearer(later))).toMatchObject({ viewer: clerk });
});
