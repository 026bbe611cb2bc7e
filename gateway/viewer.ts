import { isUuid, roles, type Role, type RoleGrant, type Viewer } from '@rollbook/school';
import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify, type CryptoKey, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { RecentlyUsed } from './execution/recentlyUsed.ts';

/** Whose signatures count: an issuer's published keys (production), or one key (a development district). */
export interface KeySource {
  readonly issuer: string;
  readonly keys: { readonly jwksUrl: string } | { readonly publicKey: CryptoKey };
}

/** Who comes with this Authorization header. Throws `Unauthenticated` or `KeysUnreachable`, whose messages may be shown. */
export type Verify = (authorization: string | undefined) => Promise<Viewer>;

/** Nobody is signed in with this header; the message says why and what to do. HTTP 401. */
export class Unauthenticated extends Error {
  override name = 'Unauthenticated';
}

/** The token may be good, but the issuer's keys cannot be fetched to check it: nobody is to be signed out for that. HTTP 503. */
export class KeysUnreachable extends Error {
  override name = 'KeysUnreachable';

  constructor(cause: unknown) {
    super('Sign-ins cannot be checked at the moment: the keys of the identity provider cannot be fetched. Try again.', { cause });
  }
}

const audience = 'rollbook';
const rememberMs = 60_000;
const rememberTokens = 10_000;
const clockToleranceSeconds = 5;
/** Public-key algorithms only: with a shared-secret one, whoever reads the published key could sign. */
const algorithms = ['EdDSA', 'ES256', 'RS256', 'PS256'];

/**
 * Reads a viewer from a bearer token: `sub` is the person's id, the claim `grants` the roles and where they hold, `students`
 * the students whose records are theirs to see. A checked token is remembered for a minute, never past its end.
 */
export function verifierOf({ issuer, keys }: KeySource): Verify {
  const check = { issuer, audience, algorithms, clockTolerance: clockToleranceSeconds, requiredClaims: ['exp', 'sub'] };
  const keyOf: JWTVerifyGetKey = 'jwksUrl' in keys ? publishedKeys(keys.jwksUrl) : () => keys.publicKey;
  // A screen sends the same token with every request: its signature is checked once a minute.
  const known = new RecentlyUsed<{ viewer: Viewer; untilMs: number }>(rememberTokens);
  return async (authorization) => {
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
    if (!token) throw new Unauthenticated(authorization ? notABearer : 'Sign in first: send the header "Authorization: Bearer <token>".');
    const earlier = known.get(token);
    if (earlier && earlier.untilMs > Date.now()) return earlier.viewer;
    const { payload } = await jwtVerify(token, keyOf, check).catch((error: unknown) => {
      throw error instanceof KeysUnreachable ? error : new Unauthenticated(whyNot(error));
    });
    const viewer = viewerOf(payload);
    known.set(token, { viewer, untilMs: Math.min(payload.exp! * 1000, Date.now() + rememberMs) });
    return viewer;
  };
}

const notABearer = 'The Authorization header is not "Bearer" and a whole token: three parts joined by dots.';

/** What is wrong with a token, for the person who has to mend it. What a forger could learn from it, he knows. */
function whyNot(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'Your sign-in has expired; sign in again.';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf' && error.reason === 'check_failed')
      return 'Your sign-in is not valid yet; is the clock of the machine that issued it right?';
    if (error.claim === 'aud') return `The token was not issued for Rollbook: its audience ("aud") must be "${audience}".`;
    if (error.claim === 'iss') return 'The token comes from an issuer ("iss") that this district does not use for Rollbook.';
    return `The token does not say who you are in the form that Rollbook reads: "${error.claim}" is missing or malformed.`;
  }
  return 'The token is not one that this district issued for Rollbook; sign in again.';
}

/**
 * An issuer's published keys. A key that is not known yet is looked for at once (at most every 30 seconds). While the issuer does
 * not answer, the keys fetched last go on counting: a teacher who is signed in must not be turned away for that.
 */
function publishedKeys(url: string): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(new URL(url), { timeoutDuration: 3_000 });
  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      if (saysOfTheToken.some((kind) => error instanceof kind)) throw error;
      const fetchedLast = remote.jwks();
      if (!fetchedLast) throw new KeysUnreachable(error);
      return createLocalJWKSet(fetchedLast)(header, token).catch(() => {
        throw new KeysUnreachable(error);
      });
    }
  };
}

/** Errors that are about the token; any other is about fetching the keys. */
const saysOfTheToken = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];

function viewerOf({ sub, grants = [], students = [] }: JWTPayload): Viewer {
  const malformed = (claim: string, form: string) =>
    new Unauthenticated(`The token does not say who you are in the form that Rollbook reads: "${claim}" must be ${form}.`);
  if (!isUuid(sub)) throw malformed('sub', "the person's id, a UUID in lower case");
  if (!Array.isArray(grants) || !grants.every(isGrant))
    throw malformed('grants', `a list of {role, schoolId}: a role is one of ${roles.join(', ')}, a schoolId a UUID or null`);
  if (!Array.isArray(students) || !students.every(isUuid)) throw malformed('students', 'a list of UUIDs in lower case');
  return { subject: sub, grants: grants.map(({ role, schoolId }) => ({ role, schoolId })), students: [...students] };
}

function isGrant(grant: Partial<Record<keyof RoleGrant, unknown>> | null): grant is RoleGrant {
  return roles.includes(grant?.role as Role) && (grant?.schoolId === null || isUuid(grant?.schoolId));
}
