import { hash } from 'node:crypto';

const hex = '0123456789abcdef';

/**
 * The id Rollbook gives to a record that another system calls `sourcedId`: a UUID of version 8 (RFC 9562) made from
 * sha256(source, kind, sourcedId), separated by NUL. Every service computes the same id from the same three words, so four
 * services agree on an imported record without asking one another, and importing a package twice meets the same rows.
 *
 * @param source the system the record comes from, e.g. the manifest's source.systemCode
 * @param kind what the record is, e.g. 'user'; the same sourcedId in two files gives two ids
 */
export function sourcedUuid(source: string, kind: string, sourcedId: string): string {
  const digest = hash('sha256', `${source}\0${kind}\0${sourcedId}`, 'hex');
  const variant = hex[8 + (parseInt(digest[16]!, 16) & 3)]!;
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
