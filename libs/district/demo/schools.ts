/** Which schools a district has, and which child goes to which. */
import { hash, hashUnit } from './random.ts';
import { schoolNames } from './names.ts';
import { gradeWeights, levelGrades, levelOfGrade, outOfZoneShare, schoolShares, schoolWeight, type Level } from './proportions.ts';

export interface School {
  index: number;
  sourcedId: string;
  name: string;
  /** The district's own number, as the state would give it. */
  number: string;
  level: Level;
  /** Labels of the periods, in order; elementary schools begin with homeroom, `HR`. */
  periods: readonly string[];
  /** Minutes after midnight at which the first bell rings. */
  firstBell: number;
}

const levels: readonly Level[] = ['elementary', 'middle', 'high'];
const kindOf: Record<Level, string> = { elementary: 'Elementary School', middle: 'Middle School', high: 'High School' };
const bells: Record<Level, readonly number[]> = { elementary: [480, 490, 500], middle: [480, 495, 510], high: [510, 515, 520] };

/**
 * The schools of a district. One school is a high school, two are a middle and a high school, three one of each level; more follow
 * `schoolShares`. Middle schools start no earlier than 8:00 and high schools than 8:30, as California's law has it since 2022.
 */
export function schoolsOf(count: number, seed: number): School[] {
  const schools: School[] = [];
  const counts = levelCounts(count);
  for (const level of levels) {
    for (let i = 0; i < counts[level]; i++) {
      const index = schools.length;
      const periodCount = level === 'elementary' ? 6 : hashUnit(seed, 101, index) < 0.6 ? 6 : 7;
      const labels = Array.from({ length: periodCount }, (_, period) => String(period + 1));
      // Levels begin at different names, so that a district with few schools has no two of one name.
      const name = schoolNames[(i + levels.indexOf(level) * 21 + hash(seed, 102)) % schoolNames.length]!;
      const round = Math.floor(i / schoolNames.length);
      schools.push({
        index,
        sourcedId: `school-${index + 1}`,
        name: `${name}${round ? ` ${round + 1}` : ''} ${kindOf[level]}`,
        number: String(1_000_000 + index * 137),
        level,
        periods: level === 'elementary' ? ['HR', ...labels] : labels,
        firstBell: bells[level][hash(seed, 103, index) % 3]!,
      });
    }
  }
  return schools;
}

function levelCounts(count: number): Record<Level, number> {
  if (count < 3) return { elementary: 0, middle: count - 1, high: 1 };
  const middle = Math.max(1, Math.floor(count * schoolShares.middle + 0.5));
  const high = Math.max(1, Math.floor(count * schoolShares.high + 0.5));
  return { elementary: count - middle - high, middle, high };
}

/** How many students each grade has, adding up to `students`; zero for grades that no school has. */
export function gradeCounts(schools: readonly School[], students: number): number[] {
  const taught = new Set(schools.flatMap(({ level }) => levelGrades[level]));
  const weights = gradeWeights.map((weight, grade) => (taught.has(grade) ? weight : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const counts: number[] = [];
  let weighed = 0;
  let given = 0;
  for (const weight of weights) {
    weighed += weight;
    const upTo = Math.floor((students * weighed) / total + 0.5);
    counts.push(upTo - given);
    given = upTo;
  }
  return counts;
}

/** Where the children of a neighborhood go: each neighborhood has a school of the lowest level, which feeds one of each level above. */
export class Neighborhoods {
  readonly #byLevel: Record<Level, readonly School[]>;
  readonly #totals: number[];
  readonly #seed: number;

  constructor(schools: readonly School[], seed: number) {
    this.#seed = seed;
    this.#byLevel = {
      elementary: schools.filter(({ level }) => level === 'elementary'),
      middle: schools.filter(({ level }) => level === 'middle'),
      high: schools.filter(({ level }) => level === 'high'),
    };
    const lowest = levels.map((level) => this.#byLevel[level]).find((list) => list.length > 0)!;
    let sum = 0;
    const span = schoolWeight.largest - schoolWeight.smallest;
    this.#totals = lowest.map(({ index }) => (sum += schoolWeight.smallest + span * hashUnit(seed, 104, index)));
  }

  /** The neighborhood of a household. */
  of(household: number): number {
    const target = hashUnit(this.#seed, 105, household) * this.#totals.at(-1)!;
    let [low, high] = [0, this.#totals.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (target < this.#totals[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The school of a student of that grade who lives there; now and then another school of the level. */
  school(neighborhood: number, grade: number, student: number): School {
    const list = this.#byLevel[levelOfGrade(grade)];
    if (hashUnit(this.#seed, 106, student) < outOfZoneShare) return list[hash(this.#seed, 107, student) % list.length]!;
    return list[Math.floor((neighborhood * list.length) / this.#totals.length)]!;
  }
}
