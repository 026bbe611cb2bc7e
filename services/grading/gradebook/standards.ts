import { Big } from 'big.js';
import type { Gradebook, ScoreFacts } from './calculation.ts';
import { fractionOf, plus, rounded, times, type Fraction } from './fraction.ts';
import { stepAt, type GradingRules } from './gradingRules.ts';

/** One standard of one student: the scores that show it, what became of them, and the rubric's level. Numbers are decimal text. */
export interface StandardArithmetic {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly method: GradingRules['standards'];
  /** In the order in which they were due. */
  readonly evidence: readonly {
    readonly assignmentId: string;
    readonly title: string;
    readonly dueOn: string | null;
    readonly value: string;
  }[];
  /** On the rubric, rounded half up as the section's settings say; null without evidence. */
  readonly value: string | null;
  readonly level: string | null;
}

/** Several scores of one standard as one number, the newest last; null when there is none. */
export function combined(values: readonly string[], { standards, newestCounts }: GradingRules): Fraction | null {
  const numbers = values.map((value) => new Big(value));
  const [first] = numbers;
  if (!first) return null;
  if (standards === 'MOST_RECENT') return fractionOf(numbers.at(-1)!);
  if (standards === 'HIGHEST') return fractionOf(numbers.reduce((highest, number) => (number.gt(highest) ? number : highest)));
  if (standards === 'MEAN') return fractionOf(sum(numbers), numbers.length);
  const newest = new Big(newestCounts).times('0.01');
  const older = new Big(1).minus(newest);
  return fractionOf(numbers.reduce((until, number) => until.times(older).plus(number.times(newest))));
}

const sum = (numbers: readonly Big[]) => numbers.reduce((total, number) => total.plus(number));

/** Every standard of a section for one student, and the exact mean of those that have evidence. */
export function standardsOf({ rules, standards, assignments, levels }: Gradebook, scores: ReadonlyMap<string, ScoreFacts>) {
  const values: Fraction[] = [];
  const shown = standards.map(({ id, code, title }): StandardArithmetic => {
    const evidence = assignments.flatMap((assignment) => {
      const score = assignment.standardId === id ? scores.get(assignment.id) : undefined;
      const counts = score && score.value !== null && score.status !== 'EXEMPT' && (!score.incomplete || rules.countIncomplete);
      return counts ? { assignmentId: assignment.id, title: assignment.title, dueOn: assignment.dueOn, value: score.value! } : [];
    });
    const value = combined(
      evidence.map((each) => each.value),
      rules,
    );
    if (value) values.push(value);
    const text = value && rounded(value, rules.places);
    const level = text === null ? null : (stepAt(text, levels)?.mark ?? null);
    return { id, code, title, method: rules.standards, evidence, value: text, level };
  });
  const mean = values.length ? times(values.reduce(plus), fractionOf(1, values.length)) : null;
  return { shown, mean };
}
