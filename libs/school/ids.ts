const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Is this a UUID in the one form that is stored and compared: lower case, with hyphens? */
export function isUuid(text: unknown): text is string {
  return typeof text === 'string' && uuid.test(text);
}
