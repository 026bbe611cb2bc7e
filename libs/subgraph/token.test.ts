import { afterEach, expect, jest, test } from '@jest/globals';
import { SignJWT } from 'jose';
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

test('a gateway whose clock is fast makes no word that is good for longer, or in advance', async () => {
  setClock('2036-11-21T12:00:00Z');
  const fast = bearer(await signRequest(secret, 'library', { ...clerk }));
  setClock('2036-11-21T10:00:00Z');
  await expect(verifyCaller(secret, 'library', fast)).rejects.toThrow(/iat/);
  setClock('2036-11-21T11:59:56Z'); // clocks differ by some seconds
  expect(await verifyCaller(secret, 'library', fast)).toMatchObject({ viewer: clerk });
  setClock('2036-11-21T10:00:00Z'); // nor is it taken again because it was taken before
  await expect(verifyCaller(secret, 'library', fast)).rejects.toThrow(/iat/);
});

test('how long a word is good is not for its maker to say, and a word without its time is none', async () => {
  setClock('2036-11-21T14:00:00Z');
  const word = (iat: number | undefined) => {
    const jwt = new SignJWT({ viewer: clerk }).setProtectedHeader({ alg: 'HS256' }).setIssuer('rollbook-gateway');
    if (iat) jwt.setIssuedAt(iat);
    return jwt.setAudience('rollbook-library').setExpirationTime('2h').sign(new TextEncoder().encode(secret));
  };
  const now = Date.now() / 1000;
  const sound = bearer(await word(now - 20));
  expect(await verifyCaller(secret, 'library', sound)).toMatchObject({ viewer: clerk });
  await expect(verifyCaller(secret, 'library', bearer(await word(now - 40)))).rejects.toThrow(/iat/);
  await expect(verifyCaller(secret, 'library', bearer(await word(undefined)))).rejects.toThrow(/iat/);
  setClock('2036-11-21T14:00:16Z'); // also when it was taken while it was young
  await expect(verifyCaller(secret, 'library', sound)).rejects.toThrow(/iat/);
});
