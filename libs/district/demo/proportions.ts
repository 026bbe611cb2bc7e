/**
 * The facts a believable district is made of. Each says where it is from; "assumption" means that it is chosen to look like a large
 * Californian district and that nothing else rests on it. Shares are fractions of one.
 */

export const grades = ['KG', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'] as const;
export type Grade = (typeof grades)[number];

/**
 * Students per grade, relative to each other. Assumption, after the California Department of Education's state counts: fewer children in
 * the lower grades each year.
 */
export const gradeWeights = [69, 70, 71, 72, 73, 74, 75, 76, 78, 83, 84, 83, 84];

export type Level = 'elementary' | 'middle' | 'high';
/** Indices into `grades`. California's usual cut: K-5, 6-8, 9-12. */
export const levelGrades: Record<Level, readonly number[]> = { elementary: [0, 1, 2, 3, 4, 5], middle: [6, 7, 8], high: [9, 10, 11, 12] };
export const levelOfGrade = (grade: number): Level => (grade < 6 ? 'elementary' : grade < 9 ? 'middle' : 'high');

/**
 * Schools per level in a district with many. Assumption; it gives about 690 / 1,260 / 1,650 students a school when a school has 1,000 on
 * average.
 */
export const schoolShares: Record<Level, number> = { elementary: 0.62, middle: 0.18, high: 0.2 };
/** The smallest and largest school of a level, relative to each other. Assumption. */
export const schoolWeight = { smallest: 0.6, largest: 1.5 };
/** A child who goes to another school than the one of the neighborhood (permits, magnets). Assumption. */
export const outOfZoneShare = 0.04;

/** Households by number of children at school at the same time: one, two, three, four. Assumption, after Census household tables. */
export const childrenPerHousehold = [0.56, 0.31, 0.1, 0.03];
/** Twins and siblings less than a year apart, of siblings. About 3 % of births are twins (CDC). */
export const sameGradeSiblings = 0.03;
/** Households whose parents come from different origins; about one in six new US marriages (Pew Research Center, 2017). */
export const mixedHouseholds = 0.13;
/** Latino families in which children carry both parents' names. Assumption. */
export const twoSurnames = 0.3;
/** Other mixed families that hyphenate. Assumption. */
export const hyphenated = 0.2;

/** Students with at least two contacts on file. Assumption. */
export const twoContacts = 0.74;
/** Students with a third one, a relative to call in an emergency. Assumption. */
export const threeContacts = 0.12;
/** Of two parents, those who live apart. Assumption, after the Census: about a quarter of children live with one parent. */
export const livingApart = 0.24;
/** Of those, parents whom a court has denied custody. Assumption; rare, and the reason why the field must be right. */
export const noCustody = 0.06;
/** A contact with an e-mail address. Assumption. */
export const contactEmail = 0.86;

/**
 * English learners among children whose home speaks another language, kindergarten to grade 12: they are reclassified year by year.
 * Assumption, fitted to about 19 % in all (California: 19 %, 2022-23).
 */
export const englishLearners = [0.66, 0.64, 0.62, 0.58, 0.52, 0.47, 0.41, 0.37, 0.34, 0.32, 0.29, 0.26, 0.23];
/** Students with an individualized education program (NCES: 15 % of US public school students in 2022-23; California about 13 %). */
export const specialEducation = 0.135;
/** Students with a plan under section 504. Assumption; the Office for Civil Rights counts 2 to 4 %. */
export const section504 = 0.03;
/** Children in foster care. Assumption; below 1 % in California. */
export const foster = 0.007;
/** Students without a fixed home, as the McKinney-Vento Act counts them (California: 3 to 4 %). */
export const homeless = 0.035;
/** Identified as gifted, from grade 3 on. Assumption. */
export const gifted = 0.11;

/** Students who go by another given name. Assumption. */
export const preferredName = 0.05;
/** Students with a middle name on file. Assumption. */
export const middleName = 0.35;
/** California accepts a third gender marker in school records since 2019; share is an assumption. */
export const nonbinary = 0.003;
/** Children of newcomer families who were born abroad. Assumption. */
export const bornAbroad = 0.14;
/** Students who came after the first day of school, within its first forty days. Assumption. */
export const lateEntry = 0.035;

/**
 * Wanted and greatest class size. California pays for grade-span averages of 24 up to grade 3; contracts commonly cap at 33 to 36 above,
 * and physical education at 50.
 */
export const classSize = {
  kindergartenToThird: { wanted: 22, most: 26 },
  fourthAndFifth: { wanted: 29, most: 34 },
  secondary: { wanted: 30, most: 36 },
  physicalEducation: { wanted: 42, most: 50 },
  performing: { wanted: 34, most: 45 },
  languageDevelopment: { wanted: 22, most: 28 },
  /** Resource specialist caseloads end at 28 in California (Education Code 56362). */
  learningCenter: { wanted: 12, most: 16 },
} as const;
/** Fewer requests than this and a course does not run; the students get their next choice. Assumption; small schools go lower. */
export const smallestCourse = 15;
/** Classes of a full-time secondary teacher: five of six or seven periods. */
export const teacherLoad = 5;
/** Students per secondary counselor (ASCA reports about 1:460 in California high schools) and per office clerk (assumption). */
export const studentsPerCounselor = 420;
export const studentsPerClerk = 500;
/** From this size on a school has an assistant principal, one for each such number. Assumption. */
export const studentsPerAssistantPrincipal = 650;

/**
 * The chance to be absent on a day, kindergarten to grade 12: highest at both ends (the shape is known from attendance research; the
 * level, about 93 % attendance, is an assumption).
 */
export const absenceRate = [0.085, 0.07, 0.065, 0.06, 0.058, 0.058, 0.06, 0.065, 0.07, 0.078, 0.082, 0.088, 0.1];
/** Of absences, those that a parent or the office has excused. Assumption. */
export const excusedShare = 0.45;
/** A secondary student skipping one period, and arriving late for the first or for a later one. Assumption. */
export const periodCut = 0.009;
export const tardyFirst = 0.045;
export const tardyLater = 0.014;
/** Rolls that were never taken: "not submitted" is neither present nor absent. Assumption. */
export const rollNotTaken = 0.015;

/**
 * Marks that students get. Assumption, after distributions that Californian high schools publish; the cut scores make them from
 * percentages.
 */
export const markShares = { A: 0.38, B: 0.28, C: 0.19, D: 0.08, F: 0.07 } as const;
/** The lowest percentage of a mark: the usual US scale. */
export const markCuts = { A: 90, B: 80, C: 70, D: 60, F: 0 } as const;
/** Work that was not handed in, handed in late, excused from. Assumption. */
export const workMissing = 0.05;
export const workLate = 0.06;
export const workExempt = 0.008;
