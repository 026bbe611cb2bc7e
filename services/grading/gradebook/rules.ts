import { refuse } from '@rollbook/school';
import { cellFault, isStorable } from '../saves/rules.ts';
import type { ScoreCellInput, ScoreStatus } from '../schema.types.ts';

export const scoreStatuses = ['EXEMPT', 'FULLY_GRADED', 'NOT_SUBMITTED', 'PARTIALLY_GRADED', 'SUBMITTED'] as const;
/**
 * A score is decimal text and is kept exactly: digits 0 to 9, a point, at most four decimals, less than a million. No exponent, no
 * other script's digits, no NaN, no minus zero. Null when it is one, else the code of its fault.
 */
export function decimalFault(text: string): string | null {
  const parts = /^-?(0|[1-9][0-9]*)(\.([0-9]+))?$/.exec(text);
  if (!parts || /^-[0.]*$/.test(text)) return 'SCORE_NOT_A_NUMBER';
  if (parts[1]!.length > 6) return 'SCORE_OUT_OF_RANGE';
  return (parts[3]?.replace(/0+$/, '').length ?? 0) > 4 ? 'SCORE_TOO_PRECISE' : null;
}

/** What a score's form alone forbids; whether it is below the lowest is decided where the assignment is. */
export function scoreFault(cell: ScoreCellInput): string | null {
  const { value, textScore, daysLate } = cell;
  const fault = value == null ? null : decimalFault(value);
  if (fault) return fault;
  if (textScore != null && (!textScore.trim() || textScore.length > 100 || !isStorable(textScore))) return 'TEXT_SCORE_INVALID';
  if (daysLate != null && (!cell.late || daysLate < 1 || daysLate > 366)) return 'DAYS_LATE_INVALID';
  return cellFault(cell);
}

/** Which scores a fill is about; what makes one a score at all is what families and the calculation see. */
export const isBlank = ({ value, textScore, status }: { value: string | null; textScore: string | null; status: string }): boolean =>
  value === null && textScore === null && status !== 'EXEMPT';

/** Refuses TITLE_INVALID unless a title is 1 to 200 characters that can be stored. */
export function checkTitle(title: string): void {
  if (!title.trim() || title.length > 200 || !isStorable(title)) refuse('TITLE_INVALID', 'A title has between 1 and 200 characters.');
}

/** Refuses WEIGHT_INVALID unless a weight is a percentage. */
export function checkWeight(weight: number | null | undefined): void {
  if (weight != null && (weight < 0 || weight > 100)) refuse('WEIGHT_INVALID', `A weight is a percentage from 0 to 100, not ${weight}.`);
}

/** Refuses RULES_INVALID unless a category drops 0 to 100 scores. */
export function checkDropLowest(dropLowest: number | null | undefined): void {
  if (dropLowest != null && (dropLowest < 0 || dropLowest > 100))
    refuse('RULES_INVALID', `A category drops between 0 and 100 scores, not ${dropLowest}.`);
}

/** Refuses DESCRIPTION_INVALID when a description is longer than 8,000 characters or cannot be stored. */
export function checkDescription(description: string | null | undefined): void {
  if (description != null && (description.length > 8_000 || !isStorable(description)))
    refuse('DESCRIPTION_INVALID', 'A description has at most 8,000 characters.');
}

/** Refuses SCORE_NOT_A_NUMBER and its kin for the range of an assignment's scores. */
export function checkRange(...range: (string | null | undefined)[]): void {
  for (const end of range) {
    const fault = end == null ? null : decimalFault(end);
    if (fault) refuse(fault, `${JSON.stringify(end)}: a score is a plain decimal, at most four decimal places, less than a million.`);
  }
}

const oneRosterStatuses: Readonly<Record<string, ScoreStatus>> = {
  exempt: 'EXEMPT',
  'fully graded': 'FULLY_GRADED',
  'not submitted': 'NOT_SUBMITTED',
  'partially graded': 'PARTIALLY_GRADED',
  submitted: 'SUBMITTED',
};

/** OneRoster's word for how far the grading is, as ours; undefined when it knows no such word. */
export const statusOfOneRoster = (word: string): ScoreStatus | undefined => oneRosterStatuses[word.trim().toLowerCase()];
