import { isUuid, refuse } from '@rollbook/school';
import { batch, columnsOf, type Context, type Slice } from '@rollbook/subgraph';
import type { SectionRow } from '../rosters/entities.ts';
import { sectionById, type SeatRow, type StudentRow } from '../rosters/resolvers.ts';
import { maySeeClass, officesOf, studentsOn, teachersOn } from '../rosters/rules.ts';
import { Roll, RollEntry, RollSave, type EntryRow, type RollRow, type SaveRow } from './entities.ts';
import { asColumns, checkSave, checkText, meanings, ofPeriod, type Save, rollId, stateOf, type State } from './rules.ts';
import type {
  Arguments,
  CorrectAttendanceInput,
  SectionEnrollmentAttendanceArguments,
  SectionRollArguments,
  TakeRollInput,
} from '../schema.types.ts';

interface DayKey {
  readonly sectionId: string;
  readonly date: string;
}
const dayText = ({ sectionId, date }: DayKey) => `${sectionId} ${date}`;
const rollColumns = `${columnsOf(Roll, 'r')}, teachers_on(s, r.date) as "teacherIds"`;

/** All rolls that a section has on a day: most often one. */
const rollsOfDay = batch<DayKey, DayKey & { rolls: RollRow[] }>(
  async (days, { read }) => {
    const rolls = await read<RollRow>(
      `select ${rollColumns} from unnest($1::uuid[], $2::date[]) k (section_id, date)
         join roll r using (section_id, date) join section_roster s using (section_id)`,
      [days.map((day) => day.sectionId), days.map((day) => day.date)],
    );
    const byDay = Map.groupBy(rolls, dayText);
    return days.map((day) => ({ ...day, rolls: byDay.get(dayText(day)) ?? [] }));
  },
  (day) => day,
  dayText,
);

export const rollById = batch<string, RollRow>(
  (ids, { read }) =>
    read(`select ${rollColumns} from roll r join section_roster s using (section_id) where r.id = any($1)`, [ids.filter(isUuid)]),
  (roll) => roll.id,
);

interface StudentDayKey extends DayKey {
  readonly studentId: string;
}
const studentDayText = ({ sectionId, date, studentId }: StudentDayKey) => `${sectionId} ${date} ${studentId}`;

/** What a section's rolls of a day say about a student; a class of thirty is one statement. */
const entriesOfStudentDay = batch<StudentDayKey, StudentDayKey & { entries: EntryRow[] }>(
  async (keys, { read }) => {
    const entries = await read<EntryRow>(
      `select ${columnsOf(RollEntry, 'e')} from unnest($1::uuid[], $2::date[], $3::uuid[]) k (section_id, date, student_id)
         join roll_entry e using (section_id, date, student_id)`,
      [keys.map((key) => key.sectionId), keys.map((key) => key.date), keys.map((key) => key.studentId)],
    );
    const byKey = Map.groupBy(entries, studentDayText);
    return keys.map((key) => ({ ...key, entries: byKey.get(studentDayText(key)) ?? [] }));
  },
  (key) => key,
  studentDayText,
);

const entriesOfRoll = batch<string, { rollId: string; entries: EntryRow[] }>(
  async (ids, { read }) => {
    const entries = await read<EntryRow & { rollId: string }>(
      `select ${columnsOf(RollEntry, 'e')} from roll_entry e where e.roll_id = any($1) order by e.student_id`,
      [ids],
    );
    const byRoll = Map.groupBy(entries, (entry) => entry.rollId);
    return ids.map((rollId) => ({ rollId, entries: byRoll.get(rollId) ?? [] }));
  },
  (found) => found.rollId,
);

const statementsOfRoll = batch<string, { rollId: string; statements: SaveRow[] }>(
  async (ids, { read }) => {
    const saves = await read<SaveRow>(
      `select ${columnsOf(RollSave, 's')} from unnest($1::uuid[]) k (roll_id)
         cross join lateral (select * from roll_save s
           where s.roll_id = k.roll_id and s.answer ->> 'outcome' <> 'REFUSED' order by s.saved_at desc, s.save_id limit 100) s
         order by s.saved_at, s.revision`,
      [ids],
    );
    const byRoll = Map.groupBy(saves, (save) => save.rollId);
    return ids.map((rollId) => ({ rollId, statements: byRoll.get(rollId) ?? [] }));
  },
  (found) => found.rollId,
);

const untaken = (section: SectionRow, date: string, periodId: string): RollRow => ({
  id: rollId(section.id, date, periodId),
  sectionId: section.id,
  date,
  periodId,
  schoolId: section.schoolId,
  revision: 0,
  takenAt: null,
  takenBy: null,
  teacherIds: teachersOn(section, date),
});

/** The roll of a period; taken or not. */
async function findRoll(section: SectionRow, date: string, periodId: string, { load }: Context): Promise<RollRow> {
  const day = await load(rollsOfDay, { sectionId: section.id, date });
  return ofPeriod(day!.rolls, periodId) ?? untaken(section, date, periodId);
}

function checkMaySee(section: SectionRow, date: string, { viewer }: Context): void {
  if (!maySeeClass(viewer, section, date)) refuse('FORBIDDEN', `You do not teach this section on ${date}; its roll is for those who do.`);
}

async function rollOfSection(section: SectionRow, { date, periodId }: SectionRollArguments, context: Context) {
  checkMaySee(section, date, context);
  if (periodId) return isUuid(periodId) ? findRoll(section, date, periodId, context) : null;
  const day = await context.load(rollsOfDay, { sectionId: section.id, date });
  const taken = ofPeriod(day!.rolls, null);
  if (taken) return taken;
  const meetings = await context.read<{ periodId: string }>(
    `select distinct m.period_id as "periodId" from section_meeting m, school_day($2, $3) d
     where m.section_id = $1 and m.period_id is not null and d.is_open and is_meeting_on(m, $3, d.labels)`,
    [section.id, section.schoolId, date],
  );
  const meeting = ofPeriod(meetings, null);
  return meeting ? untaken(section, date, meeting.periodId) : null;
}

async function attendanceOfSeat(seat: SeatRow, { date, periodId }: SectionEnrollmentAttendanceArguments, context: Context): Promise<State> {
  const own = context.viewer.students.includes(seat.studentId);
  if (!own && seat.section) checkMaySee(seat.section, date, context);
  const found = await context.load(entriesOfStudentDay, { sectionId: seat.sectionId, studentId: seat.studentId, date });
  return stateOf(ofPeriod(found!.entries, periodId));
}

/** Who was on the roll when it was taken, and who is on the roster of that day by now. */
async function entriesOf(roll: RollRow, { load }: Context): Promise<{ student: StudentRow; attendance: State }[]> {
  const [section, said] = await Promise.all([load(sectionById, roll.sectionId), load(entriesOfRoll, roll.id)]);
  const entries = new Map(said!.entries.map((entry) => [entry.studentId, entry]));
  const ids = new Set([...(section ? studentsOn(section, roll.date) : []), ...entries.keys()]);
  return [...ids].sort().map((id) => ({ student: studentOf(roll, id), attendance: stateOf(entries.get(id)) }));
}

type Place = Pick<RollRow, 'schoolId' | 'teacherIds'>;

/** A student named by a roll stands to the viewer as somebody of that school, taught by those who teach the section that day. */
function studentOf(roll: Place, id: string): StudentRow {
  return { id, schoolIds: [roll.schoolId], teacherIds: roll.teacherIds };
}

async function statementsOf(roll: RollRow, { load }: Context) {
  const { statements } = (await load(statementsOfRoll, roll.id))!;
  return statements.map((save) => statementOf(roll, save));
}

/** A saving as the graph tells it. */
export const statementOf = (roll: Place, save: SaveRow) => ({
  ...save,
  kind: save.isCorrection ? 'CORRECTED' : 'TAKEN',
  reason: save.correctionReason,
  savedBy: { id: save.savedBy },
  onRoster: save.roster.length,
  exceptions: save.studentIds.map((id, i) => ({
    student: studentOf(roll, id),
    code: save.codes[i],
    minutes: save.minutes[i],
    comment: save.comments[i],
  })),
});

/** What the functions take_roll and correct_attendance answer. */
export interface StoredAnswer {
  readonly outcome: 'SAVED' | 'CONFLICT' | 'REFUSED' | 'ERROR';
  readonly code?: string;
  readonly revision?: number;
  readonly replayed?: boolean;
  readonly rows: readonly { studentId: string; code: string }[];
}

/** Who: who teaches the section that day, or the office of its school (checked in take_roll, with everything else, in one round trip). */
async function takeRoll(input: TakeRollInput, context: Context) {
  checkSave(input, input.exceptions);
  const rows = asColumns(input.exceptions);
  const offices = officesOf(context.viewer);
  const roll = rollId(input.sectionId, input.date, input.periodId);
  const [saved] = await context.statement<{ answer: StoredAnswer }>(
    'select take_roll($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) as answer',
    [
      input.saveId,
      input.clientId,
      roll,
      input.sectionId,
      input.date,
      input.periodId,
      input.baseRevision,
      rows.studentIds,
      rows.codes,
      rows.minutes,
      rows.comments,
      offices.schoolIds,
      offices.everywhere,
      context.now(),
    ],
    roll,
  );
  return answerOf(input, rows.studentIds, saved!.answer);
}

/** Who: the office of the school. */
async function correctAttendance(input: CorrectAttendanceInput, context: Context) {
  checkSave(input, input.corrections);
  checkText(input.reason, 'reason');
  if (!input.reason.trim()) refuse('BAD_USER_INPUT', 'A correction needs a reason.', { argument: 'reason' });
  if (!input.corrections.length) refuse('BAD_USER_INPUT', 'A correction names at least one student.', { argument: 'corrections' });
  const rows = asColumns(input.corrections);
  const offices = officesOf(context.viewer);
  const [saved] = await context.statement<{ answer: StoredAnswer }>(
    'select correct_attendance($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as answer',
    [
      input.saveId,
      input.clientId,
      rollId(input.sectionId, input.date, input.periodId),
      input.sectionId,
      input.baseRevision,
      input.reason,
      rows.studentIds,
      rows.codes,
      rows.minutes,
      rows.comments,
      offices.schoolIds,
      offices.everywhere,
    ],
  );
  return answerOf(input, rows.studentIds, saved!.answer);
}

export function answerOf(input: Save, studentIds: readonly string[], { outcome, code, revision, replayed, rows }: StoredAnswer) {
  if (outcome === 'ERROR') refuse(code!, meanings[code!]!);
  const refused = new Map(rows.map((row) => [row.studentId, row.code]));
  const named = outcome === 'SAVED' ? studentIds : rows.map((row) => row.studentId);
  return {
    ...input,
    outcome,
    code,
    message: code && meanings[code],
    revision,
    replayed: replayed ?? false,
    rows: named.map((studentId) => {
      const why = refused.get(studentId);
      return { studentId, outcome: why ? 'REFUSED' : 'SAVED', code: why, message: why && meanings[why] };
    }),
  };
}

const staff = (id: string | null) => id && { id };

export const rolls: Slice<Arguments> = {
  entities: [Roll, RollEntry, RollSave],
  subjects: {
    Roll: ({ schoolId, teacherIds }: RollRow) => ({ schoolIds: [schoolId], teacherIds }),
  },
  refusals: {
    // Somebody else's save has this id, or the same id was sent with other content at the same moment.
    roll_save_pkey: ['SAVE_ID_REUSED', meanings['SAVE_ID_REUSED']!],
  },
  resolvers: {
    Mutation: {
      takeRoll: (_, { input }, context) => takeRoll(input, context),
      correctAttendance: (_, { input }, context) => correctAttendance(input, context),
    },
    Section: { roll: rollOfSection },
    SectionMeeting: {
      roll: ({ section, date, periodId }: { section: SectionRow; date: string; periodId: string }, _, context) =>
        rollOfSection(section, { date, periodId }, context),
    },
    SectionEnrollment: { attendance: attendanceOfSeat },
    Roll: {
      __resolveReference: ({ id }: { id: string }, { load }: Context) => load(rollById, id),
      section: (roll: RollRow, _, { load }) => load(sectionById, roll.sectionId),
      period: (roll: RollRow) => ({ id: roll.periodId }),
      state: (roll: RollRow) => (roll.takenAt ? 'SUBMITTED' : 'NOT_SUBMITTED'),
      takenBy: (roll: RollRow) => staff(roll.takenBy),
      entries: (roll: RollRow, _, context) => entriesOf(roll, context),
      statements: (roll: RollRow, _, context) => statementsOf(roll, context),
    },
    RollAnswer: {
      roll: async ({ sectionId, date, periodId }: Save, _, context) => {
        const section = await context.load(sectionById, sectionId);
        return section && findRoll(section, date, periodId, context);
      },
    },
  },
};
