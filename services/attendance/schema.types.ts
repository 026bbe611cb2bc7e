// Made by `npm run compose` from this service's schema.graphql files. Do not edit it.
// What clients may send: the inputs, their enums, and the arguments of every field that has any.

export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A calendar day, `2026-11-21`, without time or zone. */
  Date: { input: string; output: string; }
  /** An instant in UTC, ISO 8601: `2026-11-21T15:04:05.000Z`. */
  DateTime: { input: Date; output: Date; }
};

/** What a letter says about a student. */
export type AttendanceKind =
  /** In class. */
  | 'PRESENT'
  /** Not in class. */
  | 'ABSENT'
  /** In class, but late. */
  | 'TARDY';

export type AddAttendanceCodeInput = {
  /** The school; without it, the whole district. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** One to four capital letters or digits: A. */
  readonly code: Scalars['String']['input'];
  /** What it means: Excused absence. */
  readonly title: Scalars['String']['input'];
  readonly kind: AttendanceKind;
  readonly excused: Scalars['Boolean']['input'];
  /** What the state's report calls it. */
  readonly stateCode?: InputMaybe<Scalars['String']['input']>;
  /** The first day on which it is valid. */
  readonly begins: Scalars['Date']['input'];
  /** The first day on which it is not valid any more. */
  readonly ends?: InputMaybe<Scalars['Date']['input']>;
};

export type EndAttendanceCodeInput = {
  readonly id: Scalars['ID']['input'];
  /** The first day on which it is not valid any more. */
  readonly ends: Scalars['Date']['input'];
};

export type ChangeAttendanceRulesInput = {
  /** The school; without it, the whole district. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** 0 to 366 calendar days. */
  readonly teacherDays: Scalars['Int']['input'];
  /** 1 to 100. */
  readonly absentFromPercent: Scalars['Int']['input'];
};

export type RollState =
  | 'SUBMITTED'
  | 'NOT_SUBMITTED';

/** Present, absent, tardy (in class, late), or not submitted: nobody has said anything yet. */
export type AttendanceStanding =
  | 'PRESENT'
  | 'ABSENT'
  | 'TARDY'
  | 'NOT_SUBMITTED';

export type RollStatementKind =
  /** The roll was taken. */
  | 'TAKEN'
  /** The office corrected it. */
  | 'CORRECTED';

export type TakeRollInput = {
  /** Chosen by the client, once for this roll: a UUID version 7 in lower case. */
  readonly saveId: Scalars['ID']['input'];
  /** The device or browser that sends it; kept with the save. */
  readonly clientId?: InputMaybe<Scalars['String']['input']>;
  readonly sectionId: Scalars['ID']['input'];
  readonly date: Scalars['Date']['input'];
  readonly periodId: Scalars['ID']['input'];
  /** The revision of the roll that the person saw; 0 when it was not taken yet. */
  readonly baseRevision: Scalars['Int']['input'];
  /** Who is not simply present; at most 500, each student once. */
  readonly exceptions: ReadonlyArray<RollExceptionInput>;
};

export type RollExceptionInput = {
  readonly studentId: Scalars['ID']['input'];
  /** A letter of `attendanceCodes`. */
  readonly code: Scalars['String']['input'];
  /** Minutes missed, 0 to 1440. */
  readonly minutes?: InputMaybe<Scalars['Int']['input']>;
  /** At most 2,000 characters. */
  readonly comment?: InputMaybe<Scalars['String']['input']>;
};

export type CorrectAttendanceInput = {
  /** Chosen by the client, once for this correction: a UUID version 7 in lower case. */
  readonly saveId: Scalars['ID']['input'];
  /** The device or browser that sends it; kept with the save. */
  readonly clientId?: InputMaybe<Scalars['String']['input']>;
  readonly sectionId: Scalars['ID']['input'];
  readonly date: Scalars['Date']['input'];
  readonly periodId: Scalars['ID']['input'];
  /** The revision of the roll that the person saw. */
  readonly baseRevision: Scalars['Int']['input'];
  /** Why: at most 2,000 characters. */
  readonly reason: Scalars['String']['input'];
  /** At least one, at most 500, each student once. */
  readonly corrections: ReadonlyArray<AttendanceCorrectionInput>;
};

export type AttendanceCorrectionInput = {
  readonly studentId: Scalars['ID']['input'];
  /** A letter of `attendanceCodes`; without one: was present. */
  readonly code?: InputMaybe<Scalars['String']['input']>;
  /** Minutes missed, 0 to 1440. */
  readonly minutes?: InputMaybe<Scalars['Int']['input']>;
  /** At most 2,000 characters. */
  readonly comment?: InputMaybe<Scalars['String']['input']>;
};

export type RollOutcome =
  /** It is in the database. */
  | 'SAVED'
  /** Somebody else saved first; `roll` is what stands. */
  | 'CONFLICT'
  /** The rules of the school say no; `code` and `message` say which. */
  | 'REFUSED';

/** What a person makes of a saving that lost. */
export type RollConflictResolution =
  /** The roll that stands is accepted; what lost is kept as history. */
  | 'TAKE_THEIRS'
  /** What lost is said once more, on the roll that stands now. */
  | 'KEEP_MINE';

export type ResolveRollConflictInput = {
  /** Chosen by the client, once for this resolution: a UUID version 7 in lower case. */
  readonly saveId: Scalars['ID']['input'];
  /** The device or browser that sends it; kept with the save. */
  readonly clientId?: InputMaybe<Scalars['String']['input']>;
  /** The saveId of the saving that lost. */
  readonly lostSaveId: Scalars['ID']['input'];
  /** Whose word shall stand. */
  readonly resolution: RollConflictResolution;
  /** With KEEP_MINE: the revision of the roll that the person sees now. */
  readonly baseRevision?: InputMaybe<Scalars['Int']['input']>;
};

export type QueryAttendanceCodesArguments = {
  readonly schoolId: Scalars['ID']['input'];
  readonly on?: InputMaybe<Scalars['Date']['input']>;
};

export type QueryAttendanceRulesArguments = {
  readonly schoolId: Scalars['ID']['input'];
};

export type MutationAddAttendanceCodeArguments = {
  readonly input: AddAttendanceCodeInput;
};

export type MutationEndAttendanceCodeArguments = {
  readonly input: EndAttendanceCodeInput;
};

export type MutationChangeAttendanceRulesArguments = {
  readonly input: ChangeAttendanceRulesInput;
};

export type MutationTakeRollArguments = {
  readonly input: TakeRollInput;
};

export type MutationCorrectAttendanceArguments = {
  readonly input: CorrectAttendanceInput;
};

export type SectionRollArguments = {
  readonly date: Scalars['Date']['input'];
  readonly periodId?: InputMaybe<Scalars['ID']['input']>;
};

export type SectionEnrollmentAttendanceArguments = {
  readonly date: Scalars['Date']['input'];
  readonly periodId?: InputMaybe<Scalars['ID']['input']>;
};

export type QueryRollConflictsArguments = {
  /** The section's id. */
  readonly sectionId: Scalars['ID']['input'];
  /** Those that were resolved too. */
  readonly includeResolved?: InputMaybe<Scalars['Boolean']['input']>;
  /** How many; at most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** The endCursor of the page before. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type MutationResolveRollConflictArguments = {
  readonly input: ResolveRollConflictInput;
};

export type SchoolMissingRollsArguments = {
  readonly date?: InputMaybe<Scalars['Date']['input']>;
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type SectionMissingRollsArguments = {
  readonly from: Scalars['Date']['input'];
  readonly to: Scalars['Date']['input'];
};

export type StudentAttendanceArguments = {
  readonly from: Scalars['Date']['input'];
  readonly to: Scalars['Date']['input'];
};

export type QueryArguments = {
  readonly attendanceCodes: QueryAttendanceCodesArguments;
  readonly attendanceRules: QueryAttendanceRulesArguments;
  readonly rollConflicts: QueryRollConflictsArguments;
};

export type MutationArguments = {
  readonly addAttendanceCode: MutationAddAttendanceCodeArguments;
  readonly endAttendanceCode: MutationEndAttendanceCodeArguments;
  readonly changeAttendanceRules: MutationChangeAttendanceRulesArguments;
  readonly takeRoll: MutationTakeRollArguments;
  readonly correctAttendance: MutationCorrectAttendanceArguments;
  readonly resolveRollConflict: MutationResolveRollConflictArguments;
};

export type SectionArguments = {
  readonly roll: SectionRollArguments;
  readonly missingRolls: SectionMissingRollsArguments;
};

export type SectionEnrollmentArguments = {
  readonly attendance: SectionEnrollmentAttendanceArguments;
};

export type SchoolArguments = {
  readonly missingRolls: SchoolMissingRollsArguments;
};

export type StudentArguments = {
  readonly attendance: StudentAttendanceArguments;
};

export type Arguments = {
  readonly Query: QueryArguments;
  readonly Mutation: MutationArguments;
  readonly Section: SectionArguments;
  readonly SectionEnrollment: SectionEnrollmentArguments;
  readonly School: SchoolArguments;
  readonly Student: StudentArguments;
};
