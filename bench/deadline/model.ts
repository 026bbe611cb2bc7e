/**
 * The evening of the grading deadline in a district of 650,000 students and 26,000 teachers. The rates are those of the peak minute;
 * the shares are assumptions, and meant to be changed.
 */

/** Arrivals a second at 1x. */
export const rates = { saves: 520, reads: 260 } as const;

/** How many teachers are at it in the peak minute, each with a sign-in of their own: about five saves a minute each. */
export const teachersAtWork = 6_500;

/** Answered within this time, somebody who typed has not begun to wonder. */
export const inTimeMs = 2_000;

/**
 * What saves are: one to three cells as they are typed (two on average), a class at once, a class that is submitted. About 2.7 typed
 * cells a save, which is 1,415 a second.
 */
export const saveShares = { cells: 0.945, class: 0.025, submit: 0.03 } as const;

/** What reads are, and with which class the gateway should treat them. */
export const readShares = { roster: 0.45, day: 0.15, family: 0.28, search: 0.1, report: 0.02 } as const;

export type SaveKind = keyof typeof saveShares;
export type ReadKind = keyof typeof readShares;
export type Kind = SaveKind | ReadKind;

export const isSave = (kind: Kind): kind is SaveKind => kind in saveShares;

const answer = `replayed receivedAt
    rows { studentId outcome revision code message current { value comment status revision savedAt savedBy { id } } }`;

/** What clients send: the saves as the client library words them. */
export const operations: Readonly<Record<Kind, string>> = {
  cells: `mutation SaveMarks($input: SaveMarksInput!) {\n  saveMarks(input: $input) {\n    ${answer}\n  }\n}`,
  class: `mutation SaveMarks($input: SaveMarksInput!) {\n  saveMarks(input: $input) {\n    ${answer}\n  }\n}`,
  submit: `mutation PostMarks($input: PostMarksInput!) {\n  postMarks(input: $input) {\n    ${answer}\n  }\n}`,
  roster: `query Grid($sectionId: ID!, $gradingPeriodId: ID!, $date: Date!) {
  section(id: $sectionId) {
    id title
    roster(on: $date) { student { id displayName gradeLevel } }
    marks(gradingPeriodId: $gradingPeriodId) { student { id } value comment status revision }
  }
}`,
  day: `query Day($date: Date!) {
  me { id displayName roles { role school { id } } }
  myDay(date: $date) { startsAt endsAt period { id name } section { id number title } roll { id state } }
}`,
  family: `query Family($studentId: ID!) {
  student(id: $studentId) { id displayName marks { value comment postedAt gradingPeriod { title } section { title } } }
}`,
  search: `query Search($schoolId: ID!, $filter: String) {
  students(schoolId: $schoolId, filter: $filter, first: 25) { nodes { id displayName gradeLevel } pageInfo { hasNextPage endCursor } }
}`,
  report: `query Report($schoolId: ID!, $after: String) {
  sections(schoolId: $schoolId, first: 20, after: $after) {
    nodes { id title marks { student { id displayName } value status } } pageInfo { hasNextPage endCursor }
  }
}`,
};
