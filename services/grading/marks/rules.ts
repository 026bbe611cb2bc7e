import { mayRead, refuse, rolesToward, type Role, type Subject, type Viewer } from '@rollbook/school';
import { cellFault, isStorable } from '../saves/rules.ts';
import type { MarkCellInput } from '../schema.types.ts';

const longestMark = 20;

/** What a mark's form alone forbids; whether its values are on the school's scales is decided where the scales are. */
export function markFault(cell: MarkCellInput): string | null {
  const { value, effort, conduct, commentCodes } = cell;
  if (value != null && !isMark(value)) return 'VALUE_NOT_ON_SCALE';
  if (effort != null && !isMark(effort)) return 'EFFORT_NOT_ON_SCALE';
  if (conduct != null && !isMark(conduct)) return 'CONDUCT_NOT_ON_SCALE';
  if (commentCodes?.some((code) => !isCommentCode(code))) return 'COMMENT_CODE_UNKNOWN';
  if (new Set(commentCodes).size < (commentCodes?.length ?? 0)) return 'COMMENT_CODE_TWICE';
  return cellFault(cell);
}

const isMark = (value: string) => value !== '' && value.length <= longestMark && isStorable(value) && value.trim() === value;

/** Capital letters, digits and dashes, at most ten: short enough to be written beside a name, and free of the comma that joins them. */
export const isCommentCode = (code: string): boolean => /^[A-Z0-9][A-Z0-9-]{0,9}$/.test(code);

/** What a cell says beyond value and comment: undefined is not said (it stays as it was), and an empty text says none. */
export const sayings = ({ effort, conduct, commentCodes }: Omit<MarkCellInput, 'studentId' | 'baseRevision'>) => ({
  effort: effort === undefined ? undefined : (effort ?? ''),
  conduct: conduct === undefined ? undefined : (conduct ?? ''),
  codes: commentCodes === undefined ? undefined : (commentCodes ?? []).join(','),
});

/** Refuses SCALE_INVALID unless a scale is a list of short, different marks. */
export function checkScale(values: readonly string[]): void {
  if (!values.length || values.length > 100) refuse('SCALE_INVALID', `A scale has between 1 and 100 marks, not ${values.length}.`);
  const odd = values.find((value) => !isMark(value));
  if (odd !== undefined)
    refuse('SCALE_INVALID', `${JSON.stringify(odd)} is no mark: 1 to ${longestMark} characters, no blanks around them.`);
  const twice = values.find((value, n) => values.indexOf(value) !== n);
  if (twice !== undefined) refuse('SCALE_INVALID', `"${twice}" is on this scale twice.`);
}

interface SeenMark {
  readonly schoolId: string;
  readonly studentId: string;
  readonly teacherIds: readonly string[];
  readonly status: string;
}

export const markSubject = ({ schoolId, studentId, teacherIds }: SeenMark): Subject => ({ schoolIds: [schoolId], studentId, teacherIds });

const draftReaders: readonly Role[] = ['TEACHER', 'COUNSELOR', 'PRINCIPAL', 'DISTRICT_ADMINISTRATOR'];

/** A draft is its teachers' and the school's; the family sees what was posted. */
export function maySeeMark(viewer: Viewer, mark: SeenMark): boolean {
  const subject = markSubject(mark);
  if (mark.status === 'POSTED') return mayRead(viewer, 'GRADES', subject);
  return readsDrafts(viewer, subject);
}

/** Those who teach somebody or something today, and the school's counselors and principal. */
export const readsDrafts = (viewer: Viewer, subject: Subject): boolean =>
  rolesToward(viewer, subject).some((role) => draftReaders.includes(role));

/** The schools where the viewer sees every draft (counselor, principal); null stands for all of them. */
export function draftSchoolsOf({ grants }: Viewer): string[] | null {
  const office = grants.filter(({ role }) => role !== 'TEACHER' && draftReaders.includes(role));
  return office.some(({ schoolId }) => schoolId === null) ? null : office.map(({ schoolId }) => schoolId as string);
}
