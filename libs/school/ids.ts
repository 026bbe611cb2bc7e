import { createHash } from 'node:crypto';

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
  const bytes = createHash('sha256').update(`${source}\0${kind}\0${sourcedId}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
