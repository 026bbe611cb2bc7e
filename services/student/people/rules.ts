import { refuse, type IsoDate } from '@rollbook/school';

interface Named {
  readonly givenName: string;
  readonly familyName: string;
  readonly preferredGivenName: string | null;
  readonly preferredFamilyName: string | null;
}

/** The name a person goes by: the preferred names where there are any. */
export function displayName(person: Named): string {
  return `${person.preferredGivenName ?? person.givenName} ${person.preferredFamilyName ?? person.familyName}`.trim();
}

/** A person has a name. Refuses NAME_MISSING. */
export function checkName({ givenName, familyName }: { readonly givenName: string | null; readonly familyName: string | null }): void {
  if (!givenName?.trim() || !familyName?.trim()) refuse('NAME_MISSING', 'A given name and a family name are needed; one of them is empty.');
}

/** A dated range ends after it begins. Refuses DATES_INVALID. */
export function checkRange(begins: IsoDate, ends: IsoDate | null | undefined): void {
  if (ends != null && ends <= begins) refuse('DATES_INVALID', `The end (${ends}) must come after the beginning (${begins}).`);
}

/** The span of text that begins with `prefix`, for an index that compares bytes: from it, and before the second. */
export function prefixSpan(prefix: string): readonly [from: string, before: string] {
  return [prefix, `${prefix}\u{10ffff}`];
}
