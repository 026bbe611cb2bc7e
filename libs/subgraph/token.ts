import type { Viewer } from '@rollbook/school';
import { jwtVerify, SignJWT } from 'jose';

const issuer = 'rollbook-gateway';
const lifetimeSeconds = 30;
/** By so much may the clocks of two machines differ. */
const toleranceSeconds = 5;
const keys = new Map<string, Uint8Array>();
const keyOf = (secret: string) => keys.get(secret) ?? keys.set(secret, new TextEncoder().encode(secret)).get(secret)!;

/** What a subgraph answers to: a person's request passed on by the gateway, or another service that reads events. */
export type Caller = { readonly viewer: Viewer } | { readonly service: string };

const reuseMs = 5_000;
const signed = new WeakMap<Viewer, Map<string, { token: Promise<string>; atMs: number }>>();

/**
 * The gateway's word to one subgraph: who asks. Valid for half a minute, for that subgraph alone; what one person's screen asks
 * within five seconds goes under the same word.
 */
export function signRequest(secret: string, subgraph: string, viewer: Viewer): Promise<string> {
  let ofViewer = signed.get(viewer);
  if (!ofViewer) signed.set(viewer, (ofViewer = new Map()));
  const key = `${subgraph} ${secret}`;
  let word = ofViewer.get(key);
  // Also when the clock has stepped back: the word would be taken for young until it is passed again.
  if (!word || Math.abs(Date.now() - word.atMs) > reuseMs)
    ofViewer.set(key, (word = { token: sign(secret, subgraph, { viewer }), atMs: Date.now() }));
  return word.token;
}

/** A service's word when it reads another's events. */
export function signService(secret: string, subgraph: string, service: string): Promise<string> {
  return sign(secret, subgraph, { service });
}

function sign(secret: string, subgraph: string, claims: Record<string, unknown>): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(issuer)
    .setAudience(`rollbook-${subgraph}`)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetimeSeconds)
    .sign(keyOf(secret));
}

/**
 * Throws when the token is missing, forged, expired, or meant for another subgraph; also when it is older than its time or from the
 * future by this process's own clock: whoever signs decides nothing about how long a word is good.
 */
export async function verifyCaller(secret: string, subgraph: string, authorization: string | undefined): Promise<Caller> {
  const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
  if (!token) throw new Error('no token');
  const key = `${subgraph} ${secret} ${token}`;
  const earlier = known.get(key);
  const now = Date.now();
  if (earlier && earlier.fromMs <= now && now < earlier.untilMs) return earlier.caller;
  known.delete(key);
  const { payload } = await jwtVerify(token, keyOf(secret), {
    algorithms: ['HS256'],
    issuer,
    audience: `rollbook-${subgraph}`,
    requiredClaims: ['exp'],
    maxTokenAge: lifetimeSeconds,
    clockTolerance: toleranceSeconds,
  });
  const caller = payload as unknown as Caller;
  const issuedMs = payload.iat! * 1000;
  const untilMs = Math.min(payload.exp! * 1000, issuedMs + lifetimeSeconds * 1000);
  known.set(key, { caller, fromMs: issuedMs - toleranceSeconds * 1000, untilMs });
  if (known.size > maxKnown) known.delete(known.keys().next().value!);
  return caller;
}

/** Words whose signature was checked, until they expire: the same one comes with several requests. */
const known = new Map<string, { caller: Caller; fromMs: number; untilMs: number }>();
const maxKnown = 10_000;
