import { expect, test } from '@jest/globals';
import { Big } from 'big.js';
import { randomFrom } from '@rollbook/subgraph/random.testing.ts';
import { calculate, type AssignmentFacts, type CategoryFacts, type Gradebook, type ScoreFacts } from './calculation.ts';
import { checkedScale, plainRules, type Curve, type GradingRules, type LateRule } from './gradingRules.ts';
import { slowGrade } from './slowCalculation.testing.ts';

const seed = Number(process.env['ROLLBOOK_SEED'] ?? Date.now() % 1_000_000);

const random = randomFrom(seed);
const below = (n: number) => Math.floor(random() * n);
const chance = (n: number) => random() < n;
const one = <Thing>(...things: readonly Thing[]): Thing => things[below(things.length)]!;
/** Decimal text with up to four places, often with a half in the last of them. */
const decimal = (most: number) => {
  const places = below(5);
  const text = `${below(most)}${places ? `.${String(below(10 ** places)).padStart(places, '0')}` : ''}`;
  return places && chance(0.3) ? `${text.slice(0, -1)}5` : text;
};

const on = '2026-10-15';
const scale = checkedScale([
  { mark: 'A', from: '89.5', below: null },
  { mark: 'B', from: '79.995', below: '89.5' },
  { mark: 'C', from: '60', below: '79.995' },
  { mark: 'F', from: '0', below: '60' },
]);
const levels = checkedScale([
  { mark: '3', from: '2.5', below: null },
  { mark: '2', from: '1.5', below: '2.5' },
  { mark: '1', from: '0', below: '1.5' },
]);

function anyRules(): GradingRules {
  const late: LateRule | null = one(
    null,
    { kind: 'PER_DAY', percent: decimal(40), atMost: one(null, decimal(60)) },
    { kind: 'FLAT', percent: decimal(60) },
    { kind: 'CAP', percent: decimal(90) },
  );
  const table = [decimal(30), String(30 + below(30)), String(61 + below(39))].map((from, n) => ({ from, to: `${n * 35 + below(30)}.5` }));
  const curve: Curve | null = one(null, null, { kind: 'ADD', points: `${one('', '-')}${decimal(10)}` }, { kind: 'TABLE', steps: table });
  return {
    ...plainRules,
    method: one('WEIGHTED', 'WEIGHTED', 'POINTS', 'POINTS', 'STANDARDS'),
    renormalize: chance(0.4),
    ...{ dropLowest: below(3), late, curve, places: below(5), countIncomplete: chance(0.5), incompleteMark: one(null, null, 'I') },
    missing: { percent: one(null, '0', '50', decimal(90)), afterDays: one(0, 7, 14, 15) },
    ...{ minimum: one(null, null, decimal(60)), standards: one('MEAN', 'HIGHEST', 'MOST_RECENT', 'DECAYING'), newestCounts: decimal(100) },
  };
}

function anyGradebook(): { gradebook: Gradebook; scores: ScoreFacts[] } {
  const rules = anyRules();
  const count = 1 + below(3);
  const weights = [[100], [40, 60], [33, 33, 34]][count - 1]!;
  const categories: CategoryFacts[] = Array.from({ length: count }, (_, n) => ({
    ...{ id: `c${n}`, title: `c${n}`, weight: chance(0.85) ? weights[n]! : one(null, 0, 7), dropLowest: below(3), extraCredit: false },
  }));
  if (chance(0.3)) categories.push({ id: 'extra', title: 'extra', weight: one(5, 10), dropLowest: 0, extraCredit: true });
  const assignments: AssignmentFacts[] = Array.from({ length: below(11) }, (_, n) => ({
    ...{ id: `a${n}`, title: `a${n}`, categoryId: one(null, 'of another section', ...categories.map(({ id }) => id)) },
    ...{ standardId: one(null, 's1', 's2'), dueOn: one(null, '2026-10-01', '2026-10-08'), extraCredit: chance(0.15) },
    highest: one(null, '0', '-1', '10', '20', '100', '12.5', decimal(50), decimal(50), decimal(50)),
  }));
  const scores: ScoreFacts[] = assignments.flatMap(({ id: assignmentId }) => {
    if (chance(0.1)) return [];
    const late = chance(0.3);
    const value = chance(0.2) ? null : one('0', decimal(12), decimal(12), decimal(60), `-${1 + below(3)}`);
    const status = one('FULLY_GRADED', 'FULLY_GRADED', 'FULLY_GRADED', 'EXEMPT', 'NOT_SUBMITTED', 'SUBMITTED');
    return { assignmentId, value, status, late, daysLate: late ? one(null, 1, 2, 5) : null, missing: chance(0.3), incomplete: chance(0.1) };
  });
  const standards = ['s1', 's2'].map((id) => ({ id, code: id, title: id }));
  return { gradebook: { rules, scale, categories, assignments, standards, levels }, scores };
}

test(`the calculated grade is that of an independent slow calculation, in 4,000 random gradebooks (ROLLBOOK_SEED=${seed})`, () => {
  const methods = new Map<string, number>();
  for (let n = 0; n < 4_000; n++) {
    const { gradebook, scores } = anyGradebook();
    const { percent, mark, method } = calculate(gradebook, scores, on);
    if (percent !== null) methods.set(method, (methods.get(method) ?? 0) + 1);
    const slow = slowGrade(gradebook, scores, on);
    if (slow.percent !== percent || slow.mark !== mark)
      throw new Error(
        `${percent} ${mark}, and slowly ${slow.percent} ${slow.mark}: gradebook ${n} ${JSON.stringify({ gradebook, scores })}`,
      );
  }
  // Most gradebooks have a grade, so that there was something to compare.
  for (const method of ['WEIGHTED', 'POINTS', 'STANDARDS']) expect(methods.get(method)).toBeGreaterThan(300);
});

test(`what is shown adds up to the grade: points by points, in 1,000 random gradebooks (ROLLBOOK_SEED=${seed})`, () => {
  for (let n = 0; n < 1_000; n++) {
    const { gradebook, scores } = anyGradebook();
    for (const category of calculate(gradebook, scores, on).categories) {
      const counted = category.scores.reduce((total, score) => total.plus(score.counted ?? 0), new Big(0));
      expect(counted.eq(category.earned)).toBe(true);
      const dropped = category.scores.filter(({ reason }) => reason === 'DROPPED');
      const allowed = category.id === null ? gradebook.rules.dropLowest : category.dropLowest;
      expect(dropped.length).toBeLessThanOrEqual(allowed);
      expect(dropped.every(({ counted: points }) => points === null)).toBe(true);
    }
  }
});
