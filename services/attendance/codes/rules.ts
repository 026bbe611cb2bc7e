import { holds, refuse, type Viewer } from '@rollbook/school';

/** A letter is short enough for a column of a paper roll. Refuses CODE_MALFORMED. */
export function checkCode(code: string, title: string): void {
  if (!/^[A-Z0-9]{1,4}$/.test(code)) refuse('CODE_MALFORMED', `A code is one to four capital letters or digits, not "${code}".`);
  if (!title.trim() || title.length > 100)
    refuse('CODE_MALFORMED', 'A code needs a title of at most 100 characters that says what it means.');
}

/** Refuses RULE_INVALID. */
export function checkRules({ teacherDays, absentFromPercent }: { teacherDays: number; absentFromPercent: number }): void {
  if (teacherDays < 0 || teacherDays > 366) refuse('RULE_INVALID', `"teacherDays" is between 0 and 366, not ${teacherDays}.`);
  if (absentFromPercent < 1 || absentFromPercent > 100)
    refuse('RULE_INVALID', `"absentFromPercent" is between 1 and 100, not ${absentFromPercent}.`);
}

/** A principal sets what holds in the own school; what holds in the whole district (no school named) the district administrator sets. */
export function checkMaySet(viewer: Viewer, schoolId: string | null): void {
  const may =
    schoolId === null
      ? viewer.grants.some((grant) => grant.role === 'DISTRICT_ADMINISTRATOR' && grant.schoolId === null)
      : holds(viewer, ['PRINCIPAL', 'DISTRICT_ADMINISTRATOR'], schoolId);
  if (may) return;
  if (schoolId === null) refuse('FORBIDDEN', 'What holds in the whole district is set by the district administrator; name your school.');
  refuse('NOT_FOUND', 'There is no such school among yours.');
}
