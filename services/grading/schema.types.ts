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

/** Whom a grading window is for. */
export type GradingWindowLevel =
  /** Every section of the district. */
  | 'DISTRICT'
  /** Every section of one school. */
  | 'SCHOOL'
  /** One section. */
  | 'SECTION'
  /** What one teacher saves, in every section of one school. */
  | 'TEACHER';

export type OpenGradingWindowInput = {
  /** The grading period's id. */
  readonly gradingPeriodId: Scalars['ID']['input'];
  /** One school; without it, the whole district. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** The first instant at which a save is in time. */
  readonly opensAt: Scalars['DateTime']['input'];
  /** The first instant at which a save is too late. */
  readonly closesAt: Scalars['DateTime']['input'];
};

/** Name a section, or a teacher and a school, or a school, or nothing for the whole district. */
export type ExtendGradingWindowInput = {
  /** The grading period's id. */
  readonly gradingPeriodId: Scalars['ID']['input'];
  /** The school whose deadline moves, or in which the teacher's does. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** The section whose deadline moves. */
  readonly sectionId?: InputMaybe<Scalars['ID']['input']>;
  /** The teacher whose deadline moves (a person's id); needs schoolId. */
  readonly teacherId?: InputMaybe<Scalars['ID']['input']>;
  /** The new first instant at which a save is too late; later than it was. */
  readonly closesAt: Scalars['DateTime']['input'];
  /** Why; kept with the window and its history. */
  readonly reason: Scalars['String']['input'];
};

/** What a person makes of a conflict. */
export type ConflictResolution =
  /** The value that stands is accepted; the one that lost is dismissed, and kept as history. */
  | 'TAKE_THEIRS'
  /** The value that lost is saved after all, on what stands now. */
  | 'KEEP_MINE';

/** What became of one cell of a save. */
export type SaveOutcome =
  /** The cell has this value: written now, or standing there already. */
  | 'SAVED'
  /** Another value was saved after the one that the sender had seen; that one stands and the sender's is kept beside it. */
  | 'CONFLICT'
  /** Not applied; code and message say why. */
  | 'REFUSED';

export type ResolveConflictInput = {
  /** UUID version 7, made by the client for this resolution and kept when it is resent. */
  readonly saveId: Scalars['ID']['input'];
  /** The conflict's id. */
  readonly conflictId: Scalars['ID']['input'];
  /** Whose value shall stand. */
  readonly resolution: ConflictResolution;
  /** With KEEP_MINE: the revision of the mark or score that the person sees now. */
  readonly baseRevision?: InputMaybe<Scalars['Int']['input']>;
  /** Why somebody who does not teach the section decides; kept. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

/** Is a mark still the teacher's own, or has it been given? */
export type MarkStatus =
  /** Seen by those who teach the section and by the school's office. */
  | 'DRAFT'
  /** Given: the student and the family see it. */
  | 'POSTED';

export type SaveMarksInput = {
  /** UUID version 7, made by the client for this save and kept when it is resent. */
  readonly saveId: Scalars['ID']['input'];
  /** The section's id. */
  readonly sectionId: Scalars['ID']['input'];
  /** The grading period's id. */
  readonly gradingPeriodId: Scalars['ID']['input'];
  /** Why somebody who does not teach the section saves; kept. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
  /** At most 500, each student once. */
  readonly cells: ReadonlyArray<MarkCellInput>;
};

/** One student's mark. */
export type MarkCellInput = {
  /** The student's id. */
  readonly studentId: Scalars['ID']['input'];
  /** The revision that the sender saw; 0 when there was no mark yet. */
  readonly baseRevision: Scalars['Int']['input'];
  /** A mark of the school's scale; null clears it. */
  readonly value?: InputMaybe<Scalars['String']['input']>;
  /** At most 8,000 characters; null clears it. */
  readonly comment?: InputMaybe<Scalars['String']['input']>;
  /** On the school's scale of effort. Left out, it stays as it was; null clears it. */
  readonly effort?: InputMaybe<Scalars['String']['input']>;
  /** On the school's scale of conduct. Left out, it stays as it was; null clears it. */
  readonly conduct?: InputMaybe<Scalars['String']['input']>;
  /** Codes of comments, each once; as many as the school's form takes. Left out, they stay as they were; null or none clears them. */
  readonly commentCodes?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

export type PostMarksInput = {
  /** UUID version 7, made by the client for this save and kept when it is resent. */
  readonly saveId: Scalars['ID']['input'];
  /** The section's id. */
  readonly sectionId: Scalars['ID']['input'];
  /** The grading period's id. */
  readonly gradingPeriodId: Scalars['ID']['input'];
  /** Why somebody who does not teach the section posts; kept. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
  /** At most 500, each student once. */
  readonly cells: ReadonlyArray<PostMarkCellInput>;
};

/** One student's draft, as it was seen. */
export type PostMarkCellInput = {
  /** The student's id. */
  readonly studentId: Scalars['ID']['input'];
  /** The revision that the sender saw and posts. */
  readonly baseRevision: Scalars['Int']['input'];
};

export type SetMarkScaleInput = {
  /** The school; without it, the district. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** In the order in which a form shows them. */
  readonly values: ReadonlyArray<Scalars['String']['input']>;
};

export type AddConferenceInput = {
  /** The school's id. */
  readonly schoolId: Scalars['ID']['input'];
  /** Between 1 and 100 characters; each school's once. */
  readonly title: Scalars['String']['input'];
  /** Whose marks the packets tell of. */
  readonly gradingPeriodId: Scalars['ID']['input'];
  /** The first instant at which families may book. */
  readonly bookingOpensAt: Scalars['DateTime']['input'];
  /** The first instant at which they no longer may. */
  readonly bookingClosesAt: Scalars['DateTime']['input'];
};

export type AddConferenceSlotsInput = {
  /** The conference's id. */
  readonly conferenceId: Scalars['ID']['input'];
  /** The teacher (a person's id). */
  readonly staffId: Scalars['ID']['input'];
  /** When the first slot begins. */
  readonly beginsAt: Scalars['DateTime']['input'];
  /** When the last has ended at the latest; within a day of the beginning. */
  readonly endsAt: Scalars['DateTime']['input'];
  /** How long a slot is, 5 to 120. */
  readonly minutes: Scalars['Int']['input'];
  /** How long the break after each is, 0 to 120. */
  readonly breakMinutes?: InputMaybe<Scalars['Int']['input']>;
  /** A room, or how to call; at most 200 characters. */
  readonly place: Scalars['String']['input'];
};

export type BookConferenceInput = {
  /** The slot's id. */
  readonly slotId: Scalars['ID']['input'];
  /** The child's id. */
  readonly studentId: Scalars['ID']['input'];
  /** The language in which an interpreter is wanted (BCP 47). */
  readonly interpreter?: InputMaybe<Scalars['String']['input']>;
  /** When the office books: the parent who comes (a person's id). */
  readonly parentId?: InputMaybe<Scalars['ID']['input']>;
  /** When the office books: why; kept. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

export type MoveConferenceInput = {
  /** The booking's id. */
  readonly bookingId: Scalars['ID']['input'];
  /** The slot to move to. */
  readonly slotId: Scalars['ID']['input'];
  /** When the office moves it: why; kept. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

export type CancelConferenceInput = {
  /** The booking's id. */
  readonly bookingId: Scalars['ID']['input'];
  /** Why; needed of the school, and kept. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

/** What a mark can say. */
export type MarkType =
  /** The grade, on the school's scale of marks. */
  | 'MARK'
  | 'EFFORT'
  | 'CONDUCT'
  /** Comments that are chosen by code and translated. */
  | 'COMMENT_CODES'
  /** A comment in words, which nobody translates. */
  | 'COMMENT';

/** What the office made of a request. */
export type MarkChangeDecision =
  /** The mark was changed and posted. */
  | 'APPROVED'
  /** The mark was left as it was. */
  | 'DECLINED';

export type SetMarkFormInput = {
  /** The school; without it, the district. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** The grading period; without it, all that have no form of their own. */
  readonly gradingPeriodId?: InputMaybe<Scalars['ID']['input']>;
  /** What a mark can say; at least one. */
  readonly types: ReadonlyArray<MarkType>;
  /** What it must say to be complete; at least one of the types. */
  readonly required: ReadonlyArray<MarkType>;
  /** In the order in which a form shows them; needed with EFFORT. */
  readonly effortValues?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** In the order in which a form shows them; needed with CONDUCT. */
  readonly conductValues?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** The most comment codes a mark can have, 1 to 20; needed with COMMENT_CODES. */
  readonly mostCodes?: InputMaybe<Scalars['Int']['input']>;
};

export type SetCommentCodeInput = {
  /** The school; without it, the district. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** At most ten capital letters, digits and dashes. */
  readonly code: Scalars['String']['input'];
  /** The text in each language, the one it was written in first. */
  readonly texts: ReadonlyArray<CommentTextInput>;
  /** Can it no longer be chosen, from today? */
  readonly withdrawn?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A comment in a language. */
export type CommentTextInput = {
  /** BCP 47, such as en, es, hy, ko or fa. */
  readonly language: Scalars['String']['input'];
  /** At most 300 characters. */
  readonly text: Scalars['String']['input'];
};

export type VerifyMarksInput = {
  /** The section's id. */
  readonly sectionId: Scalars['ID']['input'];
  /** The grading period's id. */
  readonly gradingPeriodId: Scalars['ID']['input'];
  /** The revision of the section's posting that the person saw. */
  readonly revision: Scalars['Int']['input'];
  /** Why somebody who does not teach the section verifies; kept. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

export type RequestMarkChangeInput = {
  /** The section's id. */
  readonly sectionId: Scalars['ID']['input'];
  /** The student's id. */
  readonly studentId: Scalars['ID']['input'];
  /** The grading period's id. */
  readonly gradingPeriodId: Scalars['ID']['input'];
  /** The revision of the mark that the person saw; 0 when there is none. */
  readonly baseRevision: Scalars['Int']['input'];
  /** Left out, it stays as it is; null clears it. So with all that follows. */
  readonly value?: InputMaybe<Scalars['String']['input']>;
  readonly effort?: InputMaybe<Scalars['String']['input']>;
  readonly conduct?: InputMaybe<Scalars['String']['input']>;
  readonly commentCodes?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly comment?: InputMaybe<Scalars['String']['input']>;
  /** Why; the office reads it, and it is kept with the mark's history. */
  readonly reason: Scalars['String']['input'];
};

export type ApproveMarkChangeInput = {
  /** The request's id. */
  readonly changeId: Scalars['ID']['input'];
  /** The mark's revision now, when it changed after the request and the change is still right. */
  readonly baseRevision?: InputMaybe<Scalars['Int']['input']>;
  /** What to say of it; kept. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

export type DeclineMarkChangeInput = {
  /** The request's id. */
  readonly changeId: Scalars['ID']['input'];
  /** Why; the teacher reads it. */
  readonly reason: Scalars['String']['input'];
};

/** How far the grading of a student's work is (OneRoster: scoreStatus). */
export type ScoreStatus =
  /** Does not count for this student. */
  | 'EXEMPT'
  /** The score is final. */
  | 'FULLY_GRADED'
  /** Nothing was handed in. */
  | 'NOT_SUBMITTED'
  /** Part of the work is scored. */
  | 'PARTIALLY_GRADED'
  /** Handed in and not scored yet. */
  | 'SUBMITTED';

export type AddCategoryInput = {
  /** The section's id. */
  readonly sectionId: Scalars['ID']['input'];
  /** 1 to 200 characters, unlike the section's other categories. */
  readonly title: Scalars['String']['input'];
  /** How much it counts, in percent. */
  readonly weight?: InputMaybe<Scalars['Int']['input']>;
  /** How many of a student's scores are dropped at most, 0 to 100; 0 when left out. */
  readonly dropLowest?: InputMaybe<Scalars['Int']['input']>;
  /** Comes on top of the other categories; false when left out. */
  readonly extraCredit?: InputMaybe<Scalars['Boolean']['input']>;
};

export type AddAssignmentInput = {
  /** The section's id. */
  readonly sectionId: Scalars['ID']['input'];
  /** A category of the section, or of the district. */
  readonly categoryId?: InputMaybe<Scalars['ID']['input']>;
  /** The grading period it counts for. */
  readonly gradingPeriodId?: InputMaybe<Scalars['ID']['input']>;
  /** 1 to 200 characters. */
  readonly title: Scalars['String']['input'];
  /** At most 8,000 characters. */
  readonly description?: InputMaybe<Scalars['String']['input']>;
  /** The day it is given. */
  readonly assignedOn?: InputMaybe<Scalars['Date']['input']>;
  /** The day it is due; not before it is given. */
  readonly dueOn?: InputMaybe<Scalars['Date']['input']>;
  /** The lowest score, decimal text; 0 when left out. */
  readonly lowest?: InputMaybe<Scalars['String']['input']>;
  /** Full marks, decimal text. */
  readonly highest?: InputMaybe<Scalars['String']['input']>;
  /** Adds to what was earned, and takes from nobody who has none. false when left out. */
  readonly extraCredit?: InputMaybe<Scalars['Boolean']['input']>;
  /** The standard that it shows: one of the school or the district. */
  readonly standardId?: InputMaybe<Scalars['ID']['input']>;
};

/** What is left out stays; what is null is cleared. */
export type ChangeAssignmentInput = {
  /** The assignment's id. */
  readonly id: Scalars['ID']['input'];
  /** A category of the section, or of the district. */
  readonly categoryId?: InputMaybe<Scalars['ID']['input']>;
  /** The grading period it counts for. */
  readonly gradingPeriodId?: InputMaybe<Scalars['ID']['input']>;
  /** 1 to 200 characters. */
  readonly title?: InputMaybe<Scalars['String']['input']>;
  /** At most 8,000 characters. */
  readonly description?: InputMaybe<Scalars['String']['input']>;
  /** The day it is given. */
  readonly assignedOn?: InputMaybe<Scalars['Date']['input']>;
  /** The day it is due; not before it is given. */
  readonly dueOn?: InputMaybe<Scalars['Date']['input']>;
  /** The lowest score, decimal text. */
  readonly lowest?: InputMaybe<Scalars['String']['input']>;
  /** Full marks, decimal text. */
  readonly highest?: InputMaybe<Scalars['String']['input']>;
  /** Adds to what was earned, and takes from nobody who has none. */
  readonly extraCredit?: InputMaybe<Scalars['Boolean']['input']>;
  /** The standard that it shows: one of the school or the district. */
  readonly standardId?: InputMaybe<Scalars['ID']['input']>;
};

export type SaveScoresInput = {
  /** UUID version 7, made by the client for this save and kept when it is resent. */
  readonly saveId: Scalars['ID']['input'];
  /** The section's id. */
  readonly sectionId: Scalars['ID']['input'];
  /** Why somebody who does not teach the section saves; kept. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
  /** At most 500, each assignment and student once. */
  readonly cells: ReadonlyArray<ScoreCellInput>;
};

/** One student's score for one assignment, whole: what is left out is not kept from before. */
export type ScoreCellInput = {
  /** The assignment's id. */
  readonly assignmentId: Scalars['ID']['input'];
  /** The student's id. */
  readonly studentId: Scalars['ID']['input'];
  /** The revision that the sender saw; 0 when there was no score yet. */
  readonly baseRevision: Scalars['Int']['input'];
  /** Decimal text with at most four decimal places; null for no number. */
  readonly value?: InputMaybe<Scalars['String']['input']>;
  /** A score in words, at most 100 characters. */
  readonly textScore?: InputMaybe<Scalars['String']['input']>;
  /** FULLY_GRADED when left out. */
  readonly status?: InputMaybe<ScoreStatus>;
  /** false when left out. */
  readonly late?: InputMaybe<Scalars['Boolean']['input']>;
  /** With late: by how many days, 1 to 366. */
  readonly daysLate?: InputMaybe<Scalars['Int']['input']>;
  /** false when left out. */
  readonly missing?: InputMaybe<Scalars['Boolean']['input']>;
  /** false when left out. */
  readonly incomplete?: InputMaybe<Scalars['Boolean']['input']>;
  /** At most 8,000 characters. */
  readonly comment?: InputMaybe<Scalars['String']['input']>;
};

/** Who is given the score. */
export type FillWhom =
  /** Everybody who sits in the section today. */
  | 'EVERYBODY'
  /** Of these, who has neither a number nor words for it and is not exempt. */
  | 'WITHOUT_SCORE';

export type FillScoresInput = {
  /** UUID version 7, made by the client for this save and kept when it is resent. */
  readonly saveId: Scalars['ID']['input'];
  /** The section's id. */
  readonly sectionId: Scalars['ID']['input'];
  /** The assignment's id. */
  readonly assignmentId: Scalars['ID']['input'];
  readonly whom: FillWhom;
  /** With EVERYBODY: the scores that the sender saw. Whom it leaves out is taken to have none: a score they have all the same is a conflict. */
  readonly seen?: InputMaybe<ReadonlyArray<SeenScoreInput>>;
  /** Decimal text with at most four decimal places; null for no number. */
  readonly value?: InputMaybe<Scalars['String']['input']>;
  /** A score in words, at most 100 characters. */
  readonly textScore?: InputMaybe<Scalars['String']['input']>;
  /** FULLY_GRADED when left out. */
  readonly status?: InputMaybe<ScoreStatus>;
  /** false when left out. */
  readonly late?: InputMaybe<Scalars['Boolean']['input']>;
  /** With late: by how many days, 1 to 366. */
  readonly daysLate?: InputMaybe<Scalars['Int']['input']>;
  /** false when left out. */
  readonly missing?: InputMaybe<Scalars['Boolean']['input']>;
  /** false when left out. */
  readonly incomplete?: InputMaybe<Scalars['Boolean']['input']>;
  /** At most 8,000 characters. */
  readonly comment?: InputMaybe<Scalars['String']['input']>;
  /** Why somebody who does not teach the section saves; kept. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

/** A score as the sender saw it. */
export type SeenScoreInput = {
  /** The student's id. */
  readonly studentId: Scalars['ID']['input'];
  /** Its revision. */
  readonly revision: Scalars['Int']['input'];
};

export type UndoScoresInput = {
  /** UUID version 7, made by the client for this undo and kept when it is resent. */
  readonly saveId: Scalars['ID']['input'];
  /** The section's id. */
  readonly sectionId: Scalars['ID']['input'];
  /** The saveId of the save to take back. */
  readonly undoneSaveId: Scalars['ID']['input'];
  /** Why somebody who does not teach the section saves; kept. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

export type CopyGradebookInput = {
  /** The section to copy from. */
  readonly fromSectionId: Scalars['ID']['input'];
  /** The section to copy into. */
  readonly toSectionId: Scalars['ID']['input'];
  /** By how many days assignments move, -3,660 to 3,660; left out: from the first day of one section to that of the other, in whole weeks. */
  readonly shiftDays?: InputMaybe<Scalars['Int']['input']>;
  /** Why somebody who does not teach both sections copies; kept. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

export type ImportCategoriesInput = {
  /** The import this request is part of. */
  readonly importId: Scalars['ID']['input'];
  /** Counts the requests of the file, from 0; sent again, it answers what it answered. */
  readonly batch: Scalars['Int']['input'];
  /** The system the rows come from. */
  readonly source: Scalars['String']['input'];
  /** Only tell what would change. */
  readonly dryRun: Scalars['Boolean']['input'];
  /** The day on which what is no longer there is withdrawn. */
  readonly today: Scalars['Date']['input'];
  readonly rows: ReadonlyArray<ImportCategoryRow>;
};

/** A row of categories.csv. */
export type ImportCategoryRow = {
  readonly sourcedId: Scalars['String']['input'];
  readonly title: Scalars['String']['input'];
  /** Percent, a whole number. */
  readonly weight?: InputMaybe<Scalars['String']['input']>;
  /** active, tobedeleted, or nothing. */
  readonly status?: InputMaybe<Scalars['String']['input']>;
};

export type ImportLineItemsInput = {
  /** The import this request is part of. */
  readonly importId: Scalars['ID']['input'];
  /** Counts the requests of the file, from 0; sent again, it answers what it answered. */
  readonly batch: Scalars['Int']['input'];
  /** The system the rows come from. */
  readonly source: Scalars['String']['input'];
  /** Only tell what would change. */
  readonly dryRun: Scalars['Boolean']['input'];
  /** The day on which what is no longer there is withdrawn. */
  readonly today: Scalars['Date']['input'];
  readonly rows: ReadonlyArray<ImportLineItemRow>;
};

/** A row of lineItems.csv. */
export type ImportLineItemRow = {
  readonly sourcedId: Scalars['String']['input'];
  readonly title: Scalars['String']['input'];
  readonly description?: InputMaybe<Scalars['String']['input']>;
  /** `2026-11-21`. */
  readonly assignedOn?: InputMaybe<Scalars['String']['input']>;
  /** `2026-11-21`. */
  readonly dueOn?: InputMaybe<Scalars['String']['input']>;
  readonly classSourcedId: Scalars['String']['input'];
  readonly categorySourcedId?: InputMaybe<Scalars['String']['input']>;
  readonly academicSessionSourcedId?: InputMaybe<Scalars['String']['input']>;
  readonly resultValueMin?: InputMaybe<Scalars['String']['input']>;
  readonly resultValueMax?: InputMaybe<Scalars['String']['input']>;
  /** Needed while the class is not known here. */
  readonly schoolSourcedId?: InputMaybe<Scalars['String']['input']>;
  /** active, tobedeleted, or nothing. */
  readonly status?: InputMaybe<Scalars['String']['input']>;
};

export type ImportResultsInput = {
  /** The import this request is part of. */
  readonly importId: Scalars['ID']['input'];
  /** Counts the requests of the file, from 0; sent again, it answers what it answered. */
  readonly batch: Scalars['Int']['input'];
  /** The system the rows come from. */
  readonly source: Scalars['String']['input'];
  /** Only tell what would change. */
  readonly dryRun: Scalars['Boolean']['input'];
  /** The day on which what is no longer there is withdrawn. */
  readonly today: Scalars['Date']['input'];
  readonly rows: ReadonlyArray<ImportResultRow>;
};

/** A row of results.csv. */
export type ImportResultRow = {
  readonly sourcedId: Scalars['String']['input'];
  readonly lineItemSourcedId: Scalars['String']['input'];
  readonly studentSourcedId: Scalars['String']['input'];
  /** Not needed: the line item knows its class. */
  readonly classSourcedId?: InputMaybe<Scalars['String']['input']>;
  /** exempt, fully graded, not submitted, partially graded or submitted. */
  readonly scoreStatus: Scalars['String']['input'];
  /** Decimal text. */
  readonly score?: InputMaybe<Scalars['String']['input']>;
  readonly textScore?: InputMaybe<Scalars['String']['input']>;
  /** `2026-11-21`; the import's day when left out. */
  readonly scoreDate?: InputMaybe<Scalars['String']['input']>;
  readonly comment?: InputMaybe<Scalars['String']['input']>;
  readonly late?: InputMaybe<Scalars['Boolean']['input']>;
  readonly missing?: InputMaybe<Scalars['Boolean']['input']>;
  readonly incomplete?: InputMaybe<Scalars['Boolean']['input']>;
  /** active, tobedeleted, or nothing. */
  readonly status?: InputMaybe<Scalars['String']['input']>;
};

export type FinishGradebookImportInput = {
  /** The import to finish. */
  readonly importId: Scalars['ID']['input'];
  /** The system the rows came from. */
  readonly source: Scalars['String']['input'];
  /** The files of the package that held everything: of categories, lineItems and results, what they no longer hold is withdrawn. */
  readonly bulkKinds: ReadonlyArray<Scalars['String']['input']>;
  /** The day on which it is withdrawn. */
  readonly today: Scalars['Date']['input'];
};

export type SetRubricInput = {
  /** The school; without it, the district. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** 1 to 200 characters. */
  readonly title: Scalars['String']['input'];
  /** The levels: `mark` names one, `from` and `below` are in the rubric's numbers. In any order, from 0 without a gap. */
  readonly levels: ReadonlyArray<CutoffInput>;
};

export type SetStandardInput = {
  /** The school; without it, the district. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** 1 to 100 characters. */
  readonly code: Scalars['String']['input'];
  /** 1 to 200 characters. */
  readonly title: Scalars['String']['input'];
};

/** Where a grade comes from. */
export type GradingMethod =
  /** Categories by their weights. */
  | 'WEIGHTED'
  /** All points earned, out of all full marks. */
  | 'POINTS'
  /** The mean of the section's standards, on its rubric. */
  | 'STANDARDS';

/** What handing in late costs; percentages are of full marks. */
export type LateRuleKind =
  /** So much for each day. */
  | 'PER_DAY'
  /** So much, however late. */
  | 'FLAT'
  /** Late work counts so much at most. */
  | 'CAP';

/** What is done to the percentage before it is rounded. */
export type CurveKind =
  /** Percentage points are added. */
  | 'ADD'
  /** A table says which percentage becomes which, with straight lines between its steps. */
  | 'TABLE';

/** How several scores of one standard become one. */
export type StandardsMethod =
  /** The one that was due last. */
  | 'MOST_RECENT'
  /** Their mean. */
  | 'MEAN'
  /** The highest. */
  | 'HIGHEST'
  /** Each new one counts so much against all before it. */
  | 'DECAYING';

/** Why there is no percentage, or why the mark is not that of the scale. */
export type CalculationReason =
  /** No score counts yet. */
  | 'NOTHING_COUNTED'
  /** The weights of the categories do not add up to 100; changeGradebook sets them. */
  | 'WEIGHTS_INVALID'
  /** Work is not finished, and the section has a mark for that. */
  | 'INCOMPLETE';

/** Why a score counts otherwise than as it stands, or not at all. */
export type ScoreReason =
  /** The assignment has no full marks. */
  | 'NO_FULL_MARKS'
  /** Where categories are weighted, work without one does not count. */
  | 'NO_CATEGORY'
  /** The student is exempt from it. */
  | 'EXEMPT'
  /** There is no score. */
  | 'NOT_SCORED'
  /** Not handed in: it counts what the section says of missing work. */
  | 'MISSING'
  /** Not handed in, and the section does not count that. */
  | 'MISSING_NOT_COUNTED'
  /** Not handed in, and not yet long enough due. */
  | 'MISSING_NOT_YET'
  /** Not finished, and the section does not count that. */
  | 'INCOMPLETE_NOT_COUNTED'
  /** Points were taken because it was late. */
  | 'LATE'
  /** One of the lowest, which the category drops. */
  | 'DROPPED';

export type SetGradingScaleInput = {
  /** The school; without it, the district. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** In any order; together they say of each percentage from 0 up which one mark it is. */
  readonly cutoffs: ReadonlyArray<CutoffInput>;
};

export type CutoffInput = {
  /** On the school's scale of marks. */
  readonly mark: Scalars['String']['input'];
  /** The lowest percentage that gives it: decimal text, at most four places. */
  readonly from: Scalars['String']['input'];
  /** The percentage from which on it is a higher mark; left out for the highest. */
  readonly below?: InputMaybe<Scalars['String']['input']>;
};

/** What is left out stays; what may be null is cleared by null. */
export type ChangeGradebookInput = {
  /** The section's id. */
  readonly sectionId: Scalars['ID']['input'];
  readonly method?: InputMaybe<GradingMethod>;
  /** Take weights that do not add up to 100 in proportion. */
  readonly renormalize?: InputMaybe<Scalars['Boolean']['input']>;
  /** 0 to 100. */
  readonly dropLowest?: InputMaybe<Scalars['Int']['input']>;
  /** Null: late work costs nothing. */
  readonly late?: InputMaybe<LateRuleInput>;
  /** 0 to 100; null: missing work does not count. */
  readonly missingPercent?: InputMaybe<Scalars['String']['input']>;
  /** 0 to 365. */
  readonly missingAfterDays?: InputMaybe<Scalars['Int']['input']>;
  readonly countIncomplete?: InputMaybe<Scalars['Boolean']['input']>;
  /** A mark of the school's scale; null for none. */
  readonly incompleteMark?: InputMaybe<Scalars['String']['input']>;
  /** Null for none. */
  readonly curve?: InputMaybe<CurveInput>;
  /** 0 to 100; null for none. */
  readonly minimum?: InputMaybe<Scalars['String']['input']>;
  /** 0 to 4. */
  readonly places?: InputMaybe<Scalars['Int']['input']>;
  readonly standardsMethod?: InputMaybe<StandardsMethod>;
  /** 0 to 100. */
  readonly newestCounts?: InputMaybe<Scalars['String']['input']>;
  /** The section's own cut-offs; null: its school's. */
  readonly cutoffs?: InputMaybe<ReadonlyArray<CutoffInput>>;
  /** A rubric of the school or the district; null for none. */
  readonly rubricId?: InputMaybe<Scalars['ID']['input']>;
  /** What changes in the section's own categories. */
  readonly categories?: InputMaybe<ReadonlyArray<CategoryRulesInput>>;
  /** Why somebody who does not teach the section changes it; kept. */
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

export type LateRuleInput = {
  readonly kind: LateRuleKind;
  /** 0 to 100, of full marks, decimal text. */
  readonly percent: Scalars['String']['input'];
  /** With PER_DAY: the most that days add up to. */
  readonly atMost?: InputMaybe<Scalars['String']['input']>;
};

export type CurveInput = {
  readonly kind: CurveKind;
  /** With ADD: -100 to 100. */
  readonly points?: InputMaybe<Scalars['String']['input']>;
  /** With TABLE: 2 to 50 steps, rising. */
  readonly steps?: InputMaybe<ReadonlyArray<CurveStepInput>>;
};

export type CurveStepInput = {
  readonly from: Scalars['String']['input'];
  readonly to: Scalars['String']['input'];
};

/** What is left out stays. */
export type CategoryRulesInput = {
  /** A category of the section itself. */
  readonly id: Scalars['ID']['input'];
  /** 0 to 100; null for none. */
  readonly weight?: InputMaybe<Scalars['Int']['input']>;
  /** 0 to 100. */
  readonly dropLowest?: InputMaybe<Scalars['Int']['input']>;
  readonly extraCredit?: InputMaybe<Scalars['Boolean']['input']>;
};

export type OverrideGradeInput = {
  /** The section's id. */
  readonly sectionId: Scalars['ID']['input'];
  /** The student's id. */
  readonly studentId: Scalars['ID']['input'];
  /** The grading period; left out: the grade of all work of the section. */
  readonly gradingPeriodId?: InputMaybe<Scalars['ID']['input']>;
  /** A mark of the school's scale; null: the calculated one holds again. */
  readonly mark?: InputMaybe<Scalars['String']['input']>;
  /** Why; 1 to 500 characters. */
  readonly reason: Scalars['String']['input'];
  /** The newest of `overrides` that the sender saw; left out when there was none. */
  readonly seenOverrideId?: InputMaybe<Scalars['ID']['input']>;
};

/** A document about a student and a grading period. */
export type ReportCardKind =
  | 'REPORT_CARD'
  /** What is posted so far, for a talk with the family. */
  | 'CONFERENCE_PACKET';

/** How the page is laid out. */
export type ReportCardLayout =
  /** By subject, with what the marks mean before them. */
  | 'ELEMENTARY'
  /** By course. */
  | 'SECONDARY'
  /** Of a conference packet. */
  | 'PACKET';

export type ReportBatchStatus =
  /** Not begun yet, or to be taken up again. */
  | 'WAITING'
  | 'RUNNING'
  /** Another service did not answer in time (`waitingFor`); it goes on when that one does. */
  | 'PAUSED'
  | 'DONE'
  | 'CANCELLED'
  | 'FAILED';

export type PrintReportCardsInput = {
  /** One school; without it, the whole district. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** The grading period's id. */
  readonly gradingPeriodId: Scalars['ID']['input'];
  readonly kind?: InputMaybe<ReportCardKind>;
  /** Only for these students, at most 500 (at the counter, for one); absent: for everybody. */
  readonly studentIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** Print without attendance when the attendance service does not answer in time, instead of pausing. The documents say so. */
  readonly withoutAttendance?: InputMaybe<Scalars['Boolean']['input']>;
};

export type CancelReportBatchInput = {
  /** The batch's id. */
  readonly batchId: Scalars['ID']['input'];
};

export type ResumeReportBatchInput = {
  /** The batch's id. */
  readonly batchId: Scalars['ID']['input'];
  /** Print the rest without attendance if it is still not there. */
  readonly withoutAttendance?: InputMaybe<Scalars['Boolean']['input']>;
};

export type SetReportCardTemplateInput = {
  /** The school; without it, the district. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  readonly layout: ReportCardLayout;
  /** For these grades (TK, KG, 01 to 12); none: for all that no other template names. */
  readonly gradeLevels: ReadonlyArray<Scalars['String']['input']>;
  /** See ReportCardTemplate.fields. */
  readonly fields: ReadonlyArray<Scalars['String']['input']>;
};

/** Where a record comes from. */
export type TranscriptSource =
  /** A mark that was posted. */
  | 'POSTED'
  /** Credit taken over from elsewhere. */
  | 'TRANSFER'
  /** It replaces a record that was wrong. */
  | 'CORRECTION';

/** What is odd about a record. */
export type TranscriptFaultKind =
  /** More classes in one session than the policy takes for possible. */
  | 'TOO_MANY_CLASSES'
  /** The same part of a course twice in one session. */
  | 'SAME_COURSE_TWICE'
  /** The policy does not say what the mark is worth. */
  | 'MARK_WITHOUT_MEANING'
  /** The course had no credits. */
  | 'COURSE_WITHOUT_CREDITS'
  /** What was posted last is another mark than the record says, and nobody corrected it by hand. */
  | 'OTHER_THAN_POSTED'
  /** Nobody knows of the student's seat in the section. */
  | 'NEVER_IN_SECTION';

/** Which attempt at a course counts, when it was repeated. */
export type RepeatRule =
  /** The best one. */
  | 'BEST'
  /** The last one. */
  | 'LATEST'
  /** Each in the averages; credit once. */
  | 'BOTH';

/** Over what a list is made. */
export type ListSpan =
  /** One session. */
  | 'SESSION'
  /** All that was ever earned. */
  | 'ALL';

/** What a mark is worth. */
export type MarkMeaningInput = {
  readonly mark: Scalars['String']['input'];
  readonly points?: InputMaybe<Scalars['String']['input']>;
  readonly attempts: Scalars['Boolean']['input'];
  readonly earns: Scalars['Boolean']['input'];
  /** Left out: no. */
  readonly pending?: InputMaybe<Scalars['Boolean']['input']>;
};

/** Who is on a list. */
export type TranscriptListInput = {
  readonly name: Scalars['String']['input'];
  readonly over: ListSpan;
  readonly weighted: Scalars['Boolean']['input'];
  readonly leastGpa: Scalars['String']['input'];
  readonly leastCredits: Scalars['String']['input'];
  readonly leastPoints?: InputMaybe<Scalars['String']['input']>;
};

/** How marks count on transcripts, as a whole. */
export type SetTranscriptPolicyInput = {
  /** Left out: the district's. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  readonly marks: ReadonlyArray<MarkMeaningInput>;
  readonly weightedCodes: ReadonlyArray<Scalars['String']['input']>;
  readonly weightBonus: Scalars['String']['input'];
  readonly weightFrom: Scalars['String']['input'];
  readonly repeats: RepeatRule;
  readonly mostAtOnce: Scalars['Int']['input'];
  readonly lists: ReadonlyArray<TranscriptListInput>;
};

/** A grading period with the marks of a session. */
export type FinalPeriodInput = {
  readonly gradingPeriodId: Scalars['ID']['input'];
  readonly session: Scalars['String']['input'];
  /** Left out: no. */
  readonly summer?: InputMaybe<Scalars['Boolean']['input']>;
};

/** The final grading periods of a school year, all of them. */
export type SetFinalPeriodsInput = {
  /** Left out: the district's. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** Named by the year it ends in. */
  readonly schoolYear: Scalars['Int']['input'];
  readonly periods: ReadonlyArray<FinalPeriodInput>;
};

/** A course that was finished elsewhere. */
export type RecordTransferCreditInput = {
  /** The school whose office takes it over. */
  readonly schoolId: Scalars['ID']['input'];
  readonly studentId: Scalars['ID']['input'];
  /** Where it was earned. */
  readonly fromSchool: Scalars['String']['input'];
  readonly schoolYear: Scalars['Int']['input'];
  readonly session: Scalars['String']['input'];
  readonly endedOn: Scalars['Date']['input'];
  /** Left out: no. */
  readonly summer?: InputMaybe<Scalars['Boolean']['input']>;
  /** The course of the catalog that it stands for, whose number and subjects it has. Left out: what is given here. */
  readonly courseId?: InputMaybe<Scalars['ID']['input']>;
  readonly courseNumber?: InputMaybe<Scalars['String']['input']>;
  /** Left out: the catalog's. */
  readonly courseTitle?: InputMaybe<Scalars['String']['input']>;
  readonly subjects?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly subjectCodes?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly mark: Scalars['String']['input'];
  /** Decimal text, up to 3 places. */
  readonly credits: Scalars['String']['input'];
  /** Why, and by what it is proven. */
  readonly reason: Scalars['String']['input'];
};

/** What was wrong in a record; what is left out is as it was. */
export type CorrectTranscriptRecordInput = {
  readonly recordId: Scalars['ID']['input'];
  readonly mark?: InputMaybe<Scalars['String']['input']>;
  /** Decimal text, up to 3 places. */
  readonly credits?: InputMaybe<Scalars['String']['input']>;
  readonly courseTitle?: InputMaybe<Scalars['String']['input']>;
  readonly subjectCodes?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** The record ought not to be there. */
  readonly voided?: InputMaybe<Scalars['Boolean']['input']>;
  readonly reason: Scalars['String']['input'];
};

/** How far an order is. */
export type TranscriptOrderStatus =
  /** Not begun. */
  | 'WAITING'
  /** Documents are being made, or names are waited for. */
  | 'RUNNING'
  /** Everybody has a document or is on the list of faults. */
  | 'DONE';

/** For whom transcripts are ordered: students of a school, or a grade of it or of the district. */
export type IssueTranscriptsInput = {
  /** Left out: the whole district. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** At most 500. */
  readonly studentIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** 12. */
  readonly gradeLevel?: InputMaybe<Scalars['String']['input']>;
  readonly official: Scalars['Boolean']['input'];
  /** To whom they go. Left out: the students. */
  readonly issuedTo?: InputMaybe<Scalars['String']['input']>;
  /** Issue also what has more classes at once than are possible: the reason, which is kept. */
  readonly despiteTooMany?: InputMaybe<Scalars['String']['input']>;
};

/** How a student stands toward the diploma. */
export type GraduationStatus =
  /** Everything is earned. */
  | 'COMPLETE'
  /** What is still to be covered fits into the years that are left. */
  | 'ON_TRACK'
  /** It does not. */
  | 'NOT_ON_TRACK';

/** What an office can decide for one student. */
export type DiplomaExceptionKind =
  /** A course counts that is not named. */
  | 'SUBSTITUTION'
  /** Credits are not asked for. */
  | 'WAIVER';

/** Credits of courses by number, subject or code; of any course where none is named. */
export type DiplomaRequirementInput = {
  readonly key: Scalars['String']['input'];
  readonly name: Scalars['String']['input'];
  readonly credits: Scalars['String']['input'];
  readonly courses?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly subjects?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly codes?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly leastPoints?: InputMaybe<Scalars['String']['input']>;
  /** Left out: yes. */
  readonly passCounts?: InputMaybe<Scalars['Boolean']['input']>;
};

/** What a diploma asks for, from a class on. */
export type SetDiplomaPlanInput = {
  /** Left out: the district's. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  readonly classYear: Scalars['Int']['input'];
  readonly name: Scalars['String']['input'];
  readonly creditsPerYear: Scalars['String']['input'];
  readonly requirements: ReadonlyArray<DiplomaRequirementInput>;
};

/** What the office decides for one student. */
export type GrantDiplomaExceptionInput = {
  /** The school whose office decides. */
  readonly schoolId: Scalars['ID']['input'];
  readonly studentId: Scalars['ID']['input'];
  /** The requirement's key. */
  readonly requirement: Scalars['String']['input'];
  readonly kind: DiplomaExceptionKind;
  /** Of a substitution: the number of the course that counts. */
  readonly courseNumber?: InputMaybe<Scalars['String']['input']>;
  /** Of a waiver. Left out: all. */
  readonly credits?: InputMaybe<Scalars['String']['input']>;
  readonly reason: Scalars['String']['input'];
};

/** What is taken back. */
export type WithdrawDiplomaExceptionInput = {
  readonly exceptionId: Scalars['ID']['input'];
  readonly reason: Scalars['String']['input'];
};

export type MutationOpenGradingWindowArguments = {
  readonly input: OpenGradingWindowInput;
};

export type MutationExtendGradingWindowArguments = {
  readonly input: ExtendGradingWindowInput;
};

export type SectionGradingWindowArguments = {
  /** The grading period's id. */
  readonly gradingPeriodId: Scalars['ID']['input'];
};

export type QueryConflictsArguments = {
  /** The section's id. */
  readonly sectionId: Scalars['ID']['input'];
  /** Those that were resolved too. */
  readonly includeResolved?: InputMaybe<Scalars['Boolean']['input']>;
  /** How many; at most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** The endCursor of the page before. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type MutationResolveConflictArguments = {
  readonly input: ResolveConflictInput;
};

export type QueryMarkArguments = {
  /** The mark's id. */
  readonly id: Scalars['ID']['input'];
};

export type QueryMarkScaleArguments = {
  /** The school's id. */
  readonly schoolId: Scalars['ID']['input'];
};

export type MutationSaveMarksArguments = {
  readonly input: SaveMarksInput;
};

export type MutationPostMarksArguments = {
  readonly input: PostMarksInput;
};

export type MutationSetMarkScaleArguments = {
  readonly input: SetMarkScaleInput;
};

export type SectionMarksArguments = {
  /** Only of this grading period. */
  readonly gradingPeriodId?: InputMaybe<Scalars['ID']['input']>;
};

export type StudentMarksArguments = {
  /** Only of this grading period. */
  readonly gradingPeriodId?: InputMaybe<Scalars['ID']['input']>;
};

export type QueryConferencesArguments = {
  /** The school's id. */
  readonly schoolId: Scalars['ID']['input'];
  /** How many; at most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** The endCursor of the page before. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryConferenceSlotsArguments = {
  /** The conference's id. */
  readonly conferenceId: Scalars['ID']['input'];
  /** Only of this teacher (a person's id). */
  readonly staffId?: InputMaybe<Scalars['ID']['input']>;
  /** Only those that nobody has taken. */
  readonly free?: InputMaybe<Scalars['Boolean']['input']>;
  /** How many; at most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** The endCursor of the page before. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryConferenceBookingsArguments = {
  /** The conference's id. */
  readonly conferenceId: Scalars['ID']['input'];
  /** Only with this teacher (a person's id). */
  readonly staffId?: InputMaybe<Scalars['ID']['input']>;
  /** Only those for whom an interpreter is wanted. */
  readonly withInterpreter?: InputMaybe<Scalars['Boolean']['input']>;
  /** How many; at most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** The endCursor of the page before. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryMyConferencesArguments = {
  /** How many; at most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** The endCursor of the page before. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type MutationAddConferenceArguments = {
  readonly input: AddConferenceInput;
};

export type MutationAddConferenceSlotsArguments = {
  readonly input: AddConferenceSlotsInput;
};

export type MutationBookConferenceArguments = {
  readonly input: BookConferenceInput;
};

export type MutationMoveConferenceArguments = {
  readonly input: MoveConferenceInput;
};

export type MutationCancelConferenceArguments = {
  readonly input: CancelConferenceInput;
};

export type QueryMarkFormArguments = {
  /** The school's id. */
  readonly schoolId: Scalars['ID']['input'];
  /** The grading period's id. */
  readonly gradingPeriodId?: InputMaybe<Scalars['ID']['input']>;
};

export type QueryCommentCodesArguments = {
  /** The school's id. */
  readonly schoolId: Scalars['ID']['input'];
  /** Those that can no longer be chosen too. */
  readonly includeWithdrawn?: InputMaybe<Scalars['Boolean']['input']>;
  /** How many; at most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** The endCursor of the page before. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryPostingStatusArguments = {
  /** The school's id. */
  readonly schoolId: Scalars['ID']['input'];
  /** The grading period's id. */
  readonly gradingPeriodId: Scalars['ID']['input'];
  /** How many; at most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** The endCursor of the page before. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QuerySchoolPostingsArguments = {
  /** The grading period's id. */
  readonly gradingPeriodId: Scalars['ID']['input'];
  /** How many; at most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** The endCursor of the page before. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryMissingMarksArguments = {
  /** The section's id. */
  readonly sectionId: Scalars['ID']['input'];
  /** The grading period's id. */
  readonly gradingPeriodId: Scalars['ID']['input'];
  /** How many; at most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** The endCursor of the page before. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryMarkChangesArguments = {
  /** The school's id. */
  readonly schoolId: Scalars['ID']['input'];
  /** Those that were decided too. */
  readonly includeDecided?: InputMaybe<Scalars['Boolean']['input']>;
  /** How many; at most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** The endCursor of the page before. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type MutationSetMarkFormArguments = {
  readonly input: SetMarkFormInput;
};

export type MutationSetCommentCodeArguments = {
  readonly input: SetCommentCodeInput;
};

export type MutationVerifyMarksArguments = {
  readonly input: VerifyMarksInput;
};

export type MutationRequestMarkChangeArguments = {
  readonly input: RequestMarkChangeInput;
};

export type MutationApproveMarkChangeArguments = {
  readonly input: ApproveMarkChangeInput;
};

export type MutationDeclineMarkChangeArguments = {
  readonly input: DeclineMarkChangeInput;
};

export type SectionPostingArguments = {
  /** The grading period's id. */
  readonly gradingPeriodId: Scalars['ID']['input'];
};

export type MarkChosenCommentsArguments = {
  /** Such as es, hy, ko or fa. */
  readonly language?: InputMaybe<Scalars['String']['input']>;
};

export type CommentCodeTextArguments = {
  /** Such as es, hy, ko or fa. */
  readonly language?: InputMaybe<Scalars['String']['input']>;
};

export type QueryAssignmentArguments = {
  /** The assignment's id. */
  readonly id: Scalars['ID']['input'];
};

export type MutationAddCategoryArguments = {
  readonly input: AddCategoryInput;
};

export type MutationAddAssignmentArguments = {
  readonly input: AddAssignmentInput;
};

export type MutationChangeAssignmentArguments = {
  readonly input: ChangeAssignmentInput;
};

export type MutationSaveScoresArguments = {
  readonly input: SaveScoresInput;
};

export type MutationFillScoresArguments = {
  readonly input: FillScoresInput;
};

export type MutationUndoScoresArguments = {
  readonly input: UndoScoresInput;
};

export type MutationCopyGradebookArguments = {
  readonly input: CopyGradebookInput;
};

export type MutationImportCategoriesArguments = {
  readonly input: ImportCategoriesInput;
};

export type MutationImportLineItemsArguments = {
  readonly input: ImportLineItemsInput;
};

export type MutationImportResultsArguments = {
  readonly input: ImportResultsInput;
};

export type MutationFinishGradebookImportArguments = {
  readonly input: FinishGradebookImportInput;
};

export type SectionAssignmentsArguments = {
  /** How many; at most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** The endCursor of the page before. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type SectionEnrollmentScoresArguments = {
  /** How many; at most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** The endCursor of the page before. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryRubricsArguments = {
  /** The school's id; without it, the district's alone. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** How many; at most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** The endCursor of the page before. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryStandardsArguments = {
  /** The school's id; without it, the district's alone. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** How many; at most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** The endCursor of the page before. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type MutationSetRubricArguments = {
  readonly input: SetRubricInput;
};

export type MutationSetStandardArguments = {
  readonly input: SetStandardInput;
};

export type QueryGradingScaleArguments = {
  /** The school's id. */
  readonly schoolId: Scalars['ID']['input'];
};

export type MutationSetGradingScaleArguments = {
  readonly input: SetGradingScaleInput;
};

export type MutationChangeGradebookArguments = {
  readonly input: ChangeGradebookInput;
};

export type MutationOverrideGradeArguments = {
  readonly input: OverrideGradeInput;
};

export type SectionCalculatedGradesArguments = {
  /** Only the work of this grading period; left out: all work of the section. */
  readonly gradingPeriodId?: InputMaybe<Scalars['ID']['input']>;
  /** How many; at most 100. */
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  /** The endCursor of the page before. */
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type SectionEnrollmentCalculatedGradeArguments = {
  /** Only the work of this grading period; left out: all work of the section. */
  readonly gradingPeriodId?: InputMaybe<Scalars['ID']['input']>;
};

export type QueryMarkHistoryArguments = {
  /** The section's id. */
  readonly sectionId: Scalars['ID']['input'];
  /** The student's id. */
  readonly studentId: Scalars['ID']['input'];
  /** The grading period's id. */
  readonly gradingPeriodId: Scalars['ID']['input'];
};

export type QueryScoreHistoryArguments = {
  /** The section's id. */
  readonly sectionId: Scalars['ID']['input'];
  /** The student's id. */
  readonly studentId: Scalars['ID']['input'];
  /** The assignment's id. */
  readonly assignmentId: Scalars['ID']['input'];
};

export type QueryReportBatchArguments = {
  /** The batch's id. */
  readonly id: Scalars['ID']['input'];
};

export type QueryReportBatchesArguments = {
  /** The school's id; absent: batches of the whole district, for its own staff. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryReportCardArguments = {
  /** The document's id. */
  readonly id: Scalars['ID']['input'];
};

export type QueryReportCardTemplatesArguments = {
  /** The school's id; absent: the district's. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
};

export type MutationPrintReportCardsArguments = {
  readonly input: PrintReportCardsInput;
};

export type MutationCancelReportBatchArguments = {
  readonly input: CancelReportBatchInput;
};

export type MutationResumeReportBatchArguments = {
  readonly input: ResumeReportBatchInput;
};

export type MutationSetReportCardTemplateArguments = {
  readonly input: SetReportCardTemplateInput;
};

export type StudentReportCardsArguments = {
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type ReportBatchRemarksArguments = {
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type ReportBatchCardsArguments = {
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryTranscriptArguments = {
  /** The student's id. */
  readonly studentId: Scalars['ID']['input'];
};

export type QueryClassRanksArguments = {
  /** The school's id. */
  readonly schoolId: Scalars['ID']['input'];
  /** KG, 01 to 12. */
  readonly gradeLevel: Scalars['String']['input'];
  /** Left out: today. */
  readonly on?: InputMaybe<Scalars['Date']['input']>;
  /** By the weighted average. Left out: no. */
  readonly weighted?: InputMaybe<Scalars['Boolean']['input']>;
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryStudentsOnListArguments = {
  /** The school's id. */
  readonly schoolId: Scalars['ID']['input'];
  /** As the policy calls it: Honor roll. */
  readonly list: Scalars['String']['input'];
  /** Named by the year it ends in. */
  readonly schoolYear?: InputMaybe<Scalars['Int']['input']>;
  /** As transcripts call it: Fall 2026. */
  readonly session?: InputMaybe<Scalars['String']['input']>;
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryTranscriptPolicyArguments = {
  /** The school's id. */
  readonly schoolId: Scalars['ID']['input'];
};

export type QueryFinalPeriodsArguments = {
  /** The school's id. */
  readonly schoolId: Scalars['ID']['input'];
  /** Named by the year it ends in. Left out: the present one. */
  readonly schoolYear?: InputMaybe<Scalars['Int']['input']>;
};

export type QueryTranscriptFaultsArguments = {
  /** The school's id. */
  readonly schoolId: Scalars['ID']['input'];
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryTranscriptOrderArguments = {
  readonly id: Scalars['ID']['input'];
};

export type QueryTranscriptDocumentArguments = {
  readonly number: Scalars['String']['input'];
};

export type QueryTranscriptDocumentsArguments = {
  /** The student's id. */
  readonly studentId: Scalars['ID']['input'];
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryVerifyTranscriptArguments = {
  /** As it is printed. */
  readonly number: Scalars['String']['input'];
  /** As it is printed; blanks and hyphens do not matter. */
  readonly code: Scalars['String']['input'];
};

export type MutationIssueTranscriptsArguments = {
  readonly input: IssueTranscriptsInput;
};

export type MutationSetTranscriptPolicyArguments = {
  readonly input: SetTranscriptPolicyInput;
};

export type MutationSetFinalPeriodsArguments = {
  readonly input: SetFinalPeriodsInput;
};

export type MutationRecordTransferCreditArguments = {
  readonly input: RecordTransferCreditInput;
};

export type MutationCorrectTranscriptRecordArguments = {
  readonly input: CorrectTranscriptRecordInput;
};

export type TranscriptOrderFaultsArguments = {
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type TranscriptOrderDocumentsArguments = {
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryGraduationAuditArguments = {
  /** The student's id. */
  readonly studentId: Scalars['ID']['input'];
  /** Courses asked for after those of today, as the student's request sheet (scheduling) has them: what they would cover. At most 100. */
  readonly planned?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
};

export type QueryDiplomaPlansArguments = {
  /** The school's id. */
  readonly schoolId: Scalars['ID']['input'];
};

export type QueryStudentsNotOnTrackArguments = {
  /** The school's id. */
  readonly schoolId: Scalars['ID']['input'];
  /** 09 to 12. Left out: all. */
  readonly gradeLevel?: InputMaybe<Scalars['String']['input']>;
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type MutationSetDiplomaPlanArguments = {
  readonly input: SetDiplomaPlanInput;
};

export type MutationGrantDiplomaExceptionArguments = {
  readonly input: GrantDiplomaExceptionInput;
};

export type MutationWithdrawDiplomaExceptionArguments = {
  readonly input: WithdrawDiplomaExceptionInput;
};

export type MutationArguments = {
  readonly openGradingWindow: MutationOpenGradingWindowArguments;
  readonly extendGradingWindow: MutationExtendGradingWindowArguments;
  readonly resolveConflict: MutationResolveConflictArguments;
  readonly saveMarks: MutationSaveMarksArguments;
  readonly postMarks: MutationPostMarksArguments;
  readonly setMarkScale: MutationSetMarkScaleArguments;
  readonly addConference: MutationAddConferenceArguments;
  readonly addConferenceSlots: MutationAddConferenceSlotsArguments;
  readonly bookConference: MutationBookConferenceArguments;
  readonly moveConference: MutationMoveConferenceArguments;
  readonly cancelConference: MutationCancelConferenceArguments;
  readonly setMarkForm: MutationSetMarkFormArguments;
  readonly setCommentCode: MutationSetCommentCodeArguments;
  readonly verifyMarks: MutationVerifyMarksArguments;
  readonly requestMarkChange: MutationRequestMarkChangeArguments;
  readonly approveMarkChange: MutationApproveMarkChangeArguments;
  readonly declineMarkChange: MutationDeclineMarkChangeArguments;
  readonly addCategory: MutationAddCategoryArguments;
  readonly addAssignment: MutationAddAssignmentArguments;
  readonly changeAssignment: MutationChangeAssignmentArguments;
  readonly saveScores: MutationSaveScoresArguments;
  readonly fillScores: MutationFillScoresArguments;
  readonly undoScores: MutationUndoScoresArguments;
  readonly copyGradebook: MutationCopyGradebookArguments;
  readonly importCategories: MutationImportCategoriesArguments;
  readonly importLineItems: MutationImportLineItemsArguments;
  readonly importResults: MutationImportResultsArguments;
  readonly finishGradebookImport: MutationFinishGradebookImportArguments;
  readonly setRubric: MutationSetRubricArguments;
  readonly setStandard: MutationSetStandardArguments;
  readonly setGradingScale: MutationSetGradingScaleArguments;
  readonly changeGradebook: MutationChangeGradebookArguments;
  readonly overrideGrade: MutationOverrideGradeArguments;
  readonly printReportCards: MutationPrintReportCardsArguments;
  readonly cancelReportBatch: MutationCancelReportBatchArguments;
  readonly resumeReportBatch: MutationResumeReportBatchArguments;
  readonly setReportCardTemplate: MutationSetReportCardTemplateArguments;
  readonly issueTranscripts: MutationIssueTranscriptsArguments;
  readonly setTranscriptPolicy: MutationSetTranscriptPolicyArguments;
  readonly setFinalPeriods: MutationSetFinalPeriodsArguments;
  readonly recordTransferCredit: MutationRecordTransferCreditArguments;
  readonly correctTranscriptRecord: MutationCorrectTranscriptRecordArguments;
  readonly setDiplomaPlan: MutationSetDiplomaPlanArguments;
  readonly grantDiplomaException: MutationGrantDiplomaExceptionArguments;
  readonly withdrawDiplomaException: MutationWithdrawDiplomaExceptionArguments;
};

export type SectionArguments = {
  readonly gradingWindow: SectionGradingWindowArguments;
  readonly marks: SectionMarksArguments;
  readonly posting: SectionPostingArguments;
  readonly assignments: SectionAssignmentsArguments;
  readonly calculatedGrades: SectionCalculatedGradesArguments;
};

export type QueryArguments = {
  readonly conflicts: QueryConflictsArguments;
  readonly mark: QueryMarkArguments;
  readonly markScale: QueryMarkScaleArguments;
  readonly conferences: QueryConferencesArguments;
  readonly conferenceSlots: QueryConferenceSlotsArguments;
  readonly conferenceBookings: QueryConferenceBookingsArguments;
  readonly myConferences: QueryMyConferencesArguments;
  readonly markForm: QueryMarkFormArguments;
  readonly commentCodes: QueryCommentCodesArguments;
  readonly postingStatus: QueryPostingStatusArguments;
  readonly schoolPostings: QuerySchoolPostingsArguments;
  readonly missingMarks: QueryMissingMarksArguments;
  readonly markChanges: QueryMarkChangesArguments;
  readonly assignment: QueryAssignmentArguments;
  readonly rubrics: QueryRubricsArguments;
  readonly standards: QueryStandardsArguments;
  readonly gradingScale: QueryGradingScaleArguments;
  readonly markHistory: QueryMarkHistoryArguments;
  readonly scoreHistory: QueryScoreHistoryArguments;
  readonly reportBatch: QueryReportBatchArguments;
  readonly reportBatches: QueryReportBatchesArguments;
  readonly reportCard: QueryReportCardArguments;
  readonly reportCardTemplates: QueryReportCardTemplatesArguments;
  readonly transcript: QueryTranscriptArguments;
  readonly classRanks: QueryClassRanksArguments;
  readonly studentsOnList: QueryStudentsOnListArguments;
  readonly transcriptPolicy: QueryTranscriptPolicyArguments;
  readonly finalPeriods: QueryFinalPeriodsArguments;
  readonly transcriptFaults: QueryTranscriptFaultsArguments;
  readonly transcriptOrder: QueryTranscriptOrderArguments;
  readonly transcriptDocument: QueryTranscriptDocumentArguments;
  readonly transcriptDocuments: QueryTranscriptDocumentsArguments;
  readonly verifyTranscript: QueryVerifyTranscriptArguments;
  readonly graduationAudit: QueryGraduationAuditArguments;
  readonly diplomaPlans: QueryDiplomaPlansArguments;
  readonly studentsNotOnTrack: QueryStudentsNotOnTrackArguments;
};

export type StudentArguments = {
  readonly marks: StudentMarksArguments;
  readonly reportCards: StudentReportCardsArguments;
};

export type MarkArguments = {
  readonly chosenComments: MarkChosenCommentsArguments;
};

export type CommentCodeArguments = {
  readonly text: CommentCodeTextArguments;
};

export type SectionEnrollmentArguments = {
  readonly scores: SectionEnrollmentScoresArguments;
  readonly calculatedGrade: SectionEnrollmentCalculatedGradeArguments;
};

export type ReportBatchArguments = {
  readonly remarks: ReportBatchRemarksArguments;
  readonly cards: ReportBatchCardsArguments;
};

export type TranscriptOrderArguments = {
  readonly faults: TranscriptOrderFaultsArguments;
  readonly documents: TranscriptOrderDocumentsArguments;
};

export type Arguments = {
  readonly Mutation: MutationArguments;
  readonly Section: SectionArguments;
  readonly Query: QueryArguments;
  readonly Student: StudentArguments;
  readonly Mark: MarkArguments;
  readonly CommentCode: CommentCodeArguments;
  readonly SectionEnrollment: SectionEnrollmentArguments;
  readonly ReportBatch: ReportBatchArguments;
  readonly TranscriptOrder: TranscriptOrderArguments;
};
