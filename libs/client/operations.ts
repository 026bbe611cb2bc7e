import type { TypedOperation } from './graph.ts';

/** An operation's text is kept as it stands: the gateway keeps its plans by the text. */
const operation = <Data, Variables>(text: string): TypedOperation<Data, Variables> => ({ text });

interface Named {
  readonly id: string;
  readonly displayName: string;
}
interface Id {
  readonly id: string;
}
export type Outcome = 'SAVED' | 'CONFLICT' | 'REFUSED';
export type ScoreStatus = 'EXEMPT' | 'FULLY_GRADED' | 'NOT_SUBMITTED' | 'PARTIALLY_GRADED' | 'SUBMITTED';

export interface TeacherDayData {
  readonly me: Named | null;
  readonly myDay:
    | readonly {
        readonly startsAt: string | null;
        readonly endsAt: string | null;
        readonly period: { readonly id: string; readonly name: string };
        readonly room: { readonly name: string } | null;
        readonly section: { readonly id: string; readonly number: string; readonly title: string };
        readonly roll: { readonly id: string; readonly state: 'SUBMITTED' | 'NOT_SUBMITTED'; readonly revision: number } | null;
      }[]
    | null;
}

/** A teacher's meetings of a day in order, and whether each roll was taken. */
export const teacherDay = operation<TeacherDayData, { date: string }>(`query TeacherDay($date: Date!) {
  me { id displayName }
  myDay(date: $date) {
    startsAt endsAt
    period { id name }
    room { name }
    section { id number title }
    roll { id state revision }
  }
}`);

export interface SectionRosterData {
  readonly section: {
    readonly id: string;
    readonly title: string;
    readonly roster: readonly { readonly student: Named & { readonly gradeLevel: string | null } }[];
    readonly marks:
      | readonly {
          readonly student: Id | null;
          readonly value: string | null;
          readonly comment: string | null;
          readonly status: 'DRAFT' | 'POSTED';
          readonly revision: number;
        }[]
      | null;
    readonly roll: (RollNow & { readonly id: string; readonly state: 'SUBMITTED' | 'NOT_SUBMITTED' }) | null;
  } | null;
}

/** Who sits in a section on a day, with the marks of a grading period and the roll of a meeting: what a grid of marks begins with. */
export const sectionRoster = operation<SectionRosterData, { sectionId: string; gradingPeriodId: string; date: string; periodId: string }>(
  `query SectionRoster($sectionId: ID!, $gradingPeriodId: ID!, $date: Date!, $periodId: ID!) {
  section(id: $sectionId) {
    id title
    roster(on: $date) { student { id displayName gradeLevel } }
    marks(gradingPeriodId: $gradingPeriodId) { student { id } value comment status revision }
    roll(date: $date, periodId: $periodId) {
      id state revision
      entries { student { id } attendance { state code minutes comment } }
    }
  }
}`,
);

interface Row {
  readonly studentId: string;
  readonly outcome: Outcome;
  readonly code: string | null;
  readonly message: string | null;
}
export interface CellRow<Current> extends Row {
  readonly revision: number | null;
  readonly current: (Current & { readonly revision: number; readonly savedBy: Id | null; readonly savedAt: string }) | null;
}
export interface CellsAnswer<Current> {
  readonly replayed: boolean;
  readonly receivedAt: string;
  readonly rows: readonly CellRow<Current>[];
}
export interface MarkNow {
  readonly value: string | null;
  readonly comment: string | null;
  readonly status: 'DRAFT' | 'POSTED';
}
export interface ScoreNow {
  readonly value: string | null;
  readonly textScore: string | null;
  readonly status: ScoreStatus;
  readonly late: boolean;
  readonly missing: boolean;
  readonly incomplete: boolean;
  readonly comment: string | null;
}
export interface RollNow {
  readonly revision: number;
  readonly entries: readonly {
    readonly student: Id | null;
    readonly attendance: {
      readonly state: 'PRESENT' | 'ABSENT' | 'TARDY' | 'NOT_SUBMITTED';
      readonly code: string | null;
      readonly minutes: number | null;
      readonly comment: string | null;
    };
  }[];
}
export interface RollAnswer {
  readonly outcome: Outcome;
  readonly replayed: boolean;
  readonly code: string | null;
  readonly message: string | null;
  readonly revision: number | null;
  readonly rows: readonly Row[];
  readonly roll: RollNow | null;
}
/** Variables of a save: what the outbox made once and sends until it hears what became of it. */
export interface SaveVariables {
  readonly input: object;
}

const currentMark = 'current { value comment status revision savedAt savedBy { id } }';

export const saveMarks = operation<{ saveMarks: CellsAnswer<MarkNow> }, SaveVariables>(`mutation SaveMarks($input: SaveMarksInput!) {
  saveMarks(input: $input) {
    replayed receivedAt
    rows { studentId outcome revision code message ${currentMark} }
  }
}`);

export const postMarks = operation<{ postMarks: CellsAnswer<MarkNow> }, SaveVariables>(`mutation PostMarks($input: PostMarksInput!) {
  postMarks(input: $input) {
    replayed receivedAt
    rows { studentId outcome revision code message ${currentMark} }
  }
}`);

export const saveScores = operation<
  { saveScores: CellsAnswer<ScoreNow> & { rows: readonly { assignmentId: string }[] } },
  SaveVariables
>(`mutation SaveScores($input: SaveScoresInput!) {
  saveScores(input: $input) {
    replayed receivedAt
    rows {
      assignmentId studentId outcome revision code message
      current { value textScore status late missing incomplete comment revision savedAt savedBy { id } }
    }
  }
}`);

const rollAnswer = `outcome replayed code message revision
    rows { studentId outcome code message }
    roll { revision entries { student { id } attendance { state code minutes comment } } }`;

export const takeRoll = operation<{ takeRoll: RollAnswer }, SaveVariables>(`mutation TakeRoll($input: TakeRollInput!) {
  takeRoll(input: $input) {
    ${rollAnswer}
  }
}`);

export interface SectionConflictsData {
  readonly conflicts: {
    readonly nodes: readonly {
      readonly id: string;
      readonly student: Named | null;
      readonly gradingPeriod: Id | null;
      readonly assignment: (Id & { readonly title: string }) | null;
      readonly value: string | null;
      readonly comment: string | null;
      readonly savedBy: Named | null;
      readonly savedAt: string;
      readonly foundValue: string | null;
      readonly foundComment: string | null;
      readonly foundRevision: number;
      readonly foundBy: Named | null;
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  } | null;
}

/** Values of a section that lost to another teacher's, newest first, whoever typed them and wherever. */
export const sectionConflicts = operation<SectionConflictsData, { sectionId: string; first: number; after?: string }>(
  `query SectionConflicts($sectionId: ID!, $first: Int!, $after: String) {
  conflicts(sectionId: $sectionId, first: $first, after: $after) {
    nodes {
      id
      student { id displayName }
      gradingPeriod { id }
      assignment { id title }
      value comment
      savedBy { id displayName }
      savedAt foundValue foundComment foundRevision
      foundBy { id displayName }
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
);

export type Resolution = 'TAKE_THEIRS' | 'KEEP_MINE';

export interface ResolveConflictInput {
  /** A UUID of version 7, the same when it is sent again. */
  readonly saveId: string;
  readonly conflictId: string;
  readonly resolution: Resolution;
  /** With KEEP_MINE: the revision that the person sees now. */
  readonly baseRevision?: number;
  readonly reason?: string;
}

export interface ResolveConflictData {
  readonly resolveConflict: {
    readonly outcome: Outcome;
    readonly revision: number | null;
    readonly code: string | null;
    readonly message: string | null;
  };
}

/** What a person makes of a value that lost, wherever it was typed. */
export const resolveConflict = operation<ResolveConflictData, { input: ResolveConflictInput }>(
  `mutation ResolveConflict($input: ResolveConflictInput!) {
  resolveConflict(input: $input) { outcome revision code message }
}`,
);

export interface SectionRollConflictsData {
  readonly rollConflicts: {
    readonly nodes: readonly {
      readonly saveId: string;
      readonly roll: { readonly id: string; readonly date: string; readonly revision: number } | null;
      readonly savedAt: string;
      readonly savedBy: Named | null;
      readonly exceptions: readonly { readonly student: Named | null; readonly code: string; readonly minutes: number | null }[];
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  } | null;
}

/** Rolls of a section that lost to another saving, newest first. */
export const sectionRollConflicts = operation<SectionRollConflictsData, { sectionId: string; first: number; after?: string }>(
  `query SectionRollConflicts($sectionId: ID!, $first: Int!, $after: String) {
  rollConflicts(sectionId: $sectionId, first: $first, after: $after) {
    nodes {
      saveId
      roll { id date revision }
      savedAt
      savedBy { id displayName }
      exceptions { student { id displayName } code minutes }
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
);

export interface ResolveRollConflictInput {
  readonly saveId: string;
  readonly lostSaveId: string;
  readonly resolution: Resolution;
  readonly baseRevision?: number;
}

/** What a person makes of a roll that lost. */
export const resolveRollConflict = operation<{ resolveRollConflict: RollAnswer }, { input: ResolveRollConflictInput }>(
  `mutation ResolveRollConflict($input: ResolveRollConflictInput!) {
  resolveRollConflict(input: $input) {
    ${rollAnswer}
  }
}`,
);

export interface MarkHistoryData {
  readonly markHistory:
    | readonly {
        readonly revision: number;
        readonly value: string | null;
        readonly comment: string | null;
        readonly status: 'DRAFT' | 'POSTED';
        readonly savedAt: string;
        readonly savedBy: Named | null;
        readonly reason: string | null;
      }[]
    | null;
}

/** Everything that a mark ever was, oldest first. */
export const markHistory = operation<MarkHistoryData, { sectionId: string; studentId: string; gradingPeriodId: string }>(
  `query MarkHistory($sectionId: ID!, $studentId: ID!, $gradingPeriodId: ID!) {
  markHistory(sectionId: $sectionId, studentId: $studentId, gradingPeriodId: $gradingPeriodId) {
    revision value comment status savedAt
    savedBy { id displayName }
    reason
  }
}`,
);
