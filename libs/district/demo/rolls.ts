/** Rolls of the last school days: who was not there, who came late. */
import type { IsoDate } from '@rollbook/school';
import { classId, studentId } from './ids.ts';
import { entryDay } from './people.ts';
import type { DistrictPlan } from './plan.ts';
import { absenceRate, excusedShare, periodCut, rollNotTaken, tardyFirst, tardyLater } from './proportions.ts';
import { hashUnit } from './random.ts';
import { termOf } from './rows.ts';
import type { PlannedClass } from './timetable.ts';

/** A = absent, T = tardy, E = absent with an excuse. Everybody else on the roster was present. */
export type RollCode = 'A' | 'T' | 'E';

export interface Roll {
  classSourcedId: string;
  date: IsoDate;
  period: string;
  exceptions: { studentSourcedId: string; code: RollCode }[];
}

/**
 * One roll for each class and day; elementary schools take it once a day, in homeroom. A few are missing, because a roll that nobody took is
 * something a district must see: their students are neither present nor absent.
 */
export function* rolls(plan: DistrictPlan): Generator<Roll> {
  const { year, today, rollDays, seed } = plan;
  const past = year.schoolDays.map(({ date, weekday }, day) => ({ date, weekday, day })).filter(({ date }) => date < today);
  for (const { date, weekday, day } of past.slice(Math.max(0, past.length - rollDays))) {
    for (const [index, planned] of plan.classes.entries()) {
      const { start, end } = termOf(plan, planned);
      if (!takesRoll(plan, planned) || !planned.days.includes(weekday) || date < start || date >= end) continue;
      if (hashUnit(seed, 801, index, day) < rollNotTaken) continue;
      const exceptions: Roll['exceptions'] = [];
      for (const student of planned.roster) {
        const code = codeOf(plan, student, day, planned.period);
        if (code) exceptions.push({ studentSourcedId: studentId(student), code });
      }
      yield { classSourcedId: classId(year.year, index), date, period: planned.period, exceptions };
    }
  }
}

const takesRoll = ({ schools }: DistrictPlan, { school, period }: PlannedClass): boolean =>
  schools[school]!.level !== 'elementary' || period === 'HR';

/** What the roll says of a student; nothing when present, or not yet at the school. */
function codeOf({ population, seed }: DistrictPlan, student: number, day: number, period: string): RollCode | undefined {
  if (entryDay(population, student) > day) return undefined;
  if (hashUnit(seed, 802, student, day) < absenceRate[population.grade[student]!]! * absentMindedness(seed, student)) {
    return hashUnit(seed, 803, student, day) < excusedShare ? 'E' : 'A';
  }
  const chance = hashUnit(seed, 804, student, day * 16 + period.charCodeAt(0));
  if (period !== 'HR' && chance < periodCut) return 'A';
  return chance > 1 - (period === '1' || period === 'HR' ? tardyFirst : tardyLater) ? 'T' : undefined;
}

/** How much more or less than others a student is absent: 1 on average, below it for most, up to 3.8 for a few. */
function absentMindedness(seed: number, student: number): number {
  const drawn = hashUnit(seed, 805, student);
  const squared = drawn * drawn;
  return 0.3 + 3.5 * squared * squared;
}
