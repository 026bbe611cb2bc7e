import { isUuid, refuse, sourcedUuid, type IsoDate } from '@rollbook/school';
import type { EntryRow } from './entities.ts';
import type { AttendanceCorrectionInput, RollExceptionInput, TakeRollInput } from '../schema.types.ts';

/** A roll's id follows from what it is the roll of, so that it has one before it is taken. */
export function rollId(sectionId: string, date: IsoDate, periodId: string): string {
  return sourcedUuid('rollbook', 'roll', `${sectionId}/${date}/${periodId}`);
}

/** What taking a roll and correcting it have in common. */
export type Save = Omit<TakeRollInput, 'exceptions'>;
type Row = RollExceptionInput | AttendanceCorrectionInput;

const maxRows = 500;
const maxText = 2_000;
const minutesOfADay = 1_440;

const malformed = (message: string, argument: string) => refuse('BAD_USER_INPUT', message, { argument });

/** Refuses BAD_USER_INPUT: a save that no school could mean. */
export function checkSave(input: Save, rows: readonly Row[]): void {
  checkSaveId(input.saveId);
  for (const name of ['sectionId', 'periodId'] as const) if (!isUuid(input[name])) malformed(`"${name}" is not an id of this graph.`, name);
  checkRevision(input.baseRevision);
  if (input.clientId != null) checkText(input.clientId, 'clientId');
  if (rows.length > maxRows) malformed(`A roll names at most ${maxRows} students, not ${rows.length}.`, 'rows');
  if (new Set(rows.map((row) => row.studentId)).size < rows.length) malformed('A student is named twice in this save.', 'studentId');
  rows.forEach(checkRow);
}

/** Refuses BAD_USER_INPUT: an id that its client did not make for this save alone. */
export function checkSaveId(saveId: string): void {
  if (!isUuid(saveId) || saveId[14] !== '7') malformed('"saveId" must be a UUID of version 7 in lower case, new for every save.', 'saveId');
}

/** The last revision that a roll could have. */
const lastRevision = 2 ** 31 - 2;

/** Refuses BAD_USER_INPUT: a revision that no roll can have. */
export function checkRevision(baseRevision: number): void {
  if (baseRevision < 0 || baseRevision > lastRevision)
    malformed(`"baseRevision" is the revision of the roll that was seen, 0 to ${lastRevision}; not ${baseRevision}.`, 'baseRevision');
}

function checkRow({ studentId, code, minutes, comment }: Row): void {
  if (!isUuid(studentId)) malformed(`"${studentId}" is not the id of a student.`, 'studentId');
  if (code != null) checkText(code, 'code');
  if (comment != null) checkText(comment, 'comment');
  if (minutes != null && (minutes < 0 || minutes > minutesOfADay))
    malformed(`"minutes" is between 0 and ${minutesOfADay}, not ${minutes}.`, 'minutes');
}

/** Text that a database keeps as it is: no NUL, no half of a surrogate pair. Refuses BAD_USER_INPUT. */
export function checkText(text: string, argument: string): void {
  if (text.length > maxText) malformed(`"${argument}" has ${text.length} characters; ${maxText} are kept.`, argument);
  if (text.includes('\0') || !text.isWellFormed()) malformed(`"${argument}" holds characters that are not text.`, argument);
}

/** Rows as parallel lists, by student: the same content in another order is the same save. */
export function asColumns(rows: readonly Row[]) {
  const sorted = [...rows].sort((a, b) => (a.studentId < b.studentId ? -1 : 1));
  return {
    studentIds: sorted.map((row) => row.studentId),
    codes: sorted.map((row) => row.code ?? null),
    minutes: sorted.map((row) => row.minutes ?? null),
    comments: sorted.map((row) => row.comment ?? null),
  };
}

/** What each code of an answer means, and what to do. */
export const meanings: Readonly<Record<string, string>> = {
  SCHOOL_NOT_KNOWN: 'This school has not been announced to attendance yet; send the save again in a moment.',
  FUTURE_DATE: 'This day has not come yet at the school; take the roll on its day.',
  NOT_A_SCHOOL_DAY: 'The calendar of the school holds no school on this day.',
  NOT_MEETING: 'The section does not meet in this period on this day.',
  ROLL_CLOSED: 'The days in which a teacher may take this roll have passed; ask the office.',
  ROLL_NOT_TAKEN: 'This roll was not taken; take it before correcting it.',
  NOTHING_TO_CORRECT: 'None of these corrections can be made; see the rows.',
  NOT_ENROLLED: 'The student is not on the roster of the section on this day.',
  CODE_NOT_VALID: 'The school has no such attendance code on this day.',
  FORBIDDEN: 'You do not teach this section on this day, and are not in the office of its school.',
  NOT_FOUND: 'There is no such section among yours.',
  SAVE_ID_REUSED: 'This saveId stands for another save; use a new one for every save.',
};

export interface Word {
  readonly state: 'PRESENT' | 'ABSENT' | 'TARDY';
  readonly code: string | null;
  readonly excused: boolean | null;
  readonly minutes: number | null;
  readonly comment: string | null;
}

export type State = Omit<Word, 'state'> & {
  readonly state: Word['state'] | 'NOT_SUBMITTED';
  readonly taken: Word | null;
  readonly office: Word | null;
};

/** What is true of a student: the office's word, else the roll's; without either, not submitted (never present). */
export function stateOf(entry: EntryRow | undefined): State {
  const taken = entry?.takenState
    ? {
        state: entry.takenState,
        code: entry.takenCode,
        excused: entry.takenExcused,
        minutes: entry.takenMinutes,
        comment: entry.takenComment,
      }
    : null;
  const office = entry?.officeState
    ? {
        state: entry.officeState,
        code: entry.officeCode,
        excused: entry.officeExcused,
        minutes: entry.officeMinutes,
        comment: entry.officeComment,
      }
    : null;
  const nothing = { state: 'NOT_SUBMITTED' as const, code: null, excused: null, minutes: null, comment: null };
  return { ...(office ?? taken ?? nothing), taken, office };
}

/** Of what a day has, the one that is meant: of this period, or, when no period is named, the only one. Refuses PERIOD_NEEDED. */
export function ofPeriod<T extends { periodId: string }>(found: readonly T[], periodId: string | null | undefined): T | undefined {
  if (periodId) return found.find((one) => one.periodId === periodId);
  if (found.length > 1) refuse('PERIOD_NEEDED', 'The section meets in several periods of this day; name one by "periodId".');
  return found[0];
}
