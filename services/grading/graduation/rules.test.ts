import { describe, expect, test } from '@jest/globals';
import { fulfil } from './fulfil.ts';
import { audit, checkPlan, classYearOf, statusOf, type Exception, type Requirement, type Source } from './rules.ts';

const needs = (key: string, credits: string, more: Partial<Requirement> = {}): Requirement => ({
  ...{ key, name: key, credits, courses: [], subjects: [], codes: [], leastPoints: null, passCounts: true },
  ...more,
});
const has = (courseNumber: string, more: Partial<Source> = {}): Source => ({
  ...{ id: courseNumber, courseNumber, courseTitle: courseNumber, subjects: [], subjectCodes: [], credits: '10.000', points: '3' },
  ...more,
});
const auditOf = (
  requirements: Requirement[],
  earned: Source[],
  more: { inProgress?: Source[]; planned?: Source[]; exceptions?: Exception[] } = {},
) => audit(requirements, { earned, inProgress: more.inProgress ?? [], planned: more.planned ?? [] }, more.exceptions ?? []);
const told = (audited: ReturnType<typeof audit>) =>
  Object.fromEntries(audited.map(({ requirement, earned, missing }) => [requirement.key, [Number(earned), Number(missing)]]));

describe('which records count where', () => {
  test('a record that two requirements could use goes where nothing else can', () => {
    // In the order of the records, Statistics would be taken for mathematics, and nothing be left for the elective science.
    const plan = [needs('math', '10', { codes: ['C'] }), needs('data', '10', { courses: ['STAT'] })];
    const audited = auditOf(plan, [has('STAT', { subjectCodes: ['C'] }), has('GEO', { subjectCodes: ['C'] })]);
    expect(told(audited)).toEqual({ math: [10, 0], data: [10, 0] });
    expect(audited[0]!.records.map(({ source }) => source.id)).toEqual(['GEO']);
  });

  test('what is more than a requirement asks for is an elective, and no credit counts twice', () => {
    const plan = [needs('english', '15', { subjects: ['English'] }), needs('elective', '10')];
    const audited = auditOf(plan, [has('E1', { subjects: ['English'] }), has('E2', { subjects: ['English'] })]);
    expect(told(audited)).toEqual({ english: [15, 0], elective: [5, 5] });
    const given = audited.flatMap(({ records }) => records).reduce((sum, { credits }) => sum + Number(credits), 0);
    expect(given).toBe(20);
  });

  test('a requirement of a mark is not met by a lower one, nor by a pass where passes do not count', () => {
    const plan = [needs('a-g', '10', { codes: ['C'], leastPoints: '2', passCounts: false })];
    const math = { subjectCodes: ['C'] };
    expect(told(auditOf(plan, [has('A', { ...math, points: '1' })]))).toEqual({ 'a-g': [0, 10] });
    expect(told(auditOf(plan, [has('A', { ...math, points: null })]))).toEqual({ 'a-g': [0, 10] });
    expect(told(auditOf(plan, [has('A', { ...math, points: '2' })]))).toEqual({ 'a-g': [10, 0] });
    // What is taken now has no mark yet: it will cover it.
    expect(auditOf(plan, [], { inProgress: [has('A', { ...math, points: null })] })[0]).toMatchObject({
      earned: '0.000',
      missing: '0.000',
    });
  });

  test('a substituted course counts for its requirement and for no other it does not fit', () => {
    const plan = [needs('pe', '10', { courses: ['PE'] }), needs('art', '10', { courses: ['ART'] })];
    const exceptions: Exception[] = [{ requirement: 'pe', kind: 'SUBSTITUTION', courseNumber: 'DANCE', credits: null }];
    expect(told(auditOf(plan, [has('DANCE')], { exceptions }))).toEqual({ pe: [10, 0], art: [0, 10] });
    expect(told(auditOf(plan, [has('DANCE')]))).toEqual({ pe: [0, 10], art: [0, 10] });
  });

  test('a waiver takes credits from what is required, all of them when it names none, and never below nothing', () => {
    const plan = [needs('pe', '20', { courses: ['PE'] })];
    const waive = (credits: string | null): Exception => ({ requirement: 'pe', kind: 'WAIVER', courseNumber: null, credits });
    const required = (exceptions: Exception[]) => auditOf(plan, [], { exceptions })[0]!.required;
    expect(required([waive('5')])).toBe('15.000');
    expect(required([waive('15'), waive('15')])).toBe('0.000');
    expect(required([waive(null)])).toBe('0.000');
  });

  test('a class of today frees a record for another requirement, and takes nothing from what is met', () => {
    // Today's elective lets the statistics record, which alone can, cover mathematics too.
    const plan = [needs('elective', '10'), needs('math', '10', { codes: ['C'] })];
    const stat = has('STAT', { subjectCodes: ['C'] });
    const audited = auditOf(plan, [stat], { inProgress: [has('CHESS')] });
    expect(audited.map(({ earned }) => earned).sort()).toEqual(['0.000', '10.000']);
    expect(audited.map(({ missing }) => missing)).toEqual(['0.000', '0.000']);
  });

  test('what is asked for comes after what is taken', () => {
    const plan = [needs('math', '10', { codes: ['C'] })];
    const audited = auditOf(plan, [], {
      inProgress: [has('M', { subjectCodes: ['C'], credits: '5.000' })],
      planned: [has('N', { subjectCodes: ['C'] })],
    });
    expect(audited[0]!.inProgress.map(({ credits }) => credits)).toEqual(['5.000']);
    expect(audited[0]!.planned.map(({ credits }) => credits)).toEqual(['5.000']);
    expect(audited[0]!.missing).toBe('0.000');
  });
});

describe('the division of credits', () => {
  /** The least that can stand in the way, tried for every choice of demands: by max-flow min-cut, exactly what can be fulfilled. */
  function leastCut(demands: number[], supplies: number[], fits: (d: number, s: number) => boolean): number {
    let least = Infinity;
    for (let chosen = 0; chosen < 1 << demands.length; chosen++) {
      const isIn = (d: number) => (chosen >> d) & 1;
      const outside = demands.reduce((sum, amount, d) => sum + (isIn(d) ? 0 : amount), 0);
      const reached = supplies.reduce((sum, amount, s) => sum + (demands.some((_, d) => isIn(d) && fits(d, s)) ? amount : 0), 0);
      least = Math.min(least, outside + reached);
    }
    return least;
  }

  test('is as much as can be, in thousands of random cases, and never takes from what was fulfilled before', () => {
    const seed = Number(process.env['ROLLBOOK_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    console.log(`ROLLBOOK_SEED=${seed}`);
    let state = seed;
    const below = (n: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((state / 2 ** 32) * n);
    };
    for (let round = 0; round < 3_000; round++) {
      const demands = Array.from({ length: 1 + below(7) }, () => below(5) * 5);
      const supplies = Array.from({ length: below(9) }, () => below(4) * 5);
      const table = demands.map(() => supplies.map(() => below(3) === 0));
      const fits = (d: number, s: number) => table[d]![s]!;
      const first = fulfil({ demands, supplies: supplies.slice(0, below(supplies.length + 1)), fits });
      const all = fulfil({ demands, supplies, fits }, first);
      const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
      expect(sum(all.served)).toBe(leastCut(demands, supplies, fits));
      all.served.forEach((amount, d) => {
        expect(amount).toBeGreaterThanOrEqual(first.served[d]!);
        expect(amount).toBe(sum(all.flow[d]!));
        expect(amount).toBeLessThanOrEqual(demands[d]!);
      });
      supplies.forEach((amount, s) => {
        expect(sum(all.flow.map((row) => row[s]!))).toBeLessThanOrEqual(amount);
        all.flow.forEach((row, d) => expect(row[s]! === 0 || fits(d, s)).toBe(true));
      });
    }
  });
});

describe('the status', () => {
  const plan = [needs('all', '60')];
  const missing = (earned: string) => auditOf(plan, [has('x', { credits: earned })]);
  test('is on track while what is missing fits into the years after this one, and not beyond', () => {
    expect(statusOf(missing('60.000'), 0, '60')).toBe('COMPLETE');
    expect(statusOf(missing('59.000'), 0, '60')).toBe('NOT_ON_TRACK');
    expect(statusOf(missing('30.000'), 1, '30')).toBe('ON_TRACK');
    expect(statusOf(missing('29.999'), 1, '30')).toBe('NOT_ON_TRACK');
    expect(statusOf(missing('0.000'), -1, '30')).toBe('NOT_ON_TRACK');
  });

  test('of a senior who takes what is missing is on track, and not complete', () => {
    expect(statusOf(auditOf(plan, [], { inProgress: [has('y', { credits: '60.000' })] }), 0, '60')).toBe('ON_TRACK');
  });
});

test('the class of a student is the year they graduate; who is in no counted grade has none', () => {
  expect(['12', '09', 'KG', '01', 'TK', 'PS', null].map((grade) => classYearOf(grade, '2026-10-05'))).toEqual([
    ...[2027, 2030, 2039, 2038, null, null, null],
  ]);
  expect(classYearOf('12', '2027-07-01')).toBe(2028);
});

test.each([
  [[], 'between 1 and 100'],
  [[needs('', '5')], 'key'],
  [[needs('a', '5'), needs('a', '5')], '"a"'],
  [[needs('a', '0')], '0 credits'],
  [[needs('a', 'ten')], 'ten credits'],
  [[needs('a', '5', { leastPoints: '11' })], 'grade points'],
])('a plan that cannot be meant is refused: %j', (requirements, message) => {
  expect(() => checkPlan('Diploma', '60', requirements)).toThrow(message);
});
