import { isUuid, refuse } from '@rollbook/school';

/** The most cells one save may carry: a large class, several assignments each. */
export const maxCells = 500;
/** Longest comment, in characters: a page. */
export const maxComment = 8_000;

/** Refuses SAVE_ID_INVALID unless a save's id is a UUID of version 7 in lower case, which its client made. */
export function checkSaveId(saveId: string): void {
  if (!isUuid(saveId) || saveId[14] !== '7')
    refuse(
      'SAVE_ID_INVALID',
      'saveId must be a UUID of version 7 in lower case, made once for this save and used again when it is resent.',
    );
}

/** Refuses NO_CELLS, TOO_MANY_CELLS, and DUPLICATE_CELL when one cell stands twice in a save: which one would count? */
export function checkCells(keys: readonly string[]): void {
  if (!keys.length) refuse('NO_CELLS', 'A save carries at least one cell.');
  if (keys.length > maxCells) refuse('TOO_MANY_CELLS', `A save carries at most ${maxCells} cells, not ${keys.length}; send several.`);
  const twice = keys.find((key, n) => keys.indexOf(key) !== n);
  if (twice !== undefined) refuse('DUPLICATE_CELL', `The same cell (${twice}) is in this save twice; send it once.`);
}

/** Can this text be stored as it is? PostgreSQL keeps no NUL, and half of a surrogate pair is no character. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** What a cell's form alone forbids, whatever it is: an id that is none, a revision that no cell can have, a text nobody can read. */
export function cellFault({ baseRevision, comment }: { baseRevision: number; comment?: string | null }): string | null {
  if (baseRevision < 0) return 'REVISION_UNKNOWN';
  if (comment == null) return null;
  if (comment.length > maxComment) return 'COMMENT_TOO_LONG';
  if (!isStorable(comment)) return 'TEXT_INVALID';
  return comment.trim() ? null : 'COMMENT_BLANK';
}

/** Why the office acts for a teacher; a blank one counts as none. Refuses TEXT_INVALID, REASON_TOO_LONG. */
export function reasonOf(reason: string | null | undefined): string | null {
  if (reason == null || !reason.trim()) return null;
  if (!isStorable(reason)) refuse('TEXT_INVALID', 'The reason has a character that cannot be stored (NUL, or half of a surrogate pair).');
  if (reason.length > 500) refuse('REASON_TOO_LONG', `A reason has at most 500 characters, not ${reason.length}.`);
  return reason.trim();
}

/** What the person who typed a cell is told when it was not applied. */
export const refusals: Readonly<Record<string, string>> = {
  FORBIDDEN: 'You do not teach this section today.',
  REASON_REQUIRED: 'You do not teach this section; to act for its teacher, give a reason.',
  SECTION_CANCELLED: 'This section was cancelled.',
  NOT_ENROLLED: 'This student does not sit in this section today.',
  WINDOW_CLOSED:
    'The grading window of this grading period is not open here. What you typed is kept with this save; ask the office for more time, or for this change (requestMarkChange).',
  VALUE_NOT_ON_SCALE: "This is not a mark of the school's scale. To clear a mark, send null.",
  TYPE_NOT_USED: "This school's form has no such entry for this grading period.",
  EFFORT_NOT_ON_SCALE: "This is not on the school's scale of effort. To clear it, send null.",
  CONDUCT_NOT_ON_SCALE: "This is not on the school's scale of conduct. To clear it, send null.",
  COMMENT_CODE_UNKNOWN: 'The school has no comment with this code, or no longer.',
  COMMENT_CODE_TWICE: 'The same comment code stands here twice.',
  TOO_MANY_COMMENT_CODES: "These are more comment codes than the school's form takes.",
  NOTHING_TO_POST: 'There is no mark to post for this student.',
  REVISION_UNKNOWN: 'This cell never had the revision that you say you saw; read it again.',
  COMMENT_TOO_LONG: `A comment has at most ${maxComment} characters.`,
  COMMENT_BLANK: 'A comment of blanks says nothing; send null for none.',
  TEXT_INVALID: 'The text has a character that cannot be stored (NUL, or half of a surrogate pair).',
  ASSIGNMENT_UNKNOWN: 'This section has no such assignment, or it was withdrawn.',
  SCORE_NOT_A_NUMBER: 'A score is written as a plain decimal such as 87.5; to clear it, send null.',
  SCORE_TOO_PRECISE: 'A score has at most four decimal places.',
  SCORE_OUT_OF_RANGE: 'A score is less than a million.',
  SCORE_BELOW_MINIMUM: 'This is below the lowest score of the assignment.',
  CHANGED_SINCE: 'This score was changed after the save that was to be taken back; it stays as it is.',
  DAYS_LATE_INVALID: 'Late work is 1 to 366 days late; of work that is not late, no days are told.',
  TEXT_SCORE_INVALID: 'A score in words has between 1 and 100 characters.',
};

export const conflictMessage = 'Somebody else changed this cell after you read it. Their value stands; yours is kept beside it.';
