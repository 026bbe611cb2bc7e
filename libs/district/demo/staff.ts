/** The people who work in the district. */
import { asciiName, phone } from './people.ts';
import { origins } from './names.ts';
import type { Department } from './catalog.ts';
import { cumulative, drawn, hash, hashUnit } from './random.ts';

export type Position =
  'teacher' | 'counselor' | 'principal' | 'assistantPrincipal' | 'clerk' | 'aide' | 'districtAdministrator' | 'systemAdministrator';

/** OneRoster's word for a position. It has none for the office clerk, who is `ext:clerk`. */
export const staffRole: Record<Position, string> = {
  teacher: 'teacher',
  counselor: 'counselor',
  principal: 'principal',
  assistantPrincipal: 'siteAdministrator',
  clerk: 'ext:clerk',
  aide: 'aide',
  districtAdministrator: 'districtAdministrator',
  systemAdministrator: 'systemAdministrator',
};

export interface StaffMember {
  /** Index of the school; −1 for the district's own staff. */
  school: number;
  position: Position;
  department: Department | '';
  /** The teacher's own room; others have none. */
  room: string;
}

/** Everybody who works in the district, in order of hiring; the position in the list is the person's number. */
export type Staff = StaffMember[];

export function hire(staff: Staff, member: StaffMember): number {
  staff.push(member);
  return staff.length - 1;
}

export interface StaffName {
  given: string;
  family: string;
}

/** Staff come from all over, less evenly than their students: half from the two largest English-speaking groups. Assumption. */
const originTotals = cumulative(
  origins.map(({ name, share }) => (name === 'Anglo American' ? 45 : name === 'African American' ? 12 : share)),
);

export function staffName(seed: number, member: number): StaffName {
  const origin = origins[drawn(originTotals, hashUnit(seed, 401, member))]!;
  const given = hashUnit(seed, 402, member) < 0.7 ? origin.girls : origin.boys;
  return { given: given[hash(seed, 403, member) % given.length]!, family: origin.family[hash(seed, 404, member) % origin.family.length]! };
}

/** User names such as `maria.ocampo`, with a number from the second of that name on. */
export function staffUsernames(seed: number, staff: Staff): string[] {
  const seen = new Map<string, number>();
  return staff.map((_, member) => {
    const { given, family } = staffName(seed, member);
    const base = `${asciiName(given)}.${asciiName(family)}`;
    const times = (seen.get(base) ?? 0) + 1;
    seen.set(base, times);
    return times === 1 ? base : `${base}${times}`;
  });
}

/** Staff are called through their school, so their numbers are drawn apart from the families'. */
export const staffPhone = (seed: number, member: number): string => phone(seed, 5_000_000 + member);
