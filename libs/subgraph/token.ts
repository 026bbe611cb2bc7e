import type { Viewer } from '@rollbook/school';
import { jwtVerify, SignJWT } from 'jose';

const issuer = 'rollbook-gateway';
const lifetimeSeconds = 30;
const keys = new Map<string, Uint8Array>();
const keyOf = (secret: string) => keys.get(secret) ?? keys.set(secret, new TextEncoder().encode(secret)).get(secret)!;

/** What a subgraph answers to: a person's request passed on by the gateway, or another service that reads events. */
export type Caller = { readonly viewer: Viewer } | { readonly service: string };

/** The gateway's word for one request to one subgraph: who asks. Valid for half a minute, for that subgraph alone. */
export function signRequest(secret: string, subgraph: string, viewer: Viewer): Promise<string> {
  return sign(secret, subgraph, { viewer });
}

/** A service's word when it reads another's events. */
export function signService(secret: string, subgraph: string, service: string): Promise<string> {
  return sign(secret, subgraph, { service });
}

function sign(secret: string, subgraph: string, claims: Record<string, unknown>): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(issuer)
    .setAudience(`rollbook-${subgraph}`)
    .setExpirationTime(Math.floor(Date.now() / 1000) + lifetimeSeconds)
    .sign(keyOf(secret));
}

/** Throws when the token is missing, forged, expired, or meant for another subgraph. */
export async function verifyCaller(secret: string, subgraph: string, authorization: string | undefined): Promise<Caller> {
  const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
  if (!token) throw new Error('no token');
  const { payload } = await jwtVerify(token, keyOf(secret), {
    algorithms: ['HS256'],
    issuer,
    audience: `rollbook-${subgraph}`,
    requiredClaims: ['exp'],
    clockTolerance: 5,
  });
  return payload as unknown as Caller;
}
