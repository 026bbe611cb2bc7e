import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { signRequest } from '@rollbook/subgraph/token.ts';
import { exportJWK, exportSPKI, SignJWT } from 'jose';
import { answerOf, closeAll, inSeconds, openSchool, serve, teacher, testIssuer, tinySubgraph } from './testing.ts';
import { KeysUnreachable, Unauthenticated, verifierOf } from './viewer.ts';

afterEach(async () => {
  jest.restoreAllMocks();
  await closeAll();
});

const claimsOf = (token: string) => token.split('.')[1]!;
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A verifier of one key, and its issuer. */
async function oneKey() {
  const issuer = await testIssuer();
  return { ...issuer, verify: verifierOf({ issuer: 'district', keys: { publicKey: issuer.publicKey } }) };
}

describe('a token that is refused, and what its bearer is told', () => {
  const forged: [string, (issuer: Awaited<ReturnType<typeof oneKey>>) => string | undefined | Promise<string | undefined>, RegExp][] = [
    ['none', () => undefined, /^Sign in first/],
    ['a password instead', () => 'Basic dGVhY2hlcjpzZWNyZXQ=', /not "Bearer" and a whole token/],
    ['cut off', async ({ sign }) => `Bearer ${(await sign()).split('.').slice(0, 2).join('.')}`, /whole token/],
    ['cut off in its signature', async ({ sign }) => `Bearer ${(await sign()).slice(0, -20)}`, /not one that this district issued/],
    ['expired', async ({ sign }) => `Bearer ${await sign({ exp: inSeconds(-60) })}`, /has expired; sign in again/],
    ['not valid yet', async ({ sign }) => `Bearer ${await sign({ nbf: inSeconds(60) })}`, /not valid yet/],
    ['valid for ever', async ({ sign }) => `Bearer ${await sign({ exp: undefined })}`, /"exp" is missing/],
    ['for another audience', async ({ sign }) => `Bearer ${await sign({ aud: 'lunch' })}`, /audience \("aud"\) must be "rollbook"/],
    ['of another issuer', async ({ sign }) => `Bearer ${await sign({ iss: 'elsewhere' })}`, /issuer \("iss"\)/],
    ['signed by another key', async () => `Bearer ${await (await testIssuer()).sign()}`, /not one that this district issued/],
    ['of another person, with the old signature', async ({ sign }) => `Bearer ${swapClaims(await sign())}`, /not one that this district/],
    [
      'unsigned (alg none)',
      async ({ sign }) => `Bearer ${base64({ alg: 'none' })}.${claimsOf(await sign())}.AA`,
      /not one that this district/,
    ],
    ['signed with the public key as a secret (HS256)', hs256WithPublicKey, /not one that this district/],
    [
      "a service's own",
      async () => `Bearer ${await signRequest('between the gateway and its services', 'student', teacher)}`,
      /not one that/,
    ],
    ['of somebody without an id', async ({ sign }) => `Bearer ${await sign({ sub: undefined })}`, /"sub" is missing/],
    ['of an id that is no UUID', async ({ sign }) => `Bearer ${await sign({ sub: 'admin' })}`, /"sub" must be the person's id/],
    [
      'with a role nobody knows',
      async ({ sign }) => `Bearer ${await sign({ grants: [{ role: 'ROOT', schoolId: null }] })}`,
      /"grants" must be/,
    ],
    ['with a role nowhere', async ({ sign }) => `Bearer ${await sign({ grants: [{ role: 'TEACHER' }] })}`, /"grants" must be/],
    ['with roles that are no list', async ({ sign }) => `Bearer ${await sign({ grants: 'TEACHER' })}`, /"grants" must be/],
    ['with nothing for a role', async ({ sign }) => `Bearer ${await sign({ grants: [null] })}`, /"grants" must be/],
    ['with students that are no list', async ({ sign }) => `Bearer ${await sign({ students: { s1: true } })}`, /"students" must be/],
    ['with students that are no ids', async ({ sign }) => `Bearer ${await sign({ students: ['*'] })}`, /"students" must be/],
  ];
  test.each(forged)('%s', async (_, header, message) => {
    const issuer = await oneKey();
    const refusal = issuer.verify(await header(issuer));
    await expect(refusal).rejects.toThrow(Unauthenticated);
    await expect(refusal).rejects.toThrow(message);
  });

  function swapClaims(token: string): string {
    const [header, , signature] = token.split('.');
    const claims = { iss: 'district', aud: 'rollbook', exp: inSeconds(600), sub: '0196a000-0000-7000-8000-000000000002' };
    return `${header}.${base64(claims)}.${signature}`;
  }

  async function hs256WithPublicKey({ publicKey }: Awaited<ReturnType<typeof oneKey>>): Promise<string> {
    const secret = new TextEncoder().encode(await exportSPKI(publicKey));
    const claims = { iss: 'district', aud: 'rollbook', exp: inSeconds(600), sub: teacher.subject };
    return `Bearer ${await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret)}`;
  }
});

describe('over HTTP', () => {
  test('a request without a token is 401 UNAUTHENTICATED, says how to sign in, and reaches no service', async () => {
    const asked = jest.fn(tinySubgraph('student').execute);
    const { send } = await openSchool({ sources: { student: { execute: asked } } });
    const { status, headers, errors } = await answerOf(await send({ headers: { authorization: '' }, body: '{"query":"{ principal }"}' }));
    expect({ status, challenge: headers.get('www-authenticate') }).toEqual({ status: 401, challenge: 'Bearer' });
    expect(errors).toEqual([{ message: expect.stringContaining('Authorization: Bearer'), extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(asked).not.toHaveBeenCalled();
  });

  test('a bad token is told apart from none', async () => {
    const { send, token } = await openSchool();
    const { status, headers } = await send({
      headers: { authorization: `Bearer ${token.slice(0, -9)}` },
      body: '{"query":"{ principal }"}',
    });
    expect({ status, challenge: headers.get('www-authenticate') }).toEqual({ status: 401, challenge: 'Bearer error="invalid_token"' });
  });

  test('a good token brings its bearer to every service that is asked, and to it alone', async () => {
    const viewers: unknown[] = [];
    const seen = (name: 'student' | 'grading') => {
      const { execute } = tinySubgraph(name);
      return { execute: ((request, viewer) => (viewers.push(viewer), execute(request, viewer))) as typeof execute };
    };
    const { ask } = await openSchool({ sources: { student: seen('student'), grading: seen('grading') } });
    expect((await ask('{ students { latestMark } }')).data).toEqual({ students: [{ latestMark: 0 }, { latestMark: 0 }] });
    expect(viewers).toEqual([teacher, teacher]);
  });
});

describe('published keys', () => {
  /** An identity provider whose keys a test can change, and which it can stop. */
  async function provider() {
    const state = { keys: [] as object[], fetched: 0, down: false };
    const { url } = await serve((_, response) => {
      state.fetched += 1;
      response.writeHead(state.down ? 500 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ keys: state.keys }));
    });
    const publish = async (kid: string) => {
      const issuer = await testIssuer(kid);
      state.keys.push({ ...(await exportJWK(issuer.publicKey)), kid, alg: 'ES256', use: 'sig' });
      return issuer;
    };
    return { state, publish, verify: verifierOf({ issuer: 'district', keys: { jwksUrl: `${url}/jwks` } }) };
  }
  const later = (minutes: number) => {
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + minutes * 60_000);
  };

  test('are fetched once, and count', async () => {
    const { state, publish, verify } = await provider();
    const first = await publish('one');
    for (let n = 0; n < 3; n++) expect(await verify(`Bearer ${await first.sign({ n })}`)).toEqual(teacher);
    expect(state.fetched).toBe(1);
  });

  test('are fetched again when the issuer signs with a new one', async () => {
    const { state, publish, verify } = await provider();
    await verify(`Bearer ${await (await publish('one')).sign()}`);
    const second = await publish('two');
    later(1);
    expect(await verify(`Bearer ${await second.sign()}`)).toEqual(teacher);
    expect(state.fetched).toBe(2);
  });

  test('are not fetched for every token that names a key nobody knows', async () => {
    const { state, publish, verify } = await provider();
    await verify(`Bearer ${await (await publish('one')).sign()}`);
    const stranger = await testIssuer('nobody knows');
    for (let n = 0; n < 5; n++) await expect(verify(`Bearer ${await stranger.sign({ n })}`)).rejects.toThrow(Unauthenticated);
    expect(state.fetched).toBe(1);
  });

  test('that were taken back do not count ten minutes later', async () => {
    const { state, publish, verify } = await provider();
    const first = await publish('one');
    await verify(`Bearer ${await first.sign()}`);
    state.keys.length = 0;
    await publish('two');
    later(11);
    await expect(verify(`Bearer ${await first.sign({ exp: inSeconds(3600) })}`)).rejects.toThrow(Unauthenticated);
  });

  test('go on counting while the issuer does not answer', async () => {
    const { state, publish, verify } = await provider();
    const first = await publish('one');
    await verify(`Bearer ${await first.sign()}`);
    state.down = true;
    later(11);
    expect(await verify(`Bearer ${await first.sign({ exp: inSeconds(3600) })}`)).toEqual(teacher);
    // A key that may be new cannot be judged now.
    await expect(verify(`Bearer ${await (await testIssuer('new')).sign()}`)).rejects.toThrow(KeysUnreachable);
  });

  test('that could never be fetched are 503 and not 401: nobody is signed out for that', async () => {
    const { state, verify } = await provider();
    state.down = true;
    const { ask, logged } = await openSchool({ verify });
    const { status, headers, errors } = await ask('{ principal }');
    expect({ status, again: headers.get('retry-after') }).toEqual({ status: 503, again: '5' });
    expect(errors).toEqual([{ message: expect.stringContaining('Try again'), extensions: { code: 'UNAVAILABLE' } }]);
    expect(logged).toContainEqual(
      expect.objectContaining({ level: 40, error: expect.objectContaining({ message: expect.stringContaining('200 OK') }) }),
    );
  });
});

describe('what is remembered', () => {
  test("a token's signature is checked once a minute", async () => {
    const { verify, sign } = await oneKey();
    const checks = jest.spyOn(crypto.subtle, 'verify');
    const token = `Bearer ${await sign()}`;
    for (let n = 0; n < 5; n++) await verify(token);
    expect(checks).toHaveBeenCalledTimes(1);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 61_000);
    await verify(token);
    expect(checks).toHaveBeenCalledTimes(2);
  });

  test('a token that expires within that minute is refused from then on', async () => {
    const { verify, sign } = await oneKey();
    const token = `Bearer ${await sign({ exp: inSeconds(20) })}`;
    expect(await verify(token)).toEqual(teacher);
    jest.useFakeTimers({ now: Date.now() + 30_000, doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'] });
    try {
      await expect(verify(token)).rejects.toThrow('has expired');
    } finally {
      jest.useRealTimers();
    }
  });

  test('a refused token is not remembered as good', async () => {
    const { verify, sign } = await oneKey();
    const token = `Bearer ${await sign({ nbf: inSeconds(60) })}`;
    for (let n = 0; n < 2; n++) await expect(verify(token)).rejects.toThrow('not valid yet');
  });

  test('of many tokens, those used last', async () => {
    const { verify, sign } = await oneKey();
    const tokens = await Promise.all(Array.from({ length: 10_001 }, async (_, n) => `Bearer ${await sign({ n })}`));
    for (const token of tokens) await verify(token);
    const checks = jest.spyOn(crypto.subtle, 'verify');
    await verify(tokens.at(-1));
    expect(checks).toHaveBeenCalledTimes(0);
    await verify(tokens[0]);
    expect(checks).toHaveBeenCalledTimes(1);
  });
});
