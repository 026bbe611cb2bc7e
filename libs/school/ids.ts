import { hash } from 'node:crypto';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Is this a UUID in the one form that is stored and compared: lower case, with hyphens? */
export function isUuid(text: unknown): text is string {
  return typeof text === 'string' && uuid.test(text);
}

/**
 * The id of an imported record: an RFC 9562 version 8 UUID derived from where it comes from, what it is and the id it has
 * there. Services that import different files of one package agree on it without asking one another. A record that is born
 * here has a version 7 UUID from the database instead.
 */
export function sourcedUuid(source: string, kind: string, sourcedId: string): string {
  const digest = hash('sha256', `${source}\0${kind}\0${sourcedId}`, 'hex');
  const variant = '89ab'[parseInt(digest[16]!, 16) & 3]!;
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
