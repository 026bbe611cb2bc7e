import { addDays, systemViewer, type Viewer } from '@rollbook/school';
import { randomUUIDv7 } from 'node:crypto';
import type { District } from '../district.ts';
import { GraphClient } from '../importing/graphClient.ts';
import { untilSettled } from '../settled.ts';
import { importingAdministrator } from '../signIns.ts';

export const today = '2026-11-18';
const yesterday = addDays(today, -1);
const before = addDays(today, -2);
const tomorrow = addDays(today, 1);

/** Who is who in the arranged district. Ids of students, staff, schools and sections. */
export interface Arranged {
  readonly here: string;
  readonly elsewhere: string;
  readonly section: string;
  readonly farSection: string;
  readonly teacher: string;
  readonly colleague: string;
  readonly farTeacher: string;
  readonly substituteToday: string;
  readonly substituteYesterday: string;
  readonly formerTeacher: string;
  /** Sits in `section`, and is a child of the demo's parent. */
  readonly pupil: string;
  readonly classmate: string;
  /** At the same school, taught by others. */
  readonly stranger: string;
  readonly farStudent: string;
  /** Sat in `section` until yesterday. */
  readonly formerPupil: string;
  /** Went from here to the school elsewhere two days ago. */
  readonly transferred: string;
  readonly personas: ReadonlyMap<string, string>;
}

/** Makes happen, through the graph, what decides about access: people come and go, stand in, disagree, and write about children. */
export async function arrange(district: District, personas: ReadonlyMap<string, string>): Promise<Arranged> {
  const people = await choose(district, personas);
  const office = await handOf(district, importingAdministrator);
  const teach = (subject: string, schoolId: string) => handOf(district, { subject, grants: [{ role: 'TEACHER', schoolId }], students: [] });
  const teacher = await teach(people.teacher, people.here);
  const farTeacher = await teach(people.farTeacher, people.elsewhere);
  try {
    for (const [hand, sectionId, studentIds, place] of [
      [teacher, people.section, [people.pupil, people.classmate], { schoolId: people.here, teacherId: people.teacher }],
      [farTeacher, people.farSection, [people.farStudent], { schoolId: people.elsewhere, teacherId: people.farTeacher }],
    ] as const) {
      const gradingPeriodId = await disagreeOnGrades(district, hand, sectionId, studentIds);
      await keepGradebook(hand, office, sectionId, studentIds, place.schoolId);
      await giveMoreTime(office, gradingPeriodId, sectionId, place);
      await takeRoll(district, hand, office, sectionId, studentIds);
    }
    await postAndMeet(district, office, people);
    await moveAbout(district, office, people);
    await printDocuments(district, office, people);
    await keepTranscripts(district, office, people);
    await setUpSchool(office, people);
    await lookForPlaces(district, office, people);
    await askForCourses(district, office, people);
    await planSchedules(district, office, people);
    await askOfSections(district, people);
    await untilSettled(Object.values(district.subgraphs));
  } finally {
    for (const hand of [office, teacher, farTeacher]) await hand.close();
  }
  return people;
}

/** Sections of both schools keep seats, are one team's, and are taken together with another one. */
async function askOfSections(district: District, { section, farSection }: Arranged): Promise<void> {
  await sqlIn(district)(
    'scheduling',
    `insert into section_need (section_id, school_id, reservations, link, team, combined_with, room_groups, session_choices, periods_in_row, day_choices)
       select s.id, s.school_id, '[{"program": "SPECIAL_EDUCATION", "seats": 1}]', 'Lecture and lab', 'Blue', 'One class', '{science}',
         s.session_ids, 1, '[["A"]]'
       from section s where s.id = any ($1) or s.id in (
         select max(o.id::text)::uuid from section o join section k on k.school_id = o.school_id
         where k.id = any ($1) and o.id <> all ($1) and o.session_ids = k.session_ids and o.cancelled_on is null group by k.id)`,
    [[section, farSection]],
  );
}

type Sql = <Row>(service: string, text: string, params?: readonly unknown[]) => Promise<Row[]>;
const sqlIn =
  (district: District): Sql =>
  (service, text, params) =>
    district.subgraphs[service]!.database.transaction(systemViewer, null, ({ query }) => query(text, params));

interface Hand {
  do<T = unknown>(verb: string, input: object, selection: string): Promise<T>;
  close(): Promise<void>;
}

async function handOf(district: District, viewer: Viewer): Promise<Hand> {
  const graph = new GraphClient(district.url, await district.issuer.sign(viewer));
  return {
    async do<T>(verb: string, input: object, selection: string) {
      const type = `${verb[0]!.toUpperCase()}${verb.slice(1)}Input`;
      const answer = await graph.ask<Record<string, T>>(`mutation ($input: ${type}!) { ${verb}(input: $input) { ${selection} } }`, {
        input,
      });
      return answer[verb]!;
    },
    close: () => graph.close(),
  };
}

const seated = `select student_id from section_enrollment where section_id = $1 and begins <= $2 and (ends is null or ends > $2)`;
const taught = `select t.section_id from teacher_assignment t where t.staff_id = $1 and t.begins <= $2 and (t.ends is null or t.ends > $2)`;

async function choose(district: District, personas: ReadonlyMap<string, string>): Promise<Arranged> {
  const sql = sqlIn(district);
  const [teacher, pupil, parent] = ['teacher', 'student', 'parent'].map((name) => personas.get(name)!) as [string, string, string];
  const ids = async (service: string, text: string, params: readonly unknown[]) =>
    (await sql<{ id: string }>(service, text, params)).map(({ id }) => id);
  const sections = await ids(
    'scheduling',
    `select section_id as id from (${taught}) t where $3 in (select student_id from section_enrollment where section_id = t.section_id)`,
    [...[teacher, today, pupil]],
  );
  const section = sections[0]!;
  const [{ school_id: here }] = (await sql<{ school_id: string }>('scheduling', 'select school_id from section where id = $1', [
    section,
  ])) as [{ school_id: string }];
  const family = await ids('student', 'select student_id as id from contact_relation where contact_id = $1', [parent]);
  const pupils = await ids(
    'scheduling',
    `select student_id as id from (${seated}) s where student_id not in
       (select student_id from section_enrollment where section_id in (select section_id from teacher_assignment where staff_id = $3) and section_id <> $1)
     order by 1`,
    [section, today, teacher],
  );
  const [classmate, formerPupil, transferred] = pupils.filter((id) => !family.includes(id));
  const [stranger] = await ids(
    'scheduling',
    `select distinct student_id as id from section_enrollment where school_id = $1 and student_id not in
       (select student_id from section_enrollment where section_id in (select section_id from teacher_assignment where staff_id = $2)) order by 1`,
    [here, teacher],
  );
  const [far] = await sql<{ section: string; staff: string; student: string; school: string }>(
    'scheduling',
    `select t.section_id as section, t.staff_id as staff, e.student_id as student, t.school_id as school from teacher_assignment t
       join section_enrollment e using (section_id) where t.school_id <> $1 and e.student_id <> all ($2) order by 1, 3 limit 1`,
    [here, family],
  );
  // Colleagues who teach neither the pupil nor the others of the class.
  const colleagues = await ids(
    'scheduling',
    `select distinct t.staff_id as id from teacher_assignment t where t.school_id = $1 and t.staff_id not in
       (select staff_id from teacher_assignment where section_id in (select section_id from section_enrollment where student_id = any ($2))) order by 1`,
    [here, [pupil, classmate, formerPupil, transferred]],
  );
  const [colleague, substituteToday, substituteYesterday, formerTeacher] = colleagues;
  if (!formerTeacher || !transferred || !stranger || !far) throw new Error('The demo district is too small to arrange.');
  return {
    ...{ here, elsewhere: far.school, section, farSection: far.section, teacher, farTeacher: far.staff, farStudent: far.student },
    ...{ colleague: colleague!, substituteToday: substituteToday!, substituteYesterday: substituteYesterday!, formerTeacher },
    ...{ pupil, classmate: classmate!, formerPupil: formerPupil!, transferred, stranger, personas },
  };
}

/** Two saves of the same cells: the second had not seen the first, and is kept as a conflict. Answers the grading period. */
async function disagreeOnGrades(district: District, teacher: Hand, sectionId: string, studentIds: readonly string[]): Promise<string> {
  const sql = sqlIn(district);
  const category = await teacher.do<{ id: string }>('addCategory', { sectionId, title: 'Essays' }, 'id');
  const assignment = await teacher.do<{ id: string }>('addAssignment', { sectionId, title: 'Essay', categoryId: category.id }, 'id');
  const [period] = await sql<{ id: string }>(
    'grading',
    `select grading_period_id as id from mark where section_id = $1 and status = 'DRAFT' limit 1`,
    [sectionId],
  );
  const marks = await sql<{ student_id: string; revision: number }>(
    'grading',
    'select student_id, revision from mark where section_id = $1 and grading_period_id = $2 and student_id = any ($3)',
    [sectionId, period!.id, studentIds],
  );
  for (const [value, points] of [
    ['B', '1'],
    ['C', '2'],
  ] as const) {
    const more = { comment: 'Said in conference', effort: 'S', conduct: 'E', commentCodes: ['C01'] };
    const cells = marks.map((mark) => ({ studentId: mark.student_id, baseRevision: mark.revision, value, ...more }));
    const outcomes = 'rows { outcome code }';
    const why = { sectionId, reason: 'Both were asked' };
    const saved = await teacher.do<Saved>('saveMarks', { saveId: randomUUIDv7(), ...why, gradingPeriodId: period!.id, cells }, outcomes);
    const scores = studentIds.map((studentId) => ({
      assignmentId: assignment.id,
      studentId,
      baseRevision: 0,
      value: points,
      textScore: 'in part',
      ...{ comment: 'Late', late: true, daysLate: 1 },
    }));
    const scored = await teacher.do<Saved>('saveScores', { saveId: randomUUIDv7(), ...why, cells: scores }, outcomes);
    const expected = value === 'B' ? 'SAVED' : 'CONFLICT';
    for (const row of [...saved.rows, ...scored.rows])
      if (row.outcome !== expected) throw new Error(`A grade was ${row.outcome} ${row.code}, not ${expected}.`);
  }
  return period!.id;
}

/** A gradebook with a rule of every kind, of a school with its own scale, rubric and standard; one grade is not the calculated one. */
async function keepGradebook(
  teacher: Hand,
  office: Hand,
  sectionId: string,
  studentIds: readonly string[],
  schoolId: string,
): Promise<void> {
  const cutoffs = [
    { mark: 'A', from: '50' },
    { mark: 'F', from: '0', below: '50' },
  ];
  await office.do('setGradingScale', { schoolId, cutoffs }, 'cutoffs { mark }');
  const { id: rubricId } = await office.do<{ id: string }>('setRubric', { schoolId, title: 'Four levels', levels: cutoffs }, 'id');
  const { id: standardId } = await office.do<{ id: string }>('setStandard', { schoolId, code: 'RL.4.1', title: 'Reads closely' }, 'id');
  const kept = { sectionId, reason: 'To begin with' };
  const { id: categoryId } = await teacher.do<{ id: string }>(
    'addCategory',
    { sectionId, title: 'Tests', weight: 60, dropLowest: 1 },
    'id',
  );
  const alone = studentIds.length === 1;
  const steps = [
    { from: '0', to: '10' },
    { from: '100', to: '100' },
  ];
  await teacher.do(
    'changeGradebook',
    {
      ...kept,
      ...{ method: alone ? 'WEIGHTED' : 'POINTS', renormalize: true, rubricId, cutoffs, minimum: '1', incompleteMark: 'I' },
      late: { kind: 'PER_DAY', percent: '10', atMost: '50' },
      curve: alone ? { kind: 'TABLE', steps } : { kind: 'ADD', points: '1' },
    },
    'method',
  );
  const work = { sectionId, title: 'Test 1', categoryId, standardId, highest: '4', dueOn: '2026-10-01' };
  const { id: assignmentId } = await teacher.do<{ id: string }>('addAssignment', work, 'id');
  const scored = { assignmentId, baseRevision: 0, value: '3', late: true, daysLate: 2, incomplete: true };
  const cells = studentIds.map((studentId) => ({ ...scored, studentId }));
  const { rows } = await teacher.do<Saved>('saveScores', { saveId: randomUUIDv7(), ...kept, cells }, 'rows { outcome code }');
  for (const { outcome, code } of rows) if (outcome !== 'SAVED') throw new Error(`A score was ${outcome} ${code}.`);
  const said = { sectionId, mark: 'B', reason: 'She showed it in conference' };
  for (const studentId of studentIds) await teacher.do('overrideGrade', { ...said, studentId }, 'mark');
}

async function giveMoreTime(
  office: Hand,
  gradingPeriodId: string,
  sectionId: string,
  teacher: { schoolId: string; teacherId: string },
): Promise<void> {
  for (const place of [{ sectionId }, teacher]) {
    const more = { gradingPeriodId, closesAt: '2027-02-01T00:00:00Z', reason: 'A week without a network' };
    await office.do('extendGradingWindow', { ...place, ...more }, 'id');
  }
}

interface Saved {
  readonly rows: readonly { outcome: string; code: string | null }[];
}

/** Takes a roll on one of the last days on which the section meets, with remarks; the office corrects it. Both say so twice, and lose once. */
async function takeRoll(district: District, teacher: Hand, office: Hand, sectionId: string, studentIds: readonly string[]): Promise<void> {
  const sql = sqlIn(district);
  const [meeting] = await sql<{ id: string }>('attendance', 'select period_id as id from section_meeting where section_id = $1', [
    sectionId,
  ]);
  for (const date of [today, yesterday, before, addDays(today, -5)]) {
    const [taken] = await sql<{ revision: number }>('attendance', 'select revision from roll where section_id = $1 and date = $2', [
      sectionId,
      date,
    ]);
    const base = taken?.revision ?? 0;
    const roll = { saveId: randomUUIDv7(), sectionId, date, periodId: meeting!.id };
    const said = studentIds.map((studentId) => ({ studentId, code: 'T', minutes: 5, comment: `secret-ATTENDANCE-${studentId}` }));
    const answer = await teacher.do<{ outcome: string }>('takeRoll', { ...roll, baseRevision: base, exceptions: said }, 'outcome');
    if (answer.outcome !== 'SAVED') continue;
    const late = await teacher.do<{ outcome: string }>('takeRoll', { ...roll, saveId: randomUUIDv7(), baseRevision: base, exceptions: said }, 'outcome'); // prettier-ignore
    if (late.outcome !== 'CONFLICT') throw new Error(`A roll was ${late.outcome}, not CONFLICT.`);
    const correction = {
      ...roll,
      saveId: randomUUIDv7(),
      baseRevision: base + 1,
      reason: 'A note from home',
      corrections: said.slice(0, 1),
    };
    for (const saveId of [correction.saveId, randomUUIDv7()]) await office.do('correctAttendance', { ...correction, saveId }, 'outcome');
    return;
  }
  throw new Error(`No roll of section ${sectionId} could be taken.`);
}

async function moveAbout(district: District, office: Hand, people: Arranged): Promise<void> {
  const { section, farSection, elsewhere, here } = people;
  const add = (staffId: string, begins: string, ends: string) =>
    office.do('addSubstitute', { sectionId: section, staffId, begins, ends }, 'id');
  await add(people.substituteYesterday, yesterday, today);
  await add(people.substituteToday, today, tomorrow);
  const stint = { role: 'CO_TEACHER', begins: '2026-09-01', ends: '2026-10-01' };
  await office.do('assignTeacher', { sectionId: section, staffId: people.formerTeacher, ...stint }, 'id');
  await office.do('dropFromRoster', { sectionId: section, studentId: people.formerPupil, on: today, reason: 'Another class' }, 'begins');
  await office.do('changeSchool', { schoolId: elsewhere, lowestGrade: 'KG', highestGrade: '12', reason: 'All grades' }, 'id');
  const [enrollment] = await sqlIn(district)<{ id: string }>(
    'student',
    'select id from enrollment where student_id = $1 and school_id = $2 and ends is null',
    [people.transferred, here],
  );
  await office.do('transferStudent', { enrollmentId: enrollment!.id, toSchoolId: elsewhere, on: before }, 'id');
  await untilSettled(Object.values(district.subgraphs));
  await office.do('addToRoster', { sectionId: farSection, studentId: people.transferred }, 'begins');
}

/** Both schools print documents of both kinds for those whom the others look for. */
async function printDocuments(district: District, office: Hand, people: Arranged): Promise<void> {
  const { here, elsewhere, pupil, classmate, stranger, farStudent, formerPupil, transferred } = people;
  const sql = sqlIn(district);
  const [period] = await sql<{ id: string }>(
    'grading',
    'select id from grading_period where begins <= $1 and ends > $1 order by begins desc',
    [today],
  );
  for (const [schoolId, studentIds] of [
    [here, [pupil, classmate, stranger, formerPupil, transferred]],
    [elsewhere, [farStudent, transferred]],
  ] as const)
    for (const kind of ['REPORT_CARD', 'CONFERENCE_PACKET'])
      await office.do('printReportCards', { schoolId, gradingPeriodId: period!.id, kind, studentIds }, 'id');
  const open = 'select 1 from report_batch where ended_at is null';
  while ((await sql('grading', open)).length) await new Promise((done) => setTimeout(done, 50));
}

/** Both schools ask for changes of marks that were posted, one of which is approved; verify; and meet families, who come or cancel. */
async function postAndMeet(district: District, office: Hand, people: Arranged): Promise<void> {
  const { here, elsewhere, section, farSection, teacher, farTeacher, pupil, classmate, farStudent } = people;
  const sql = sqlIn(district);
  const types = ['MARK', 'EFFORT', 'CONDUCT', 'COMMENT_CODES', 'COMMENT'];
  for (const [schoolId, sectionId, staffId, students] of [
    [here, section, teacher, [pupil, classmate]],
    [elsewhere, farSection, farTeacher, [farStudent]],
  ] as const) {
    const values = ['E', 'S', 'U'];
    const form = { types, required: ['MARK', 'EFFORT'], effortValues: values, conductValues: values, mostCodes: 4 };
    await office.do('setMarkForm', { schoolId, ...form }, 'mostCodes');
    const texts = [{ language: 'en', text: 'Has found a voice' }];
    await office.do('setCommentCode', { schoolId, code: 'X01', texts }, 'id');
    const hand = await handOf(district, { subject: staffId, grants: [{ role: 'TEACHER', schoolId }], students: [] });
    const more = { effort: 'E', conduct: 'S', commentCodes: ['X01', 'E01'], comment: 'Asked for late', reason: 'I added up wrongly' };
    let gradingPeriodId = '';
    for (const studentId of students) {
      const [mark] = await sql<{ gradingPeriodId: string; revision: number }>(
        'grading',
        `select grading_period_id as "gradingPeriodId", revision from mark where section_id = $1 and student_id = $2 and status = 'POSTED' limit 1`,
        [sectionId, studentId],
      );
      const { revision } = mark!;
      ({ gradingPeriodId } = mark!);
      await sql('grading', `update grading_window set closes_at = opens_at + interval '1 minute' where grading_period_id = $1`, [
        gradingPeriodId,
      ]);
      const change = { sectionId, studentId, gradingPeriodId };
      const { id: changeId } = await hand.do<{ id: string }>('requestMarkChange', { ...change, baseRevision: revision, ...more }, 'id');
      await office.do('approveMarkChange', { changeId }, 'id');
      const again = { baseRevision: revision + 1, value: 'B', comment: 'Once more', reason: 'Still wrong' };
      await hand.do('requestMarkChange', { ...change, ...again }, 'id');
    }
    await hand.close();
    await meetFamilies(office, { schoolId, gradingPeriodId, staffId, students });
  }
  await sql(
    'grading',
    `insert into mark_verification (school_id, section_id, grading_period_id, revisions, verified_at, verified_by)
       select r.school_id, r.section_id, p.id, 0, now(), r.teacher_ids[1] from section_roster r, grading_period p where r.section_id = any ($1)`,
    [[section, farSection]],
  );
}

interface Meeting {
  readonly schoolId: string;
  readonly gradingPeriodId: string;
  readonly staffId: string;
  readonly students: readonly string[];
}

async function meetFamilies(office: Hand, { schoolId, gradingPeriodId, staffId, students }: Meeting): Promise<void> {
  const times = { bookingOpensAt: `${before}T00:00:00Z`, bookingClosesAt: '2026-12-01T00:00:00Z' };
  const conference = { schoolId, title: 'Fall conferences', gradingPeriodId, ...times };
  const { id: conferenceId } = await office.do<{ id: string }>('addConference', conference, 'id');
  const day = { beginsAt: '2026-12-02T00:00:00Z', endsAt: '2026-12-02T02:00:00Z', minutes: 10, place: 'Library' };
  const slots = await office.do<{ id: string }[]>('addConferenceSlots', { conferenceId, staffId, ...day }, 'id');
  for (const [n, studentId] of students.entries()) {
    const by = { studentId, parentId: randomUUIDv7(), interpreter: 'es', reason: 'By telephone' };
    await office.do('bookConference', { slotId: slots[2 * n]!.id, ...by }, 'id');
    const { id: bookingId } = await office.do<{ id: string }>('bookConference', { slotId: slots[2 * n + 1]!.id, ...by }, 'id');
    await office.do('cancelConference', { bookingId, reason: 'Ill' }, 'id');
  }
}

/** Records that came from elsewhere, one of them corrected and one twice, a diploma that asks for more than anybody has, and issued transcripts. */
async function keepTranscripts(district: District, office: Hand, people: Arranged): Promise<void> {
  const { here, elsewhere, pupil, stranger, farStudent, formerPupil, transferred, classmate } = people;
  await office.do(
    'setDiplomaPlan',
    {
      ...{ classYear: 1990, name: 'Diploma', creditsPerYear: '1' },
      requirements: [
        { key: 'english', name: 'English', credits: '300', subjects: ['English'] },
        { key: 'art', name: 'Art', credits: '5', courses: ['ART'] },
      ],
    },
    'id',
  );
  const sql = sqlIn(district);
  // What they take today will cover a part.
  const courses = await sql<{ id: string }>('scheduling', 'select distinct course_id as id from section where id = any ($1)', [
    [people.section, people.farSection],
  ]);
  for (const { id } of courses) await office.do('changeCourse', { courseId: id, credits: '10', subjects: ['English'] }, 'id');
  const [period] = await sql<{ id: string; school_year: number }>(
    'grading',
    'select id, school_year from grading_period order by begins desc',
  );
  const final = { schoolYear: period!.school_year, periods: [{ gradingPeriodId: period!.id, session: 'The last one' }] };
  await office.do('setFinalPeriods', final, 'session');
  for (const [schoolId, studentIds] of [
    [here, [pupil, stranger, formerPupil]],
    [elsewhere, [farStudent, transferred]],
  ] as const) {
    for (const studentId of studentIds) {
      const taken = { schoolId, studentId, fromSchool: 'Lincoln High', schoolYear: 2026, session: 'Spring 2026', endedOn: '2026-06-05' };
      const course = {
        courseNumber: 'ENG1',
        courseTitle: 'English 1',
        subjects: ['English'],
        subjectCodes: ['B', 'AP'],
        mark: 'B',
        credits: '5',
      };
      for (const more of [{}, {}, { courseNumber: 'BIO', courseTitle: 'Biology', subjects: ['Science'] }])
        await office.do('recordTransferCredit', { ...taken, ...course, ...more, reason: 'A transcript on paper' }, 'id');
      const wrong = await office.do<{ id: string }>(
        'recordTransferCredit',
        { ...taken, ...course, courseNumber: 'ENG2', reason: 'Paper' },
        'id',
      );
      await office.do('correctTranscriptRecord', { recordId: wrong.id, mark: 'A', reason: 'Read again' }, 'id');
      for (const [kind, more] of [
        ['SUBSTITUTION', { courseNumber: 'ENG2' }],
        ['WAIVER', { credits: '1' }],
      ] as const)
        await office.do('grantDiplomaException', { schoolId, studentId, requirement: 'art', kind, ...more, reason: 'Agreed' }, 'id');
    }
    const ordered = schoolId === here ? [...studentIds, classmate] : [...studentIds];
    for (const official of [true, false])
      await office.do('issueTranscripts', { schoolId, studentIds: ordered, official, issuedTo: 'A university' }, 'id');
  }
  const open = `select 1 from transcript_order where status <> 'DONE'`;
  while ((await sql('grading', open)).length) await new Promise((done) => setTimeout(done, 50));
}

async function setUpSchool(office: Hand, people: Arranged): Promise<void> {
  const { here, elsewhere, pupil, classmate, stranger, farStudent, formerPupil, transferred } = people;
  for (const studentId of [pupil, classmate, stranger, farStudent, formerPupil, transferred]) {
    const home = { street: '1 Elm Street', city: 'Garfield', state: 'CA', postalCode: '90000', homeLanguage: 'es' };
    const { id } = await office.do<{ id: string }>('addHousehold', { studentIds: [studentId], begins: '2026-08-01', ...home }, 'id');
    if (studentId === pupil) {
      await office.do('addHousehold', { studentIds: [studentId], begins: before, ...home }, 'id');
      await office.do('moveStudent', { studentId, fromHouseholdId: id, on: before }, 'id');
    }
    // Some are in it already.
    await office.do('enterProgram', { studentId, programCode: 'GATE', begins: before, ends: '2027-06-01' }, 'id').catch((error: Error) => {
      if (!error.message.includes('already')) throw error;
    });
  }
  const code = { code: 'X', title: 'Excursion', kind: 'PRESENT', excused: true, begins: before, ends: '2027-06-01' };
  const prerequisites = [{ anyOf: ['101'], note: 'or the consent of the teacher' }];
  for (const schoolId of [here, elsewhere]) {
    await office.do('addAttendanceCode', { schoolId, ...code }, 'id');
    await office.do('changeAttendanceRules', { schoolId, teacherDays: 7, absentFromPercent: 100 }, 'teacherDays');
    await office.do('setMarkScale', { schoolId, values: ['A', 'B', 'C', 'D', 'F'] }, 'values');
    await office.do('addCourse', { schoolId, title: 'Astronomy', number: '901', credits: '5', prerequisites }, 'id');
  }
}

/** Students ask for courses of the next school year, at both schools: there are plans, warnings, alternates, and who could teach. */
async function askForCourses(district: District, office: Hand, people: Arranged): Promise<void> {
  const { here, elsewhere, pupil, classmate, stranger, farStudent, formerPupil, transferred, teacher, farTeacher } = people;
  const schoolYear = 2028;
  for (const [schoolId, staffId, students] of [
    [here, teacher, [pupil, classmate, stranger, formerPupil, transferred]],
    [elsewhere, farTeacher, [farStudent, transferred]],
  ] as const) {
    const [geology, botany] = [
      await office.do<{ id: string }>('addCourse', { schoolId, title: 'Geology', number: '902', credits: '10' }, 'id'),
      await office.do<{ id: string }>('addCourse', { schoolId, title: 'Botany', number: '903', credits: '10' }, 'id'),
    ];
    const requirements = [{ subject: 'Science', credits: 30, courses: ['902', '903'] }];
    const plan = await office.do<{ id: string }>('setGraduationPlan', { schoolId, name: 'Diploma', requirements }, 'id');
    const facts = { gradeLevel: '10', programs: ['GATE'], team: 'Blue', track: 'A', planId: plan.id };
    await office.do('openRequestSheets', { schoolId, schoolYear, sheets: students.map((studentId) => ({ studentId, ...facts })) }, 'id');
    const requests = [
      { courseId: geology.id, priority: 2, alternateIds: [botany.id] },
      { courseId: botany.id, priority: 1 },
    ];
    for (const studentId of students) await office.do('saveRequests', { schoolId, studentId, schoolYear, baseRevision: 0, requests }, 'id');
    const csv = `student,course,school_year,mark,passed\n${students.map((id) => `${id},101,2026,B,true`).join('\n')}\n`;
    const files = [{ file: 'COURSE_HISTORY', csv }];
    await office.do('importRequests', { schoolId, schoolYear, source: 'matrix', strict: true, dryRun: false, files }, 'saved');
    const [period] = await sqlIn(district)<{ id: string }>('scheduling', 'select id from period where school_id = $1 order by sort_order', [
      schoolId,
    ]);
    const capacity = { courseIds: [geology.id], subjects: ['Science'], maxSections: 5, preparationPeriods: 1 };
    const unavailable = [{ periodId: period!.id, days: ['FRIDAY'] }];
    await office.do('setTeachingCapacity', { schoolId, schoolYear, staffId, ...capacity, unavailable }, 'id');
  }
}

/** Both offices place students now: seats are held, and sheets of this year ask for what is offered and for what is not, and was passed. */
async function lookForPlaces(district: District, office: Hand, people: Arranged): Promise<void> {
  const { here, elsewhere, section, farSection, pupil, classmate, stranger, farStudent } = people;
  const sql = sqlIn(district);
  const schoolYear = 2027;
  for (const [schoolId, known, students] of [
    [here, section, [pupil, classmate, stranger]],
    [elsewhere, farSection, [farStudent]],
  ] as const) {
    await office.do('holdSeats', { studentId: students[0], sectionIds: [known], minutes: 60 }, 'id');
    const [fencing, falconry] = [
      await office.do<{ id: string }>('addCourse', { schoolId, title: 'Fencing', number: '904' }, 'id'),
      await office.do<{ id: string }>('addCourse', { schoolId, title: 'Falconry', number: '101' }, 'id'),
    ];
    const [of] = await sql<{ sessions: string[] }>('scheduling', 'select session_ids as sessions from section where id = $1', [known]);
    const opened = await office.do<{ id: string; begins: string }>(
      'addSection',
      { schoolId, courseId: fencing.id, number: '904-1', sessionIds: of!.sessions, seatLimit: 30 },
      'id begins',
    );
    const periods = await office.do<{ id: string; name: string }[]>('setPeriods', { schoolId, names: ['Ninth'] }, 'id name');
    const meetings = [{ periodId: periods.find(({ name }) => name === 'Ninth')!.id }];
    await office.do('setMeetings', { sectionId: opened.id, begins: opened.begins, meetings }, 'id');
    await office.do('openRequestSheets', { schoolId, schoolYear, sheets: students.map((studentId) => ({ studentId })) }, 'id');
    const requests = [fencing.id, falconry.id].map((courseId) => ({ courseId, priority: 2 }));
    for (const studentId of students) await office.do('saveRequests', { schoolId, studentId, schoolYear, baseRevision: 0, requests }, 'id');
  }
}

/** What a section may ask of the schedule. */
const ofEveryKind = {
  ...{ link: 'Strings', team: 'Blue', combinedWith: 'Orchestra', roomGroups: ['music'], dayChoices: [[]] },
  reservations: [{ program: 'SPECIAL_EDUCATION', seats: 1 }],
};

/** Both schools plan: a scenario that was changed, with a run that is over, and a copy of it. */
async function planSchedules(district: District, office: Hand, people: Arranged): Promise<void> {
  const { here, elsewhere, section, farSection, colleague, pupil, farStudent } = people;
  for (const [schoolId, sectionId, studentId] of [
    [here, section, pupil],
    [elsewhere, farSection, farStudent],
  ] as const) {
    const { id: basis } = await office.do<{ id: string }>('addScenario', { schoolId, schoolYear: 2027, name: 'Plan A' }, 'id');
    const { id: scenarioId } = await office.do<{ id: string }>('copyScenario', { scenarioId: basis, name: 'Plan B' }, 'id');
    await office.do('addRoom', { schoolId, name: 'Conservatory', groups: ['music'] }, 'id');
    // Asked for together, and neither meets yet: rare, unmet, a pair.
    const courseIds: string[] = [];
    for (const title of ['Harp', 'Lute']) {
      const { id: courseId } = await office.do<{ id: string }>('addCourse', { schoolId, title, credits: '5' }, 'id');
      const { sessions } = await office.do<{ sessions: { id: string }[] }>('changeSection', { sectionId }, 'sessions { id }');
      const sessionIds = sessions.map((session) => session.id);
      const asked = title === 'Harp' ? { ...ofEveryKind, sessionChoiceIds: sessionIds } : {};
      await office.do('addScenarioSection', { scenarioId, courseId, number: title, sessionIds, seats: 9, ...asked }, 'number');
      courseIds.push(courseId);
    }
    for (const courseId of courseIds)
      await office.do('requestCourse', { schoolId, studentId, schoolYear: 2027, courseId, priority: 2 }, 'id');
    const edit = { seats: 1, locks: ['PLACEMENT'], coTeacherIds: [colleague] };
    await office.do('changeScenarioSection', { scenarioId, sectionId, revision: 0, ...edit }, 'revision');
    const seats = `seats(studentId: "${studentId}") { sectionId } changes { nodes { id } }`;
    const { seats: seen } = await office.do<{ seats: { sectionId: string }[] }>('copyScenario', { scenarioId, name: 'Plan C' }, seats);
    const seenSectionIds = seen.map((seat) => seat.sectionId);
    const left = { scenarioId, studentId, seenSectionIds, sectionIds: [sectionId] };
    const { changes } = await office.do<{ changes: { nodes: { id: string }[] } }>('setScenarioSeats', left, seats);
    await office.do('undoScenarioChange', { scenarioId, changeId: changes.nodes[0]!.id }, 'id');
    // The plan with the most changes, that questions name, keeps what it leaves unmet.
    const { id: runId } = await office.do<{ id: string }>('startRun', { scenarioId: basis, kind: 'LOAD', seconds: 5 }, 'id');
    const ended = 'select from schedule_run where id = $1 and ended_at is not null';
    while (!(await sqlIn(district)('scheduling', ended, [runId])).length) await new Promise((next) => setTimeout(next, 100));
  }
}
