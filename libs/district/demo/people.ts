/**
 * Families: who lives together, what they are called, what each child is like. Only what cannot be recomputed is kept, in typed arrays;
 * everything else about a person is a function of the seed and the person's number, so 100,000 children take a few megabytes.
 */
import { childrenPerHousehold, contactEmail, foster, gifted, homeless, hyphenated, livingApart } from './proportions.ts';
import {
  englishLearners,
  lateEntry,
  middleName,
  mixedHouseholds,
  noCustody,
  nonbinary,
  preferredName,
  sameGradeSiblings,
} from './proportions.ts';
import { section504, specialEducation, threeContacts, twoContacts, twoSurnames } from './proportions.ts';
import { origins, streets, towns, type Origin } from './names.ts';
import { cumulative, drawn, hash, hashUnit, randomStream } from './random.ts';
import { Neighborhoods, gradeCounts, type School } from './schools.ts';

export interface Population {
  seed: number;
  /** Per student, in order of households: index into `grades`, index of the school, household. */
  grade: Uint8Array;
  school: Uint16Array;
  household: Uint32Array;
  /** Per household, with one more at the end: its first student and its first contact. */
  firstStudent: Uint32Array;
  firstContact: Uint32Array;
}

const originTotals = cumulative(origins.map(({ share }) => share));
const childrenTotals = cumulative(childrenPerHousehold);

/** Deals the district's children to households, and households to neighborhoods. */
export function populate(schools: readonly School[], students: number, seed: number): Population {
  const random = randomStream(seed, 1);
  const deck = new Uint8Array(students);
  let filled = 0;
  gradeCounts(schools, students).forEach((count, grade) => {
    deck.fill(grade, filled, filled + count);
    filled += count;
  });
  random.shuffle(deck);

  const neighborhoods = new Neighborhoods(schools, seed);
  const population: Population = {
    seed,
    grade: deck,
    school: new Uint16Array(students),
    household: new Uint32Array(students),
    firstStudent: new Uint32Array(students + 1),
    firstContact: new Uint32Array(students + 1),
  };
  let households = 0;
  let contacts = 0;
  for (let student = 0; student < students; households++) {
    const children = Math.min(drawn(childrenTotals, random.unit()) + 1, students - student);
    population.firstStudent[households] = student;
    population.firstContact[households] = contacts;
    const neighborhood = neighborhoods.of(households);
    for (let child = 0; child < children; child++, student++) {
      if (child > 0 && !random.chance(sameGradeSiblings)) avoidGradesOf(deck, student - child, student);
      population.household[student] = households;
      population.school[student] = neighborhoods.school(neighborhood, deck[student]!, student).index;
    }
    contacts += family(seed, households).adults.length;
  }
  population.firstStudent[households] = students;
  population.firstContact[households] = contacts;
  population.firstStudent = population.firstStudent.slice(0, households + 1);
  population.firstContact = population.firstContact.slice(0, households + 1);
  return population;
}

/** Swaps the student's grade card for a later one when an older sibling holds the same; near the end of the deck there may be none. */
function avoidGradesOf(deck: Uint8Array, from: number, student: number): void {
  const taken = deck.subarray(from, student);
  for (let other = student; other < Math.min(deck.length, student + 60); other++) {
    if (taken.includes(deck[other]!)) continue;
    [deck[student], deck[other]] = [deck[other]!, deck[student]!];
    return;
  }
}

export const householdCount = (population: Population): number => population.firstStudent.length - 1;

/** The numbers from … to−1. */
export const span = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

export type Relation =
  'MOTHER' | 'FATHER' | 'STEPFATHER' | 'GRANDMOTHER' | 'GRANDFATHER' | 'AUNT' | 'UNCLE' | 'FOSTER_MOTHER' | 'FOSTER_FATHER';
const women: readonly Relation[] = ['MOTHER', 'GRANDMOTHER', 'AUNT', 'FOSTER_MOTHER'];
/** The OneRoster role of a contact: those who answer for the child by birth or marriage, by law, or only in an emergency. */
export const contactRole = (relation: Relation): 'parent' | 'guardian' | 'relative' =>
  relation === 'AUNT' || relation === 'UNCLE'
    ? 'relative'
    : relation === 'MOTHER' || relation === 'FATHER' || relation === 'STEPFATHER'
      ? 'parent'
      : 'guardian';

/** What a household is like, before anybody in it has a name. */
export interface Family {
  father: Origin;
  mother: Origin;
  adults: readonly Relation[];
  inFosterCare: boolean;
  homeless: boolean;
  parentsApart: boolean;
  /** The second parent has lost custody. */
  secondWithoutCustody: boolean;
  /** Spoken at home, ISO 639. */
  language: string;
}

export function family(seed: number, household: number): Family {
  const chance = (what: number) => hashUnit(seed, 200 + what, household);
  const father = origins[drawn(originTotals, chance(1))]!;
  const mother = chance(2) < mixedHouseholds ? origins[drawn(originTotals, chance(3))]! : father;
  const inFosterCare = chance(4) < foster;
  const byGrandparents = !inFosterCare && chance(5) < 0.035;
  const two = chance(6) < twoContacts;
  const adults: Relation[] = inFosterCare
    ? ['FOSTER_MOTHER', 'FOSTER_FATHER']
    : byGrandparents
      ? ['GRANDMOTHER', 'GRANDFATHER']
      : two
        ? parents(chance(7))
        : chance(8) < 0.82
          ? ['MOTHER']
          : ['FATHER'];
  if (!two && adults.length > 1) adults.pop();
  if (two && chance(9) < threeContacts / twoContacts) adults.push(chance(10) < 0.6 ? 'AUNT' : 'UNCLE');
  const parentsApart = two && !inFosterCare && !byGrandparents && adults[1] !== 'STEPFATHER' && chance(11) < livingApart;
  const speaks = (origin: Origin) => chance(12) < origin.speaksIt;
  return {
    father,
    mother,
    adults,
    inFosterCare,
    homeless: chance(13) < homeless,
    parentsApart,
    secondWithoutCustody: parentsApart && chance(14) < noCustody,
    language: speaks(mother) ? mother.language : speaks(father) ? father.language : 'en',
  };
}

const parents = (chance: number): Relation[] =>
  chance < 0.93
    ? ['MOTHER', 'FATHER']
    : chance < 0.97
      ? ['MOTHER', 'STEPFATHER']
      : chance < 0.985
        ? ['MOTHER', 'MOTHER']
        : ['FATHER', 'FATHER'];

/** Common names first: the square of a fraction is small more often than large. */
function common(names: readonly string[], chance: number, step = 0): string {
  return names[(Math.floor(chance * chance * names.length) + step) % names.length]!;
}

function familyNames(seed: number, household: number, { father, mother }: Family) {
  const paternal = common(father.family, hashUnit(seed, 221, household));
  const drawnMaternal = common(mother.family, hashUnit(seed, 222, household));
  const maternal = drawnMaternal === paternal ? common(mother.family, hashUnit(seed, 222, household), 1) : drawnMaternal;
  const chance = hashUnit(seed, 223, household);
  const plain = !/[ -]/.test(paternal + maternal);
  let children = paternal;
  if (father.hispanic && mother.hispanic && chance < twoSurnames) children = `${paternal} ${maternal}`;
  else if (father !== mother && plain && chance < hyphenated) children = `${paternal}-${maternal}`;
  else if (chance > 0.9) children = maternal;
  return { paternal, maternal, children };
}

export interface StudentName {
  given: string;
  middle: string;
  family: string;
  /** Empty when the student goes by the given name. */
  preferred: string;
}

export type Sex = 'female' | 'male' | 'other';
export const sexOf = ({ seed }: Population, student: number): Sex => {
  const chance = hashUnit(seed, 231, student);
  return chance < nonbinary ? 'other' : chance < 0.49 ? 'female' : 'male';
};

export function studentName(population: Population, student: number): StudentName {
  const { seed } = population;
  const household = population.household[student]!;
  const kin = family(seed, household);
  const child = student - population.firstStudent[household]!;
  const sex = sexOf(population, student);
  const girl = sex === 'female' || (sex === 'other' && hash(seed, 232, student) % 2 === 0);
  const source = hashUnit(seed, 233, household) < 0.5 ? kin.mother : kin.father;
  const names = girl ? source.girls : source.boys;
  // Siblings draw from one point of the list, two places apart, so that no two sisters get one name.
  const given = common(names, hashUnit(seed, 238, household), child * 2);
  const hasMiddle = hashUnit(seed, 234, student) < middleName;
  const other = common(names, hashUnit(seed, 235, student), 1);
  const goesBy = common(origins[3]![girl ? 'girls' : 'boys'], hashUnit(seed, 236, student));
  const prefers = hashUnit(seed, 237, student) < preferredName && goesBy !== given;
  return {
    given,
    middle: hasMiddle && other !== given ? other : '',
    family: familyNames(seed, household, kin).children,
    preferred: prefers ? goesBy : '',
  };
}

export interface Contact {
  household: number;
  given: string;
  family: string;
  relation: Relation;
  /** 1 is called first. */
  priority: number;
  livesWith: boolean;
  custody: boolean;
  /** The first is the one to write and call in. */
  languages: string[];
  /** Empty when the contact has none. */
  email: string;
  phone: string;
}

/** The contact with this number; `household` is the one that `population.firstContact` names for it. */
export function contact(population: Population, household: number, number: number): Contact {
  const { seed } = population;
  const kin = family(seed, household);
  const place = number - population.firstContact[household]!;
  const relation = kin.adults[place]!;
  const woman = women.includes(relation);
  const source = place === 0 || woman ? kin.mother : kin.father;
  const { paternal, maternal } = familyNames(seed, household, kin);
  const unrelated = relation === 'STEPFATHER' || kin.inFosterCare;
  const keepsName = kin.mother.hispanic === true || hashUnit(seed, 241, number) < 0.3;
  const given = common(woman ? source.girls : source.boys, hashUnit(seed, 242, number), place);
  const familyName = unrelated
    ? common(source.family, hashUnit(seed, 243, household), 2)
    : relation === 'AUNT' || relation === 'UNCLE' || (woman && keepsName)
      ? maternal
      : paternal;
  const emergencyOnly = contactRole(relation) === 'relative';
  const alone = kin.parentsApart && place === 1;
  const english = kin.language === 'en' || hashUnit(seed, 244, number) < 0.45;
  return {
    household,
    given,
    family: familyName,
    relation,
    priority: place + 1,
    livesWith: !alone && !emergencyOnly,
    custody: !emergencyOnly && !(alone && kin.secondWithoutCustody),
    languages: kin.language === 'en' ? ['en'] : english ? [kin.language, 'en'] : [kin.language],
    email: hashUnit(seed, 245, number) < contactEmail ? `${asciiName(given)}.${asciiName(familyName)}${number + 1}@example.net` : '',
    phone: phone(seed, number),
  };
}

/** Telephone numbers of fiction: 555-0100 to 555-0199 are set aside in every area code. */
export function phone(seed: number, owner: number): string {
  const areas = [
    213, 310, 323, 408, 415, 424, 510, 559, 562, 619, 626, 650, 657, 661, 707, 714, 747, 760, 805, 818, 831, 858, 909, 916, 925, 949, 951,
  ];
  const drawnNumber = hash(seed, 246, owner);
  return `+1${areas[drawnNumber % areas.length]}55501${String(Math.floor(drawnNumber / 64) % 100).padStart(2, '0')}`;
}

/** A name in the letters that an e-mail address or a user name may have; never empty. */
export function asciiName(name: string): string {
  const plain = name
    .replace(/[Đđ]/g, 'd')
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
  return plain || 'name';
}

/** Where a household lives. Families without a fixed home have none on file. */
export function address(seed: number, household: number): { street: string; city: string; state: string; postalCode: string } | undefined {
  if (family(seed, household).homeless) return undefined;
  const { name, postalCode } = towns[hash(seed, 251, household) % towns.length]!;
  const house = 100 + (hash(seed, 252, household) % 9800);
  const unit = hashUnit(seed, 253, household) < 0.35 ? ` Apt ${1 + (hash(seed, 254, household) % 40)}` : '';
  return { street: `${house} ${streets[hash(seed, 255, household) % streets.length]}${unit}`, city: name, state: 'CA', postalCode };
}

/** How easily school comes to a student, 0 … 1: tracks, honors, gifted identification and marks follow from it. */
export const ability = ({ seed }: Population, student: number): number => hashUnit(seed, 261, student);

export type ProgramCode = 'EL' | 'SPED' | '504' | 'FOSTER' | 'HOMELESS' | 'GATE';

/** Programs a student is in. A plan under section 504 is for students without an individualized education program. */
export function programsOf(population: Population, student: number): ProgramCode[] {
  const { seed } = population;
  const kin = family(seed, population.household[student]!);
  const grade = population.grade[student]!;
  const programs: ProgramCode[] = [];
  const inSpecialEducation = hashUnit(seed, 262, student) < specialEducation;
  if (kin.language !== 'en' && hashUnit(seed, 263, student) < englishLearners[grade]!) programs.push('EL');
  if (inSpecialEducation) programs.push('SPED');
  else if (hashUnit(seed, 264, student) < section504 / (1 - specialEducation)) programs.push('504');
  if (kin.inFosterCare) programs.push('FOSTER');
  if (kin.homeless) programs.push('HOMELESS');
  if (grade >= 3 && ability(population, student) > 1 - gifted) programs.push('GATE');
  return programs;
}

/** The school day, counted from 0, on which the student came; 0 for all but a few. */
export function entryDay({ seed }: Population, student: number): number {
  return hashUnit(seed, 265, student) < lateEntry ? 1 + (hash(seed, 266, student) % 40) : 0;
}
