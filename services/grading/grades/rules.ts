import { refuse } from '@rollbook/school';
import { checkedScale, checkRules, type Curve, type Cutoff, type GradingRules, type LateRule } from '../gradebook/gradingRules.ts';
import type { ChangeGradebookInput, CurveInput, CutoffInput, LateRuleInput } from '../schema.types.ts';

/** Cut-offs as they were sent, checked: the highest first. Refuses SCALE_INVALID, SCALE_GAP, SCALE_OVERLAP. */
export const scaleOf = (cutoffs: readonly CutoffInput[]): Cutoff[] =>
  checkedScale(cutoffs.map(({ mark, from, below = null }) => ({ mark, from, below })));

/** Refuses VALUE_NOT_ON_SCALE unless each of these marks can be given in the school. */
export function checkMarks(marks: readonly string[], given: readonly string[]): void {
  const stranger = marks.find((mark) => !given.includes(mark));
  if (stranger !== undefined) refuse('VALUE_NOT_ON_SCALE', `${stranger} is not a mark of the school's scale: ${given.join(', ')}.`);
}

/** The rules after a change: what is left out stays. Refuses RULES_INVALID, CURVE_INVALID. */
export function changedRules(rules: GradingRules, input: ChangeGradebookInput): GradingRules {
  const { late, curve, missingPercent, missingAfterDays, incompleteMark, minimum } = input;
  const changed: GradingRules = {
    method: input.method ?? rules.method,
    renormalize: input.renormalize ?? rules.renormalize,
    dropLowest: input.dropLowest ?? rules.dropLowest,
    late: late === undefined ? rules.late : late && lateRuleOf(late),
    missing: {
      percent: missingPercent === undefined ? rules.missing.percent : missingPercent,
      afterDays: missingAfterDays ?? rules.missing.afterDays,
    },
    countIncomplete: input.countIncomplete ?? rules.countIncomplete,
    incompleteMark: incompleteMark === undefined ? rules.incompleteMark : incompleteMark,
    curve: curve === undefined ? rules.curve : curve && curveOf(curve),
    minimum: minimum === undefined ? rules.minimum : minimum,
    places: input.places ?? rules.places,
    standards: input.standardsMethod ?? rules.standards,
    newestCounts: input.newestCounts ?? rules.newestCounts,
  };
  checkRules(changed);
  return changed;
}

function lateRuleOf({ kind, percent, atMost = null }: LateRuleInput): LateRule {
  if (kind === 'PER_DAY') return { kind, percent, atMost };
  if (atMost !== null) refuse('RULES_INVALID', 'late.atMost belongs to a penalty PER_DAY.');
  return { kind, percent };
}

function curveOf({ kind, points, steps }: CurveInput): Curve {
  if (kind === 'ADD') return { kind, points: points ?? refuse('CURVE_INVALID', 'A curve that adds says how many points.') };
  return { kind, steps: (steps ?? []).map(({ from, to }) => ({ from, to })) };
}
