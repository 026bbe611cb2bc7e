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

/** What kind of part of the school year a session is (OneRoster's types). */
export type SessionType =
  /** The whole year. */
  | 'SCHOOL_YEAR'
  /** Half of it. */
  | 'SEMESTER'
  /** Any other part that sections run in: quarter, trimester, summer. */
  | 'TERM'
  /** A part for which marks are given. */
  | 'GRADING_PERIOD';

/** What kind of day a date is (Ed-Fi: CalendarEvent). */
export type CalendarDateKind =
  /** A full day of school. */
  | 'INSTRUCTIONAL'
  /** No school. */
  | 'HOLIDAY'
  /** Staff work, students stay at home. */
  | 'STUDENT_FREE'
  /** A shortened day of school. */
  | 'MINIMUM_DAY'
  /** Closed for snow, smoke or the like. */
  | 'EMERGENCY';

/** A school year, semester or term to add. */
export type AddAcademicSessionInput = {
  readonly title: Scalars['String']['input'];
  /** SCHOOL_YEAR, SEMESTER or TERM; for a grading period there is addGradingPeriod. */
  readonly type: SessionType;
  /** Named by the year it ends in. */
  readonly schoolYear: Scalars['Int']['input'];
  readonly begins: Scalars['Date']['input'];
  /** The first day after it. */
  readonly ends: Scalars['Date']['input'];
  /** The session it is part of; its days must lie within. */
  readonly parentId?: InputMaybe<Scalars['ID']['input']>;
};

/** A grading period to add. */
export type AddGradingPeriodInput = {
  readonly title: Scalars['String']['input'];
  readonly begins: Scalars['Date']['input'];
  /** The first day after it. */
  readonly ends: Scalars['Date']['input'];
  /** The semester, term or year it belongs to; its days must lie within. */
  readonly sessionId: Scalars['ID']['input'];
};

/** A calendar to add. */
export type AddCalendarInput = {
  readonly schoolId: Scalars['ID']['input'];
  /** Named by the year it ends in. */
  readonly schoolYear: Scalars['Int']['input'];
  /** The track of a year-round school; left out for the calendar of the whole school. */
  readonly track?: InputMaybe<Scalars['String']['input']>;
  readonly title: Scalars['String']['input'];
  readonly begins: Scalars['Date']['input'];
  /** The first day after it. */
  readonly ends: Scalars['Date']['input'];
};

/** Days of one calendar. */
export type SetCalendarDatesInput = {
  readonly calendarId: Scalars['ID']['input'];
  /** At most 400, each day once. */
  readonly dates: ReadonlyArray<CalendarDateInput>;
};

/** What one day is. */
export type CalendarDateInput = {
  readonly date: Scalars['Date']['input'];
  readonly kind: CalendarDateKind;
  /** The day of the rotation (A, B, ...). */
  readonly dayLabel?: InputMaybe<Scalars['String']['input']>;
  /** A bell schedule of this school for this very day. */
  readonly bellScheduleId?: InputMaybe<Scalars['ID']['input']>;
  readonly note?: InputMaybe<Scalars['String']['input']>;
};

/** A day of the week. */
export type Weekday =
  | 'MONDAY'
  | 'TUESDAY'
  | 'WEDNESDAY'
  | 'THURSDAY'
  | 'FRIDAY'
  | 'SATURDAY'
  | 'SUNDAY';

/** The periods of a school. */
export type SetPeriodsInput = {
  readonly schoolId: Scalars['ID']['input'];
  /** Their names in the order of the day. */
  readonly names: ReadonlyArray<Scalars['String']['input']>;
};

/** A kind of day with all its times. */
export type SetBellScheduleInput = {
  readonly schoolId: Scalars['ID']['input'];
  readonly name: Scalars['String']['input'];
  readonly times: ReadonlyArray<BellScheduleTimeInput>;
};

/** Two bells and what is between them. */
export type BellScheduleTimeInput = {
  /** 24 hours: 08:05. */
  readonly startsAt: Scalars['String']['input'];
  /** 24 hours: 08:57. */
  readonly endsAt: Scalars['String']['input'];
  /** Left out: the period's name. */
  readonly label?: InputMaybe<Scalars['String']['input']>;
  /** The name of one of the school's periods, if sections meet then. */
  readonly period?: InputMaybe<Scalars['String']['input']>;
};

/** A rule; either a weekday or a day of the rotation. */
export type UseBellScheduleInput = {
  readonly bellScheduleId: Scalars['ID']['input'];
  readonly weekday?: InputMaybe<Weekday>;
  readonly dayLabel?: InputMaybe<Scalars['String']['input']>;
  /** From this day on. */
  readonly begins: Scalars['Date']['input'];
};

/** One thing that must be there before a course: courses of which any one will do, or a note. */
export type PrerequisiteInput = {
  readonly anyOf?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly note?: InputMaybe<Scalars['String']['input']>;
};

/** A course to add. */
export type AddCourseInput = {
  /** Left out: the district's own, offered to all its schools. */
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  readonly number?: InputMaybe<Scalars['String']['input']>;
  readonly title: Scalars['String']['input'];
  /** A decimal number: 5, 0.5. */
  readonly credits?: InputMaybe<Scalars['String']['input']>;
  readonly subjects?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly subjectCodes?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly gradeLevels?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly prerequisites?: InputMaybe<ReadonlyArray<PrerequisiteInput>>;
  /** It may be taken again after it was passed. Left out: no. */
  readonly repeatable?: InputMaybe<Scalars['Boolean']['input']>;
  /** Periods of the day it fills over the whole year: 1, 0.5, 2. Left out: 1. */
  readonly periodLoad?: InputMaybe<Scalars['String']['input']>;
};

/** What changes of a course; what is left out stays. */
export type ChangeCourseInput = {
  readonly courseId: Scalars['ID']['input'];
  readonly number?: InputMaybe<Scalars['String']['input']>;
  readonly title?: InputMaybe<Scalars['String']['input']>;
  /** A decimal number: 5, 0.5. */
  readonly credits?: InputMaybe<Scalars['String']['input']>;
  readonly subjects?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly subjectCodes?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly gradeLevels?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly prerequisites?: InputMaybe<ReadonlyArray<PrerequisiteInput>>;
  /** It may be taken again after it was passed. */
  readonly repeatable?: InputMaybe<Scalars['Boolean']['input']>;
  /** Periods of the day it fills over the whole year: 1, 0.5, 2. */
  readonly periodLoad?: InputMaybe<Scalars['String']['input']>;
  /** No longer offered from this day. */
  readonly endedOn?: InputMaybe<Scalars['Date']['input']>;
};

/** In what way somebody teaches a section. */
export type TeacherRole =
  /** Answers for the marks; one at a time. */
  | 'TEACHER_OF_RECORD'
  /** Teaches with the teacher of record and may do the same. */
  | 'CO_TEACHER'
  /** Stands in for some days. */
  | 'SUBSTITUTE';

/** A room to add. */
export type AddRoomInput = {
  readonly schoolId: Scalars['ID']['input'];
  readonly name: Scalars['String']['input'];
  /** How many it holds. */
  readonly capacity?: InputMaybe<Scalars['Int']['input']>;
  /** It holds several sections at once: a gym, a library. */
  readonly shared?: InputMaybe<Scalars['Boolean']['input']>;
  /** What it is fit for: science, gym. */
  readonly groups?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** What changes of a room; what is left out stays. */
export type ChangeRoomInput = {
  readonly roomId: Scalars['ID']['input'];
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** How many it holds; null: nobody says. */
  readonly capacity?: InputMaybe<Scalars['Int']['input']>;
  /** All that it is fit for. */
  readonly groups?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** A section to open. */
export type AddSectionInput = {
  readonly schoolId: Scalars['ID']['input'];
  readonly courseId: Scalars['ID']['input'];
  readonly number: Scalars['String']['input'];
  /** Left out: the course's. */
  readonly title?: InputMaybe<Scalars['String']['input']>;
  /** The semesters or terms it runs in; it lasts from the first one's beginning to the last one's end. */
  readonly sessionIds: ReadonlyArray<Scalars['ID']['input']>;
  /** The track of a year-round school. */
  readonly track?: InputMaybe<Scalars['String']['input']>;
  readonly homeroom?: InputMaybe<Scalars['Boolean']['input']>;
  readonly gradeLevels?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** How many may sit in it; left out: as many as come. */
  readonly seatLimit?: InputMaybe<Scalars['Int']['input']>;
};

/** What changes of a section; what is left out stays. */
export type ChangeSectionInput = {
  readonly sectionId: Scalars['ID']['input'];
  readonly number?: InputMaybe<Scalars['String']['input']>;
  readonly title?: InputMaybe<Scalars['String']['input']>;
  /** Not below the seats that are taken. */
  readonly seatLimit?: InputMaybe<Scalars['Int']['input']>;
  readonly gradeLevels?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** When and where a section meets from a day on. */
export type SetMeetingsInput = {
  readonly sectionId: Scalars['ID']['input'];
  readonly begins: Scalars['Date']['input'];
  /** None: it has no time and place. */
  readonly meetings: ReadonlyArray<MeetingInput>;
};

/** A period, its days and a room. */
export type MeetingInput = {
  readonly periodId: Scalars['ID']['input'];
  /** Days of the rotation (A, B) or weekdays (TUESDAY); left out: every school day. */
  readonly days?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly roomId?: InputMaybe<Scalars['ID']['input']>;
};

/** Who shall teach a section. */
export type AssignTeacherInput = {
  readonly sectionId: Scalars['ID']['input'];
  readonly staffId: Scalars['ID']['input'];
  /** TEACHER_OF_RECORD or CO_TEACHER; for a substitute there is addSubstitute. */
  readonly role: TeacherRole;
  readonly begins: Scalars['Date']['input'];
  /** The first day no more; left out: until the section ends. */
  readonly ends?: InputMaybe<Scalars['Date']['input']>;
};

/** An assignment to end. */
export type EndTeacherAssignmentInput = {
  readonly assignmentId: Scalars['ID']['input'];
  /** The first day no more; an assignment that ends on or before the day it begins never took place. */
  readonly on: Scalars['Date']['input'];
  readonly reason: Scalars['String']['input'];
};

/** Who shall stand in. */
export type AddSubstituteInput = {
  readonly sectionId: Scalars['ID']['input'];
  readonly staffId: Scalars['ID']['input'];
  readonly begins: Scalars['Date']['input'];
  /** The first day no more; for one day, the day after `begins`. */
  readonly ends: Scalars['Date']['input'];
};

/** A section to cancel. */
export type CancelSectionInput = {
  readonly sectionId: Scalars['ID']['input'];
  /** The first day on which it does not take place. */
  readonly on: Scalars['Date']['input'];
  readonly reason: Scalars['String']['input'];
};

/** A seat to give. */
export type AddToRosterInput = {
  readonly sectionId: Scalars['ID']['input'];
  readonly studentId: Scalars['ID']['input'];
  /** Left out: today, or the section's first day when it has not begun. */
  readonly begins?: InputMaybe<Scalars['Date']['input']>;
  /** Why the student gets a seat though all are taken or kept for others; kept with the row. Only with it is the limit passed. */
  readonly overLimitReason?: InputMaybe<Scalars['String']['input']>;
  /** Why the student gets the seat though the course was passed already, a prerequisite is missing, or the seat is kept for others; kept with the row. */
  readonly overrideReason?: InputMaybe<Scalars['String']['input']>;
};

/** A student to take out. */
export type DropFromRosterInput = {
  readonly sectionId: Scalars['ID']['input'];
  readonly studentId: Scalars['ID']['input'];
  /** The first day out (today when left out); the day the row begins, or before: the student never sat there. */
  readonly on?: InputMaybe<Scalars['Date']['input']>;
  readonly reason: Scalars['String']['input'];
};

/** Whether a request stands. */
export type CourseRequestStatus =
  | 'REQUESTED'
  | 'WITHDRAWN';

/** How a request came to be as it is. */
export type CourseRequestSource =
  /** By somebody, for one student. */
  | 'ENTERED'
  /** From a template or the student's plan. */
  | 'GENERATED'
  /** For many students at once. */
  | 'MASS_EDIT'
  /** From a file. */
  | 'IMPORTED';

/** Which requests. */
export type CourseRequestFilter = {
  readonly courseId?: InputMaybe<Scalars['ID']['input']>;
  readonly studentId?: InputMaybe<Scalars['ID']['input']>;
  readonly gradeLevel?: InputMaybe<Scalars['String']['input']>;
  readonly priority?: InputMaybe<Scalars['Int']['input']>;
};

/** Sheets to open or to change. */
export type OpenRequestSheetsInput = {
  readonly schoolId: Scalars['ID']['input'];
  readonly schoolYear: Scalars['Int']['input'];
  readonly sheets: ReadonlyArray<RequestSheetInput>;
};

/** What decides about a student's requests; what is left out stays. */
export type RequestSheetInput = {
  readonly studentId: Scalars['ID']['input'];
  /** KG, 01 to 12, of the school year of the sheet. */
  readonly gradeLevel?: InputMaybe<Scalars['String']['input']>;
  readonly programs?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly team?: InputMaybe<Scalars['String']['input']>;
  readonly track?: InputMaybe<Scalars['String']['input']>;
  readonly planId?: InputMaybe<Scalars['ID']['input']>;
};

/** Why a hard rule is passed by; a principal or a counselor of the school may. */
export type RequestOverrideInput = {
  readonly reason: Scalars['String']['input'];
};

/** A request to add. */
export type RequestCourseInput = {
  readonly schoolId: Scalars['ID']['input'];
  readonly studentId: Scalars['ID']['input'];
  readonly schoolYear: Scalars['Int']['input'];
  readonly courseId: Scalars['ID']['input'];
  /** 1 to 3; left out: 2. */
  readonly priority?: InputMaybe<Scalars['Int']['input']>;
  readonly alternateIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly override?: InputMaybe<RequestOverrideInput>;
};

/** What changes of a request; what is left out stays. */
export type ChangeRequestInput = {
  readonly requestId: Scalars['ID']['input'];
  readonly priority?: InputMaybe<Scalars['Int']['input']>;
  readonly alternateIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly override?: InputMaybe<RequestOverrideInput>;
};

/** A request to take back. */
export type WithdrawRequestInput = {
  readonly requestId: Scalars['ID']['input'];
  readonly reason: Scalars['String']['input'];
};

/** A student's whole sheet. */
export type SaveRequestsInput = {
  readonly schoolId: Scalars['ID']['input'];
  readonly studentId: Scalars['ID']['input'];
  readonly schoolYear: Scalars['Int']['input'];
  /** The revision that was read; 0 when there was no sheet. */
  readonly baseRevision: Scalars['Int']['input'];
  /** In the order in which they stand, at most 30. */
  readonly requests: ReadonlyArray<WantedRequestInput>;
  readonly override?: InputMaybe<RequestOverrideInput>;
};

/** A course to ask for. */
export type WantedRequestInput = {
  readonly courseId: Scalars['ID']['input'];
  /** 1 to 3; left out: 2. */
  readonly priority?: InputMaybe<Scalars['Int']['input']>;
  /** The best first. */
  readonly alternateIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
};

/** Which sheets: those that meet all that is given. */
export type RequestSheetFilter = {
  readonly gradeLevel?: InputMaybe<Scalars['String']['input']>;
  readonly program?: InputMaybe<Scalars['String']['input']>;
  readonly team?: InputMaybe<Scalars['String']['input']>;
  /** Who ask for this course. */
  readonly requestingCourseId?: InputMaybe<Scalars['ID']['input']>;
  readonly studentIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
};

/** What happens to a course on many sheets. */
export type MassEditKind =
  | 'ADD'
  /** Takes `replacedCourseId` away where it is asked for, and puts the course in its place. */
  | 'REPLACE'
  | 'WITHDRAW';

/** A change of many sheets. */
export type MassEditRequestsInput = {
  readonly schoolId: Scalars['ID']['input'];
  readonly schoolYear: Scalars['Int']['input'];
  readonly kind: MassEditKind;
  readonly courseId: Scalars['ID']['input'];
  readonly replacedCourseId?: InputMaybe<Scalars['ID']['input']>;
  /** Of a course that is added; 1 to 3; left out: 2, or what the replaced one had. */
  readonly priority?: InputMaybe<Scalars['Int']['input']>;
  readonly alternateIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly filter: RequestSheetFilter;
  /** Only tell what would change. */
  readonly dryRun: Scalars['Boolean']['input'];
  readonly reason: Scalars['String']['input'];
  readonly override?: InputMaybe<RequestOverrideInput>;
};

/** How to fill the sheets of a grade. */
export type GenerateRequestsInput = {
  readonly schoolId: Scalars['ID']['input'];
  readonly schoolYear: Scalars['Int']['input'];
  readonly gradeLevel: Scalars['String']['input'];
  /** The courses that everybody of the grade asks for; left out: each student's plan decides. */
  readonly template?: InputMaybe<ReadonlyArray<WantedRequestInput>>;
  /** Only tell what would change. */
  readonly dryRun: Scalars['Boolean']['input'];
};

/** A graduation plan. */
export type SetGraduationPlanInput = {
  readonly schoolId: Scalars['ID']['input'];
  readonly name: Scalars['String']['input'];
  readonly requirements: ReadonlyArray<CreditRequirementInput>;
};

/** Credits in a subject. */
export type CreditRequirementInput = {
  readonly subject: Scalars['String']['input'];
  readonly credits: Scalars['Float']['input'];
  /** Numbers of the courses that count, in the order in which they are taken. */
  readonly courses: ReadonlyArray<Scalars['String']['input']>;
};

/** Who could teach what in a school year, and how much. */
export type SetTeachingCapacityInput = {
  readonly schoolId: Scalars['ID']['input'];
  readonly staffId: Scalars['ID']['input'];
  readonly schoolYear: Scalars['Int']['input'];
  readonly courseIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly subjects?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly maxSections: Scalars['Int']['input'];
  readonly preparationPeriods?: InputMaybe<Scalars['Int']['input']>;
  readonly unavailable?: InputMaybe<ReadonlyArray<UnavailablePeriodInput>>;
};

/** A period in which somebody does not teach. */
export type UnavailablePeriodInput = {
  readonly periodId: Scalars['ID']['input'];
  /** Days of the rotation or weekdays; left out: on every day. */
  readonly days?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** What became of a row of a file. */
export type ImportedRowOutcome =
  | 'SAVED'
  | 'UNCHANGED'
  | 'REFUSED'
  /** Right in itself, but another row of a strict import is wrong. */
  | 'HELD_BACK';

/** A file of the scheduling package. */
export type ScheduleFile =
  | 'COURSES'
  | 'ROOMS'
  | 'TEACHERS'
  | 'SECTIONS'
  | 'STUDENTS'
  | 'COURSE_HISTORY'
  | 'REQUESTS';

/** Files to import. */
export type ImportRequestsInput = {
  readonly schoolId: Scalars['ID']['input'];
  /** Of the sections, the students' sheets, the requests and the teachers' capacities. */
  readonly schoolYear: Scalars['Int']['input'];
  /** The system that students' and teachers' ids come from; ids that are Rollbook's own are taken as they are. */
  readonly source: Scalars['String']['input'];
  /** True: one wrong row, and nothing is saved. False: what is right is saved. */
  readonly strict: Scalars['Boolean']['input'];
  /** Only tell what would change. */
  readonly dryRun: Scalars['Boolean']['input'];
  readonly files: ReadonlyArray<ScheduleFileInput>;
};

/** A file, or a part of one. */
export type ScheduleFileInput = {
  readonly file: ScheduleFile;
  /** The header and rows, RFC 4180. */
  readonly csv: Scalars['String']['input'];
  /** Of a part: the line of its first row in the whole file. Left out: 2. */
  readonly firstLine?: InputMaybe<Scalars['Int']['input']>;
};

/** Classes to drop and to add. */
export type ChangeScheduleInput = {
  readonly studentId: Scalars['ID']['input'];
  readonly addSectionIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly dropSectionIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** The first day in the new classes and out of the old ones. Left out: today; a section that has not begun counts from its first day. */
  readonly on?: InputMaybe<Scalars['Date']['input']>;
  /** Kept with each change. */
  readonly reason: Scalars['String']['input'];
  /** Passes the limit of seats and what speaks against a class; never two classes at the same time. For principals and counselors. */
  readonly override?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A course that a student wants now. */
export type WalkInRequestInput = {
  readonly courseId: Scalars['ID']['input'];
  /** 1 must not be missed, 2 was chosen, 3 would be nice; left out: 2. */
  readonly priority?: InputMaybe<Scalars['Int']['input']>;
  /** Courses that would do instead, the best first. */
  readonly alternates?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
};

/** Seats to keep. */
export type HoldSeatsInput = {
  readonly studentId: Scalars['ID']['input'];
  readonly sectionIds: ReadonlyArray<Scalars['ID']['input']>;
  /** 1 to 60; left out: 10. */
  readonly minutes?: InputMaybe<Scalars['Int']['input']>;
  /** Holds seats that are kept for others, or without what is linked to them; the reason is asked for when they are taken up. For principals and counselors. */
  readonly override?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A hold to take up. */
export type CommitHoldInput = {
  readonly holdId: Scalars['ID']['input'];
  /** The first day. Left out: today; a section that has not begun counts from its first day. */
  readonly on?: InputMaybe<Scalars['Date']['input']>;
  /** Kept with each change. */
  readonly reason: Scalars['String']['input'];
  /** Passes what speaks against a class. For principals and counselors. */
  readonly override?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A hold to give back. */
export type ReleaseHoldInput = {
  readonly holdId: Scalars['ID']['input'];
};

/** A section to cancel or to move. */
export type ApplySectionChangeInput = {
  readonly sectionId: Scalars['ID']['input'];
  /** The first day of it. */
  readonly on: Scalars['Date']['input'];
  /** When it meets from then; left out: no more, it is cancelled. */
  readonly meetings?: InputMaybe<ReadonlyArray<MeetingInput>>;
  /** Kept with each change. */
  readonly reason: Scalars['String']['input'];
};

/** The periods in which nobody misses a class. */
export type SetOptionalPeriodsInput = {
  readonly schoolId: Scalars['ID']['input'];
  /** All of them; none: everybody should have a class in every period. */
  readonly periodIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** A period to leave free. */
export type ReleaseFromPeriodInput = {
  readonly studentId: Scalars['ID']['input'];
  readonly periodId: Scalars['ID']['input'];
  readonly begins: Scalars['Date']['input'];
  /** The first day no more; left out: until further notice. */
  readonly ends?: InputMaybe<Scalars['Date']['input']>;
  readonly reason: Scalars['String']['input'];
};

/** What a scenario is now. */
export type ScenarioStatus =
  /** Being planned. */
  | 'DRAFT'
  /** The last one that was made live. */
  | 'COMMITTED'
  /** Was made live once, and another one after it. */
  | 'REPLACED';

/** A part of a scenario that no run may change. */
export type ScenarioLock =
  | 'PLACEMENT'
  | 'TEACHER'
  | 'ROOM';

/** What a run does. */
export type RunKind =
  /** Chooses when, where and with whom the sections meet, and seats the students. */
  | 'BUILD'
  /** Seats the students in the sections as they are placed. */
  | 'LOAD';

/** How a run stands. */
export type RunStatus =
  | 'WAITING'
  | 'RUNNING'
  | 'DONE'
  /** Ended by cancelRun; what it had is its proposal. */
  | 'CANCELLED'
  | 'FAILED';

/** What kind of change meets a request, by what it asks of others. */
export type RepairKind =
  /** A seat that is there, in the course or an alternate that was asked for. */
  | 'SEAT'
  /** The same, when the student takes another class in another section. */
  | 'MOVE_OTHER'
  /** A seat beyond the section's limit; the room has a chair for it. */
  | 'ONE_SEAT_MORE'
  /** A section meets at another time: the course's own, or the class in its way. */
  | 'MOVE_SECTION'
  /** A course that others name beside this one, or that the grade asks for: the student has to agree. */
  | 'NEW_ALTERNATE'
  /** One section more of the course; a teacher and a room are free. */
  | 'ADD_SECTION';

/** A scenario to take from the live sections. */
export type AddScenarioInput = {
  readonly schoolId: Scalars['ID']['input'];
  /** Named by the year it ends in. */
  readonly schoolYear: Scalars['Int']['input'];
  readonly name: Scalars['String']['input'];
};

/** A scenario to copy. */
export type CopyScenarioInput = {
  readonly scenarioId: Scalars['ID']['input'];
  readonly name: Scalars['String']['input'];
};

/** A cell of the timetable. */
export type ScenarioMeetingInput = {
  /** One of the terms that sections of the school run in; left out: all in which the section runs. */
  readonly sessionId?: InputMaybe<Scalars['ID']['input']>;
  readonly periodId: Scalars['ID']['input'];
  /** A day of the rotation; left out: every day. */
  readonly day?: InputMaybe<Scalars['String']['input']>;
};

/** Seats to keep for students of a program. */
export type SeatReservationInput = {
  /** As students' request sheets name it: SPECIAL_EDUCATION. */
  readonly program: Scalars['String']['input'];
  readonly seats: Scalars['Int']['input'];
};

/** A section to add. */
export type AddScenarioSectionInput = {
  readonly scenarioId: Scalars['ID']['input'];
  readonly courseId: Scalars['ID']['input'];
  readonly number: Scalars['String']['input'];
  readonly sessionIds: ReadonlyArray<Scalars['ID']['input']>;
  readonly seats?: InputMaybe<Scalars['Int']['input']>;
  readonly meetings?: InputMaybe<ReadonlyArray<ScenarioMeetingInput>>;
  readonly teacherId?: InputMaybe<Scalars['ID']['input']>;
  readonly coTeacherIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly roomId?: InputMaybe<Scalars['ID']['input']>;
  /** What no run may change. */
  readonly locks?: InputMaybe<ReadonlyArray<ScenarioLock>>;
  /** Seats that are kept for programs. */
  readonly reservations?: InputMaybe<ReadonlyArray<SeatReservationInput>>;
  /** Whoever is in one section of a link is in the others of it: a lecture and its lab. */
  readonly link?: InputMaybe<Scalars['String']['input']>;
  /** Only for students of this team or house. */
  readonly team?: InputMaybe<Scalars['String']['input']>;
  /** Only for students of this track of a year-round school. */
  readonly track?: InputMaybe<Scalars['String']['input']>;
  /** Sections of the same value meet as one class: at one time, with one teacher, in one room. */
  readonly combinedWith?: InputMaybe<Scalars['String']['input']>;
  /** A room of one of these groups; none: any room. */
  readonly roomGroups?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** How many periods that follow one another it takes on a day: 2 for a double period. */
  readonly periodsInARow?: InputMaybe<Scalars['Int']['input']>;
  /** Sets of days of the rotation: it may meet on the days of any one of them. An empty set: every day. */
  readonly dayChoices?: InputMaybe<ReadonlyArray<ReadonlyArray<Scalars['String']['input']>>>;
  /** It runs in one of these sessions, and a run may choose which; none: in all of its sessions. */
  readonly sessionChoiceIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
};

/** What changes of a section; what is left out stays. */
export type ChangeScenarioSectionInput = {
  readonly scenarioId: Scalars['ID']['input'];
  readonly sectionId: Scalars['ID']['input'];
  /** As it was seen. */
  readonly revision: Scalars['Int']['input'];
  readonly number?: InputMaybe<Scalars['String']['input']>;
  /** Null: as many as come. */
  readonly seats?: InputMaybe<Scalars['Int']['input']>;
  /** Null: open, for a run to choose. */
  readonly meetings?: InputMaybe<ReadonlyArray<ScenarioMeetingInput>>;
  /** Null: open, for a run to choose. */
  readonly teacherId?: InputMaybe<Scalars['ID']['input']>;
  readonly coTeacherIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** Null: open, for a run to choose. */
  readonly roomId?: InputMaybe<Scalars['ID']['input']>;
  /** What no run may change. */
  readonly locks?: InputMaybe<ReadonlyArray<ScenarioLock>>;
  /** Seats that are kept for programs. */
  readonly reservations?: InputMaybe<ReadonlyArray<SeatReservationInput>>;
  /** Whoever is in one section of a link is in the others of it: a lecture and its lab. Null: in none. */
  readonly link?: InputMaybe<Scalars['String']['input']>;
  /** Only for students of this team or house; null: for all. */
  readonly team?: InputMaybe<Scalars['String']['input']>;
  /** Only for students of this track of a year-round school; null: for all. */
  readonly track?: InputMaybe<Scalars['String']['input']>;
  /** Sections of the same value meet as one class: at one time, with one teacher, in one room. Null: alone. */
  readonly combinedWith?: InputMaybe<Scalars['String']['input']>;
  /** A room of one of these groups; none: any room. */
  readonly roomGroups?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** How many periods that follow one another it takes on a day: 2 for a double period. */
  readonly periodsInARow?: InputMaybe<Scalars['Int']['input']>;
  /** Sets of days of the rotation: it may meet on the days of any one of them. An empty set: every day. */
  readonly dayChoices?: InputMaybe<ReadonlyArray<ReadonlyArray<Scalars['String']['input']>>>;
  /** It runs in one of these sessions, and a run may choose which; none: in all of its sessions. */
  readonly sessionChoiceIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
};

/** A section to take out. */
export type RemoveScenarioSectionInput = {
  readonly scenarioId: Scalars['ID']['input'];
  readonly sectionId: Scalars['ID']['input'];
  /** As it was seen. */
  readonly revision: Scalars['Int']['input'];
};

/** Where a student shall sit. */
export type SetScenarioSeatsInput = {
  readonly scenarioId: Scalars['ID']['input'];
  readonly studentId: Scalars['ID']['input'];
  readonly sectionIds: ReadonlyArray<Scalars['ID']['input']>;
  /** Of these, the ones that no run may change. */
  readonly lockedSectionIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** The student's sections as they were seen. */
  readonly seenSectionIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** A change to take back. */
export type UndoScenarioChangeInput = {
  readonly scenarioId: Scalars['ID']['input'];
  readonly changeId: Scalars['ID']['input'];
};

/** A scenario that shall follow the live sections. */
export type TakeLiveAgainInput = {
  readonly scenarioId: Scalars['ID']['input'];
  /** The scenario's, as it was seen. */
  readonly baseRevision: Scalars['Int']['input'];
};

/** A run to begin. */
export type StartRunInput = {
  readonly scenarioId: Scalars['ID']['input'];
  readonly kind: RunKind;
  /** 1 to 3600. */
  readonly seconds: Scalars['Int']['input'];
  /** Left out: 1. */
  readonly seed?: InputMaybe<Scalars['Int']['input']>;
};

/** A run to end. */
export type CancelRunInput = {
  readonly runId: Scalars['ID']['input'];
};

/** A proposal to accept. */
export type ApplyRunInput = {
  readonly runId: Scalars['ID']['input'];
  /** The scenario's revision, as it was seen. */
  readonly baseRevision: Scalars['Int']['input'];
};

/** A scenario to make live. */
export type CommitScenarioInput = {
  readonly scenarioId: Scalars['ID']['input'];
  /** The scenario's revision, as it was seen. */
  readonly baseRevision: Scalars['Int']['input'];
  readonly reason: Scalars['String']['input'];
  /** From this day on; left out: today, or of each section its first day when it has not begun. */
  readonly begins?: InputMaybe<Scalars['Date']['input']>;
};

/** Sections to add as they are recommended. */
export type AddRecommendedSectionsInput = {
  readonly scenarioId: Scalars['ID']['input'];
  /** The scenario's revision, as it was seen. */
  readonly baseRevision: Scalars['Int']['input'];
  /** For these courses alone; left out: for all. */
  readonly courseIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
};

/** A request of academicSessions.csv. */
export type ImportAcademicSessionsInput = {
  /** The same for all requests of one import. */
  readonly importId: Scalars['ID']['input'];
  /** Counts the requests of this file, from 0. */
  readonly batch: Scalars['Int']['input'];
  /** The system the rows come from; ids are derived from its name. */
  readonly source: Scalars['String']['input'];
  /** Only tell what would change. */
  readonly dryRun: Scalars['Boolean']['input'];
  /** The day on which what is to be deleted ends. */
  readonly today: Scalars['Date']['input'];
  readonly rows: ReadonlyArray<ImportAcademicSessionRow>;
};

/** A row of academicSessions.csv. */
export type ImportAcademicSessionRow = {
  readonly sourcedId: Scalars['String']['input'];
  readonly title: Scalars['String']['input'];
  /** schoolYear, semester, term or gradingPeriod. */
  readonly type: Scalars['String']['input'];
  readonly begins: Scalars['Date']['input'];
  /** The first day after it. */
  readonly ends: Scalars['Date']['input'];
  readonly parentSourcedId?: InputMaybe<Scalars['String']['input']>;
  /** Named by the year it ends in. */
  readonly schoolYear: Scalars['Int']['input'];
  /** active, tobedeleted or nothing. */
  readonly status?: InputMaybe<Scalars['String']['input']>;
};

/** A request of courses.csv. */
export type ImportCoursesInput = {
  /** The same for all requests of one import. */
  readonly importId: Scalars['ID']['input'];
  /** Counts the requests of this file, from 0. */
  readonly batch: Scalars['Int']['input'];
  /** The system the rows come from; ids are derived from its name. */
  readonly source: Scalars['String']['input'];
  /** Only tell what would change. */
  readonly dryRun: Scalars['Boolean']['input'];
  /** The day on which what is to be deleted ends. */
  readonly today: Scalars['Date']['input'];
  readonly rows: ReadonlyArray<ImportCourseRow>;
};

/** A row of courses.csv. */
export type ImportCourseRow = {
  readonly sourcedId: Scalars['String']['input'];
  readonly title: Scalars['String']['input'];
  readonly courseCode?: InputMaybe<Scalars['String']['input']>;
  readonly grades?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** The school or the district that offers it. */
  readonly orgSourcedId: Scalars['String']['input'];
  readonly schoolYearSourcedId?: InputMaybe<Scalars['String']['input']>;
  readonly subjects?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly subjectCodes?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** active, tobedeleted or nothing. */
  readonly status?: InputMaybe<Scalars['String']['input']>;
};

/** A request of classes.csv. */
export type ImportClassesInput = {
  /** The same for all requests of one import. */
  readonly importId: Scalars['ID']['input'];
  /** Counts the requests of this file, from 0. */
  readonly batch: Scalars['Int']['input'];
  /** The system the rows come from; ids are derived from its name. */
  readonly source: Scalars['String']['input'];
  /** Only tell what would change. */
  readonly dryRun: Scalars['Boolean']['input'];
  /** The day on which what is to be deleted ends, and from which a changed time and place holds. */
  readonly today: Scalars['Date']['input'];
  readonly rows: ReadonlyArray<ImportClassRow>;
};

/** A row of classes.csv. */
export type ImportClassRow = {
  readonly sourcedId: Scalars['String']['input'];
  readonly title: Scalars['String']['input'];
  readonly classCode?: InputMaybe<Scalars['String']['input']>;
  /** homeroom or scheduled. */
  readonly classType?: InputMaybe<Scalars['String']['input']>;
  /** The name of a room. */
  readonly location?: InputMaybe<Scalars['String']['input']>;
  readonly grades?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly courseSourcedId: Scalars['String']['input'];
  readonly schoolSourcedId: Scalars['String']['input'];
  /** The class lasts from the first one's beginning to the last one's end. */
  readonly termSourcedIds: ReadonlyArray<Scalars['String']['input']>;
  readonly subjects?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Names of periods, in each of which it meets every school day; none: the source does not tell when it meets. */
  readonly periods?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** active, tobedeleted or nothing. */
  readonly status?: InputMaybe<Scalars['String']['input']>;
};

/** A request of enrollments.csv. */
export type ImportEnrollmentsInput = {
  /** The same for all requests of one import. */
  readonly importId: Scalars['ID']['input'];
  /** Counts the requests of this file, from 0. */
  readonly batch: Scalars['Int']['input'];
  /** The system the rows come from; ids are derived from its name. */
  readonly source: Scalars['String']['input'];
  /** Only tell what would change. */
  readonly dryRun: Scalars['Boolean']['input'];
  /** The day on which what is to be deleted ends. */
  readonly today: Scalars['Date']['input'];
  readonly rows: ReadonlyArray<ImportEnrollmentRow>;
};

/** A row of enrollments.csv. */
export type ImportEnrollmentRow = {
  readonly sourcedId: Scalars['String']['input'];
  readonly classSourcedId: Scalars['String']['input'];
  readonly schoolSourcedId?: InputMaybe<Scalars['String']['input']>;
  readonly userSourcedId: Scalars['String']['input'];
  /** student or teacher; administrator and proctor are not kept. */
  readonly role: Scalars['String']['input'];
  /** Of a teacher: the teacher of record. Else a co-teacher. */
  readonly primary?: InputMaybe<Scalars['Boolean']['input']>;
  /** Left out: the class's first day. */
  readonly begins?: InputMaybe<Scalars['Date']['input']>;
  /** The first day no more; left out: until the class ends. */
  readonly ends?: InputMaybe<Scalars['Date']['input']>;
  /** active, tobedeleted or nothing. */
  readonly status?: InputMaybe<Scalars['String']['input']>;
};

/** The end of an import. */
export type FinishScheduleImportInput = {
  readonly importId: Scalars['ID']['input'];
  readonly source: Scalars['String']['input'];
  /** The files that were bulk: academicSessions, courses, classes, enrollments; others are not of this service. */
  readonly bulkKinds: ReadonlyArray<Scalars['String']['input']>;
  /** The day with which things end. */
  readonly today: Scalars['Date']['input'];
};

export type QueryAcademicSessionArguments = {
  readonly id: Scalars['ID']['input'];
};

export type MutationAddAcademicSessionArguments = {
  readonly input: AddAcademicSessionInput;
};

export type MutationAddGradingPeriodArguments = {
  readonly input: AddGradingPeriodInput;
};

export type MutationAddCalendarArguments = {
  readonly input: AddCalendarInput;
};

export type MutationSetCalendarDatesArguments = {
  readonly input: SetCalendarDatesInput;
};

export type SchoolCalendarsArguments = {
  /** Named by the year it ends in. */
  readonly schoolYear?: InputMaybe<Scalars['Int']['input']>;
};

export type CalendarDatesArguments = {
  /** The first day wanted. */
  readonly from?: InputMaybe<Scalars['Date']['input']>;
  /** The last day wanted, inclusive. */
  readonly to?: InputMaybe<Scalars['Date']['input']>;
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type SchoolBellScheduleOnArguments = {
  readonly date: Scalars['Date']['input'];
  /** The track of a year-round school. */
  readonly track?: InputMaybe<Scalars['String']['input']>;
};

export type MutationSetPeriodsArguments = {
  readonly input: SetPeriodsInput;
};

export type MutationSetBellScheduleArguments = {
  readonly input: SetBellScheduleInput;
};

export type MutationUseBellScheduleArguments = {
  readonly input: UseBellScheduleInput;
};

export type QueryCourseArguments = {
  readonly id: Scalars['ID']['input'];
};

export type QueryCoursesArguments = {
  readonly schoolId?: InputMaybe<Scalars['ID']['input']>;
  /** Part of the title, or the beginning of the number. */
  readonly filter?: InputMaybe<Scalars['String']['input']>;
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type MutationAddCourseArguments = {
  readonly input: AddCourseInput;
};

export type MutationChangeCourseArguments = {
  readonly input: ChangeCourseInput;
};

export type QueryMyDayArguments = {
  readonly date?: InputMaybe<Scalars['Date']['input']>;
};

export type QuerySectionArguments = {
  readonly id: Scalars['ID']['input'];
};

export type QuerySectionsArguments = {
  readonly schoolId: Scalars['ID']['input'];
  readonly courseId?: InputMaybe<Scalars['ID']['input']>;
  /** Only those that take place on this day. */
  readonly on?: InputMaybe<Scalars['Date']['input']>;
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryRoomsArguments = {
  readonly schoolId: Scalars['ID']['input'];
};

export type MutationAddRoomArguments = {
  readonly input: AddRoomInput;
};

export type MutationChangeRoomArguments = {
  readonly input: ChangeRoomInput;
};

export type MutationAddSectionArguments = {
  readonly input: AddSectionInput;
};

export type MutationChangeSectionArguments = {
  readonly input: ChangeSectionInput;
};

export type MutationSetMeetingsArguments = {
  readonly input: SetMeetingsInput;
};

export type MutationAssignTeacherArguments = {
  readonly input: AssignTeacherInput;
};

export type MutationEndTeacherAssignmentArguments = {
  readonly input: EndTeacherAssignmentInput;
};

export type MutationAddSubstituteArguments = {
  readonly input: AddSubstituteInput;
};

export type MutationCancelSectionArguments = {
  readonly input: CancelSectionInput;
};

export type SchoolSectionsArguments = {
  readonly courseId?: InputMaybe<Scalars['ID']['input']>;
  /** Only those that take place on this day. */
  readonly on?: InputMaybe<Scalars['Date']['input']>;
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type StaffSectionsArguments = {
  readonly on?: InputMaybe<Scalars['Date']['input']>;
};

export type SectionTeachersArguments = {
  readonly on?: InputMaybe<Scalars['Date']['input']>;
};

export type SectionMeetingsArguments = {
  readonly on?: InputMaybe<Scalars['Date']['input']>;
};

export type MutationAddToRosterArguments = {
  readonly input: AddToRosterInput;
};

export type MutationDropFromRosterArguments = {
  readonly input: DropFromRosterInput;
};

export type SectionRosterArguments = {
  readonly on?: InputMaybe<Scalars['Date']['input']>;
};

export type StudentSectionsArguments = {
  readonly on?: InputMaybe<Scalars['Date']['input']>;
};

export type QueryCourseRequestsArguments = {
  readonly schoolId: Scalars['ID']['input'];
  readonly schoolYear?: InputMaybe<Scalars['Int']['input']>;
  readonly filter?: InputMaybe<CourseRequestFilter>;
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryRequestTallyArguments = {
  readonly schoolId: Scalars['ID']['input'];
  readonly schoolYear?: InputMaybe<Scalars['Int']['input']>;
};

export type QueryStudentsToReviewArguments = {
  readonly schoolId: Scalars['ID']['input'];
  readonly schoolYear?: InputMaybe<Scalars['Int']['input']>;
  readonly codes?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryGraduationPlansArguments = {
  readonly schoolId: Scalars['ID']['input'];
};

export type QueryTeachingCapacitiesArguments = {
  readonly schoolId: Scalars['ID']['input'];
  readonly schoolYear?: InputMaybe<Scalars['Int']['input']>;
};

export type MutationOpenRequestSheetsArguments = {
  readonly input: OpenRequestSheetsInput;
};

export type MutationRequestCourseArguments = {
  readonly input: RequestCourseInput;
};

export type MutationChangeRequestArguments = {
  readonly input: ChangeRequestInput;
};

export type MutationWithdrawRequestArguments = {
  readonly input: WithdrawRequestInput;
};

export type MutationSaveRequestsArguments = {
  readonly input: SaveRequestsInput;
};

export type MutationMassEditRequestsArguments = {
  readonly input: MassEditRequestsInput;
};

export type MutationGenerateRequestsArguments = {
  readonly input: GenerateRequestsInput;
};

export type MutationSetGraduationPlanArguments = {
  readonly input: SetGraduationPlanInput;
};

export type MutationSetTeachingCapacityArguments = {
  readonly input: SetTeachingCapacityInput;
};

export type MutationImportRequestsArguments = {
  readonly input: ImportRequestsInput;
};

export type StudentCourseRequestsArguments = {
  readonly schoolYear?: InputMaybe<Scalars['Int']['input']>;
};

export type StudentRequestSheetsArguments = {
  readonly schoolYear?: InputMaybe<Scalars['Int']['input']>;
};

export type QueryStudentsWithoutFullScheduleArguments = {
  readonly schoolId: Scalars['ID']['input'];
  readonly on?: InputMaybe<Scalars['Date']['input']>;
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryScheduleGapCountArguments = {
  readonly schoolId: Scalars['ID']['input'];
  readonly on?: InputMaybe<Scalars['Date']['input']>;
};

export type QueryWalkInArguments = {
  readonly schoolId: Scalars['ID']['input'];
  readonly studentId: Scalars['ID']['input'];
  /** From this day; left out: today. */
  readonly on?: InputMaybe<Scalars['Date']['input']>;
  /** Left out: those of the student's sheet for the school year. */
  readonly requests?: InputMaybe<ReadonlyArray<WalkInRequestInput>>;
};

export type QuerySectionChangePlanArguments = {
  readonly sectionId: Scalars['ID']['input'];
  readonly on: Scalars['Date']['input'];
  /** When it would meet; left out: no more. */
  readonly meetings?: InputMaybe<ReadonlyArray<MeetingInput>>;
};

export type MutationChangeScheduleArguments = {
  readonly input: ChangeScheduleInput;
};

export type MutationHoldSeatsArguments = {
  readonly input: HoldSeatsInput;
};

export type MutationCommitHoldArguments = {
  readonly input: CommitHoldInput;
};

export type MutationReleaseHoldArguments = {
  readonly input: ReleaseHoldInput;
};

export type MutationApplySectionChangeArguments = {
  readonly input: ApplySectionChangeInput;
};

export type MutationSetOptionalPeriodsArguments = {
  readonly input: SetOptionalPeriodsInput;
};

export type MutationReleaseFromPeriodArguments = {
  readonly input: ReleaseFromPeriodInput;
};

export type QueryScenarioArguments = {
  readonly id: Scalars['ID']['input'];
};

export type QueryScenariosArguments = {
  readonly schoolId: Scalars['ID']['input'];
  /** Named by the year it ends in. */
  readonly schoolYear: Scalars['Int']['input'];
};

export type QueryScheduleRunArguments = {
  readonly id: Scalars['ID']['input'];
};

export type QueryCompareScenariosArguments = {
  readonly ids: ReadonlyArray<Scalars['ID']['input']>;
};

export type MutationAddScenarioArguments = {
  readonly input: AddScenarioInput;
};

export type MutationCopyScenarioArguments = {
  readonly input: CopyScenarioInput;
};

export type MutationAddScenarioSectionArguments = {
  readonly input: AddScenarioSectionInput;
};

export type MutationChangeScenarioSectionArguments = {
  readonly input: ChangeScenarioSectionInput;
};

export type MutationRemoveScenarioSectionArguments = {
  readonly input: RemoveScenarioSectionInput;
};

export type MutationSetScenarioSeatsArguments = {
  readonly input: SetScenarioSeatsInput;
};

export type MutationUndoScenarioChangeArguments = {
  readonly input: UndoScenarioChangeInput;
};

export type MutationTakeLiveAgainArguments = {
  readonly input: TakeLiveAgainInput;
};

export type MutationStartRunArguments = {
  readonly input: StartRunInput;
};

export type MutationCancelRunArguments = {
  readonly input: CancelRunInput;
};

export type MutationApplyRunArguments = {
  readonly input: ApplyRunInput;
};

export type MutationCommitScenarioArguments = {
  readonly input: CommitScenarioInput;
};

export type ScheduleScenarioSectionsArguments = {
  readonly courseId?: InputMaybe<Scalars['ID']['input']>;
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type ScheduleScenarioSeatsArguments = {
  readonly studentId: Scalars['ID']['input'];
};

export type ScheduleScenarioChangesArguments = {
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type QueryRecommendedSectionsArguments = {
  readonly schoolId: Scalars['ID']['input'];
  readonly schoolYear?: InputMaybe<Scalars['Int']['input']>;
  readonly scenarioId?: InputMaybe<Scalars['ID']['input']>;
};

export type MutationAddRecommendedSectionsArguments = {
  readonly input: AddRecommendedSectionsInput;
};

export type ScheduleScenarioConcernsArguments = {
  readonly code?: InputMaybe<Scalars['String']['input']>;
  readonly first?: InputMaybe<Scalars['Int']['input']>;
};

export type ScheduleScenarioFairnessArguments = {
  readonly studentId?: InputMaybe<Scalars['ID']['input']>;
  readonly grade?: InputMaybe<Scalars['String']['input']>;
  readonly program?: InputMaybe<Scalars['String']['input']>;
  readonly first?: InputMaybe<Scalars['Int']['input']>;
  readonly after?: InputMaybe<Scalars['String']['input']>;
};

export type MutationImportAcademicSessionsArguments = {
  readonly input: ImportAcademicSessionsInput;
};

export type MutationImportCoursesArguments = {
  readonly input: ImportCoursesInput;
};

export type MutationImportClassesArguments = {
  readonly input: ImportClassesInput;
};

export type MutationImportEnrollmentsArguments = {
  readonly input: ImportEnrollmentsInput;
};

export type MutationFinishScheduleImportArguments = {
  readonly input: FinishScheduleImportInput;
};

export type QueryArguments = {
  readonly academicSession: QueryAcademicSessionArguments;
  readonly course: QueryCourseArguments;
  readonly courses: QueryCoursesArguments;
  readonly myDay: QueryMyDayArguments;
  readonly section: QuerySectionArguments;
  readonly sections: QuerySectionsArguments;
  readonly rooms: QueryRoomsArguments;
  readonly courseRequests: QueryCourseRequestsArguments;
  readonly requestTally: QueryRequestTallyArguments;
  readonly studentsToReview: QueryStudentsToReviewArguments;
  readonly graduationPlans: QueryGraduationPlansArguments;
  readonly teachingCapacities: QueryTeachingCapacitiesArguments;
  readonly studentsWithoutFullSchedule: QueryStudentsWithoutFullScheduleArguments;
  readonly scheduleGapCount: QueryScheduleGapCountArguments;
  readonly walkIn: QueryWalkInArguments;
  readonly sectionChangePlan: QuerySectionChangePlanArguments;
  readonly scenario: QueryScenarioArguments;
  readonly scenarios: QueryScenariosArguments;
  readonly scheduleRun: QueryScheduleRunArguments;
  readonly compareScenarios: QueryCompareScenariosArguments;
  readonly recommendedSections: QueryRecommendedSectionsArguments;
};

export type MutationArguments = {
  readonly addAcademicSession: MutationAddAcademicSessionArguments;
  readonly addGradingPeriod: MutationAddGradingPeriodArguments;
  readonly addCalendar: MutationAddCalendarArguments;
  readonly setCalendarDates: MutationSetCalendarDatesArguments;
  readonly setPeriods: MutationSetPeriodsArguments;
  readonly setBellSchedule: MutationSetBellScheduleArguments;
  readonly useBellSchedule: MutationUseBellScheduleArguments;
  readonly addCourse: MutationAddCourseArguments;
  readonly changeCourse: MutationChangeCourseArguments;
  readonly addRoom: MutationAddRoomArguments;
  readonly changeRoom: MutationChangeRoomArguments;
  readonly addSection: MutationAddSectionArguments;
  readonly changeSection: MutationChangeSectionArguments;
  readonly setMeetings: MutationSetMeetingsArguments;
  readonly assignTeacher: MutationAssignTeacherArguments;
  readonly endTeacherAssignment: MutationEndTeacherAssignmentArguments;
  readonly addSubstitute: MutationAddSubstituteArguments;
  readonly cancelSection: MutationCancelSectionArguments;
  readonly addToRoster: MutationAddToRosterArguments;
  readonly dropFromRoster: MutationDropFromRosterArguments;
  readonly openRequestSheets: MutationOpenRequestSheetsArguments;
  readonly requestCourse: MutationRequestCourseArguments;
  readonly changeRequest: MutationChangeRequestArguments;
  readonly withdrawRequest: MutationWithdrawRequestArguments;
  readonly saveRequests: MutationSaveRequestsArguments;
  readonly massEditRequests: MutationMassEditRequestsArguments;
  readonly generateRequests: MutationGenerateRequestsArguments;
  readonly setGraduationPlan: MutationSetGraduationPlanArguments;
  readonly setTeachingCapacity: MutationSetTeachingCapacityArguments;
  readonly importRequests: MutationImportRequestsArguments;
  readonly changeSchedule: MutationChangeScheduleArguments;
  readonly holdSeats: MutationHoldSeatsArguments;
  readonly commitHold: MutationCommitHoldArguments;
  readonly releaseHold: MutationReleaseHoldArguments;
  readonly applySectionChange: MutationApplySectionChangeArguments;
  readonly setOptionalPeriods: MutationSetOptionalPeriodsArguments;
  readonly releaseFromPeriod: MutationReleaseFromPeriodArguments;
  readonly addScenario: MutationAddScenarioArguments;
  readonly copyScenario: MutationCopyScenarioArguments;
  readonly addScenarioSection: MutationAddScenarioSectionArguments;
  readonly changeScenarioSection: MutationChangeScenarioSectionArguments;
  readonly removeScenarioSection: MutationRemoveScenarioSectionArguments;
  readonly setScenarioSeats: MutationSetScenarioSeatsArguments;
  readonly undoScenarioChange: MutationUndoScenarioChangeArguments;
  readonly takeLiveAgain: MutationTakeLiveAgainArguments;
  readonly startRun: MutationStartRunArguments;
  readonly cancelRun: MutationCancelRunArguments;
  readonly applyRun: MutationApplyRunArguments;
  readonly commitScenario: MutationCommitScenarioArguments;
  readonly addRecommendedSections: MutationAddRecommendedSectionsArguments;
  readonly importAcademicSessions: MutationImportAcademicSessionsArguments;
  readonly importCourses: MutationImportCoursesArguments;
  readonly importClasses: MutationImportClassesArguments;
  readonly importEnrollments: MutationImportEnrollmentsArguments;
  readonly finishScheduleImport: MutationFinishScheduleImportArguments;
};

export type SchoolArguments = {
  readonly calendars: SchoolCalendarsArguments;
  readonly bellScheduleOn: SchoolBellScheduleOnArguments;
  readonly sections: SchoolSectionsArguments;
};

export type CalendarArguments = {
  readonly dates: CalendarDatesArguments;
};

export type StaffArguments = {
  readonly sections: StaffSectionsArguments;
};

export type SectionArguments = {
  readonly teachers: SectionTeachersArguments;
  readonly meetings: SectionMeetingsArguments;
  readonly roster: SectionRosterArguments;
};

export type StudentArguments = {
  readonly sections: StudentSectionsArguments;
  readonly courseRequests: StudentCourseRequestsArguments;
  readonly requestSheets: StudentRequestSheetsArguments;
};

export type ScheduleScenarioArguments = {
  readonly sections: ScheduleScenarioSectionsArguments;
  readonly seats: ScheduleScenarioSeatsArguments;
  readonly changes: ScheduleScenarioChangesArguments;
  readonly concerns: ScheduleScenarioConcernsArguments;
  readonly fairness: ScheduleScenarioFairnessArguments;
};

export type Arguments = {
  readonly Query: QueryArguments;
  readonly Mutation: MutationArguments;
  readonly School: SchoolArguments;
  readonly Calendar: CalendarArguments;
  readonly Staff: StaffArguments;
  readonly Section: SectionArguments;
  readonly Student: StudentArguments;
  readonly ScheduleScenario: ScheduleScenarioArguments;
};
