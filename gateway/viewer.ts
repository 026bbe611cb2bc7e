import { isUuid, roles, type Role, type RoleGrant, type Viewer } from '@rollbook/school';
import { createRemoteJWKSet, jwtVerify, type CryptoKey, type JWTPayload, type JWTVerifyGetKey } from 'jose';

/** Whose signatures count: an issuer's published keys (production), or one key (a development district). */
export interface KeySource {
  readonly issuer: string;
  readonly keys: { readonly jwksUrl: string } | { readonly publicKey: CryptoKey };
}

/** Who comes with this Authorization header. Throws `Unauthenticated`, whose message may be shown. */
export type Verify = (authorization: string | undefined) => Promise<Viewer>;

export class Unauthenticated extends Error {
  override name = 'Unauthenticated';
}

const audience = 'rollbook';
const rememberMs = 60_000;
const rememberTokens = 10_000;
const algorithms = ['EdDSA', 'ES256', 'RS256', 'PS256'];

/**
 * Reads a viewer from a bearer token: `sub` is the person's id, the claim `grants` the roles and where they hold, `students`
 * the students whose records are theirs to see.
 */
export function verifierOf({ issuer, keys }: KeySource): Verify {
  const check = { issuer, audience, algorithms, clockTolerance: 5, requiredClaims: ['exp', 'sub'] };
  const remote = 'jwksUrl' in keys ? createRemoteJWKSet(new URL(keys.jwksUrl)) : undefined;
  const verify = (token: string) =>
    remote ? jwtVerify(token, remote as JWTVerifyGetKey, check) : jwtVerify(token, (keys as { publicKey: CryptoKey }).publicKey, check);
  // A screen sends the same token with every request: its signature is checked once a minute.
  const known = new Map<string, { viewer: Viewer; untilMs: number }>();
  return async (authorization) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization ?? '')?.[1];
    if (!token) throw new Unauthenticated('Sign in first: send the header "Authorization: Bearer <token>".');
    const earlier = known.get(token);
    if (earlier && earlier.untilMs > Date.now()) return earlier.viewer;
    known.delete(token);
    try {
      const { payload } = await verify(token);
      const viewer = viewerOf(payload);
      known.set(token, { viewer, untilMs: Math.min(payload.exp! * 1000, Date.now() + rememberMs) });
      if (known.size > rememberTokens) known.delete(known.keys().next().value!);
      return viewer;
    } catch (error) {
      if (error instanceof Unauthenticated) throw error;
      const expired = (error as { code?: string }).code === 'ERR_JWT_EXPIRED';
      throw new Unauthenticated(
        expired ? 'Your sign-in has expired; sign in again.' : 'The token is not one that this district issued for Rollbook.',
      );
    }
  };
}

function viewerOf({ sub, grants, students }: JWTPayload): Viewer {
  const list = (grants ?? []) as RoleGrant[];
  const children = (students ?? []) as string[];
  const wellFormed =
    isUuid(sub) &&
    Array.isArray(list) &&
    list.every((grant) => roles.includes(grant?.role as Role) && (grant.schoolId === null || isUuid(grant.schoolId))) &&
    Array.isArray(children) &&
    children.every(isUuid);
  if (!wellFormed) throw new Unauthenticated('The token does not say who you are in the form that Rollbook reads.');
  return { subject: sub, grants: list.map(({ role, schoolId }) => ({ role, schoolId })), students: [...children] };
}
