import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addDays, staffRoles } from '@rollbook/school';
import { services } from '../services.ts';
import { today } from './arrange.ts';
import { Findings } from './judge.ts';
import { walkGraph, walkService, type Matrix } from './matrix.ts';
import { Samples, situationsOf, type Situation } from './samples.ts';
import { scanTables } from './tables.ts';
import { openTown, type Ask, type Town } from './town.ts';
import { attempt, call, inputsFor, mayCall, verbsOf, type Attempt } from './verbs.ts';
import { viewersOf, type Person } from './viewers.ts';

// Who may read and do what, in every cell: everybody x every type x every field x around whom it is asked. The cells are made of the
// services' SDL; what must come of them, of the access table and of what the databases say of who teaches, attends and works where.

let town: Town;
let people: Person[];
let samples: Samples;
let here: Situation;
let elsewhere: Situation;
const total = { cells: 0, leaks: 0 };
beforeAll(async () => {
  town = await openTown();
  people = await viewersOf(town);
  const situations = situationsOf(town.people, town.records);
  samples = new Samples(town.records, situations);
  [here, elsewhere] = ['a pupil', 'another school'].map((name) => situations.find((situation) => situation.name === name)!) as [
    Situation,
    Situation,
  ];
}, 300_000);
afterAll(async () => {
  await town?.close();
  console.log(`matrix: cells=${total.cells} leaks=${total.leaks}`);
});

function expectNothingWrong({ cells, leaks, refusals, faults }: Findings): void {
  total.cells += cells;
  total.leaks += leaks.size;
  const some = (sentences: ReadonlySet<string>) => [...sentences].slice(0, 20);
  expect({ leaks: some(leaks), refusals: some(refusals), faults: some(faults) }).toEqual({ leaks: [], refusals: [], faults: [] });
  expect(cells).toBeGreaterThan(100);
}

/** Fields in which nothing is to be found here, and why. */
const empty: Readonly<Record<string, string>> = {
  'ScheduleScenario.committedAt': 'the scenarios are plans',
  'ScheduleRun.failure': 'no run failed',
  'ReportBatch.failure': 'no batch failed',
  'ReportBatch.waitingFor': 'the batches are over, and wait for nobody',
  'ScenarioSeat.requestId': 'the plans seat nobody in what they asked for',
  'ScheduleFault.teachers': 'what is wrong with the plans is about no teacher',
  ScenarioComparison: 'is asked for with a list of ids; its figures are looked at as those of one scenario',
  ...Object.fromEntries(
    ['seats', 'movedSectionId', 'meetings', 'teacher', 'room', 'students', 'alsoMoved'].map((name) => [
      `RequestRepair.${name}`,
      'what the plans leave unmet is met by a course that was not asked for, which needs none of these',
    ]),
  ),
  ...Object.fromEntries(
    ['CourseRecommendation.oneMore', 'RoomNeed.groups', 'RoomNeed.placed', 'RoomsInPeriod'].map((name) => [
      name,
      'recommendations are asked for of the next year, which has no sections and nobody to teach more of them yet',
    ]),
  ),
  ...Object.fromEntries(
    ['ClassRankConnection', 'ClassRankEdge', 'ClassRank', 'ListedStudentConnection', 'ListedStudentEdge', 'ListedStudent'].map((name) => [
      name,
      'is asked for by a grade or the name of a list, which no record has for an id; the offices of the school alone are answered',
    ]),
  ),
  'ConferenceBooking.cancelledAt': 'lists leave out what was cancelled; whoever cancels is answered',
  'AuditedRequirement.planned': 'is asked for with a list of ids of courses',
  TranscriptVerification: 'is asked for with what is printed on a document, and tells nothing of the student',
  SectionSwap: 'nobody has to take another class in another section for it',
  'SectionChangeStudent.add': 'the demo has no other section of the course that its students could take then',
  'CommentCode.withdrawnOn': 'what was withdrawn is not among the samples',
  'MarkForm.gradingPeriod': 'a form is asked for as that of all grading periods',
  ...Object.fromEntries(
    ['decision', 'decidedAt', 'decidedBy', 'decidedWhy', 'replaced', 'revision'].map((name) => [
      `MarkChange.${name}`,
      'requests are listed that nobody has decided',
    ]),
  ),
  'Assignment.withdrawnOn': 'what was withdrawn is not among the samples',
  'CalculatedGrade.gradingPeriod': 'grades are asked for of all the work of a section',
  'AccessGrant.schoolId': 'the samples of accessOf are students, who have roles at no school',
  ...Object.fromEntries(
    ['GradeConflict', 'RollConflict'].flatMap((type) =>
      ['resolution', 'resolvedAt', 'resolvedBy'].map((name) => [`${type}.${name}`, 'conflicts are listed that nobody has resolved']),
    ),
  ),
};

/** Everything was looked at, or is the answer of a verb, which has nothing of its own to hide. */
function expectAllSeen({ unseen, answersOnly }: Matrix): void {
  expect(unseen.filter((name) => !(name in empty))).toEqual([]);
  expect(answersOnly.filter(({ fields }) => fields.some(({ fieldClass }) => fieldClass !== 'OPEN'))).toEqual([]);
}

describe('everybody reads what the access table gives them, and nothing else', () => {
  test.each(services)(
    'of the $name service, by reference and by its own queries',
    async (service) => {
      const matrix = await walkService(service, town, people, samples, false);
      expectAllSeen(matrix);
      expectNothingWrong(matrix.findings);
    },
    400_000,
  );

  test('of the whole graph over HTTP, today and as of yesterday', async () => {
    const matrix = await walkGraph(services, town, people, samples, addDays(today, -1));
    expectAllSeen(matrix);
    expectNothingWrong(matrix.findings);
  }, 600_000);
});

describe('row-level security alone shows nothing of other schools and other children', () => {
  test.each(services)(
    'in the $name service without its own checks',
    async (service) => {
      const { findings } = await walkService(service, town, people, samples, true);
      expectNothingWrong(findings);
    },
    400_000,
  );

  test('in any table', async () => {
    const findings = new Findings();
    await scanTables(services, town, people, findings);
    expectNothingWrong(findings);
  });
});

describe('nobody changes what is not theirs to change', () => {
  const verbs = services.flatMap(verbsOf);
  const worksAt = ({ viewer }: Person, schoolId: string) =>
    viewer.grants.some((grant) => staffRoles.includes(grant.role) && (grant.schoolId === null || grant.schoolId === schoolId));
  /** Of the school's staff; or of the child's family, where families may call the verb. */
  const isTheirs = (verb: (typeof verbs)[number], person: Person, { School, Student }: Situation) =>
    worksAt(person, School) || (mayCall(verb, person) && person.viewer.students.includes(Student));
  const attemptAll = async (attemptOf: (verb: (typeof verbs)[number]) => Attempt) => {
    const findings = new Findings();
    for (const verb of verbs) await attempt(verb, samples, town, attemptOf(verb), findings);
    expectNothingWrong(findings);
  };

  test(
    'a verb is refused to every role that it is not for',
    () =>
      attemptAll((verb) => ({
        ...{ ask: town.overGateway, situation: here, refusals: ['FORBIDDEN'], where: 'graph' },
        viewers: people.filter((person) => !mayCall(verb, person)),
      })),
    400_000,
  );

  test.each([
    ['elsewhere, about a pupil here', () => here],
    ['here, about a student elsewhere', () => elsewhere],
  ])(
    'the right role at the wrong school is refused: %s',
    (_, situation) =>
      attemptAll((verb) => ({
        ...{ ask: town.overGateway, situation: situation(), refusals: ['FORBIDDEN', 'NOT_FOUND'], where: 'graph' },
        viewers: people.filter((person) => mayCall(verb, person) && !isTheirs(verb, person, situation())),
      })),
    400_000,
  );

  test(
    'row-level security alone lets nobody change anything of a school where they do not work',
    () =>
      attemptAll((verb) => ({
        ...{ ask: unchecked(verb.service), situation: here, refusals: null, where: `${verb.service} by row-level security alone` },
        viewers: people.filter((person) => !isTheirs(verb, person, here)),
      })),
    400_000,
  );

  const unchecked =
    (service: string): Ask =>
    (viewer, query, variables) =>
      town.unchecked[service]!.execute({ query, variables }, viewer);

  // Last, since it changes the district: were these inputs wrong in themselves, the refusals above would prove nothing.
  test('the same calls about the own school are not refused for who asks', async () => {
    const notGranted: string[] = [];
    for (const verb of verbs) {
      const answers: string[] = [];
      for (const { viewer } of people.filter((person) => mayCall(verb, person) && worksAt(person, here.School)))
        for (const input of inputsFor(verb, here, samples)) answers.push(...(await call(town.overGateway, verb, viewer, input)));
      const isGranted = answers.some((code) => !['FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT', 'INTERNAL'].includes(code));
      if (!isGranted) notGranted.push(`${verb.field.name}: ${[...new Set(answers)].join()}`);
    }
    expect(notGranted).toEqual([]);
  }, 200_000);
});
