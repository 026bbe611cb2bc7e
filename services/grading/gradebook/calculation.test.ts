import { describe, expect, test } from '@jest/globals';
import { calculate, type AssignmentFacts, type CategoryFacts, type Gradebook, type ScoreFacts } from './calculation.ts';
import { checkedScale, plainRules, type Cutoff, type GradingRules } from './gradingRules.ts';

/** A 90, B 80, C 70, D 60. */
const letters: readonly Cutoff[] = checkedScale([
  { mark: 'A', from: '90', below: null },
  { mark: 'B', from: '80', below: '90' },
  { mark: 'C', from: '70', below: '80' },
  { mark: 'D', from: '60', below: '70' },
  { mark: 'F', from: '0', below: '60' },
]);
const levels: readonly Cutoff[] = checkedScale([
  { mark: '4', from: '3.5', below: null },
  { mark: '3', from: '2.5', below: '3.5' },
  { mark: '2', from: '1.5', below: '2.5' },
  { mark: '1', from: '0', below: '1.5' },
]);

/** "18/20" with what is special about it; null out of something is work without a number. */
type Work = readonly [written: string, more?: Partial<AssignmentFacts & ScoreFacts & { readonly noScore: boolean }>];
type Category = readonly [weight: number | null, work: readonly Work[], more?: Partial<CategoryFacts>];

const today = '2026-10-15';

/** A gradebook as it is written down here: categories with their weights and scores, the work due on 1 October. */
function gradebookOf(categories: readonly Category[], rules: Partial<GradingRules> = {}, uncategorized: readonly Work[] = []) {
  const assignments: AssignmentFacts[] = [];
  const scores: ScoreFacts[] = [];
  const add = (categoryId: string | null, [written, more = {}]: Work) => {
    const [value, highest] = written.split('/') as [string, string];
    const assignmentId = `work ${assignments.length + 1}`;
    const { noScore = false, ...special } = more;
    const facts = { id: assignmentId, title: assignmentId, categoryId, standardId: null, dueOn: '2026-10-01', extraCredit: false };
    assignments.push({ ...facts, highest: highest === 'none' ? null : highest, ...special });
    const score = { status: 'FULLY_GRADED', late: false, daysLate: null, missing: false, incomplete: false };
    if (!noScore) scores.push({ assignmentId, value: value === '-' ? null : value, ...score, ...special });
  };
  const facts = categories.map(([weight, work, more = {}], n): CategoryFacts => {
    const id = `category ${n + 1}`;
    for (const each of work) add(id, each);
    return { id, title: id, weight, dropLowest: 0, extraCredit: false, ...more };
  });
  for (const each of uncategorized) add(null, each);
  const standards = ['reads', 'writes'].map((id) => ({ id, code: id, title: id }));
  const gradebook: Gradebook = { rules: { ...plainRules, ...rules }, scale: letters, categories: facts, assignments, standards, levels };
  return { gradebook, scores };
}

function graded(...written: Parameters<typeof gradebookOf>) {
  const { gradebook, scores } = gradebookOf(
    written[0],
    { ...(written[0].length ? { method: 'WEIGHTED' } : {}), ...written[1] },
    written[2],
  );
  return calculate(gradebook, scores, today);
}
const grade = (...written: Parameters<typeof gradebookOf>) => {
  const { percent, mark } = graded(...written);
  return [percent, mark];
};
const reasons = (...written: Parameters<typeof gradebookOf>) =>
  graded(...written).categories.flatMap(({ scores }) => scores.map(({ reason }) => reason));
const points = (rules: Partial<GradingRules>, ...work: Work[]) => grade([], rules, work);

describe('points added up', () => {
  test('1: what was earned, out of full marks', () => {
    // 18 + 45 of 20 + 50 = 63/70 = 90 %
    expect(points({}, ['18/20'], ['45/50'])).toEqual(['90.00', 'A']);
  });
  test('2: a large test counts more than a small one', () => {
    // 10 + 50 of 10 + 100 = 60/110 = 54.5454... -> 54.55; the mean of 100 % and 50 % would be 75
    expect(points({}, ['10/10'], ['50/100'])).toEqual(['54.55', 'F']);
  });
  test('3: categories do not weigh where points are added up', () => {
    // (10 + 40) / (10 + 50) = 50/60 = 83.333...
    expect(
      grade(
        [
          [90, [['10/10']]],
          [10, [['40/50']]],
        ],
        { method: 'POINTS' },
      ),
    ).toEqual(['83.33', 'B']);
  });
  test('4: more than full marks is extra credit', () => {
    // 22/20 = 110 %
    expect(points({}, ['22/20'])).toEqual(['110.00', 'A']);
  });
  test('5: four decimals are kept exactly', () => {
    // 0.1 + 0.2 of 0.3333 + 0.0001 = 0.3/0.3334 = 89.98200... ; floats would add 0.1 + 0.2 to 0.30000000000000004
    expect(points({ places: 4 }, ['0.1/0.3333'], ['0.2/0.0001'])).toEqual(['89.9820', 'B']);
  });
  test('6: without a score there is no grade, and it says so', () => {
    expect(graded([], {}, [['-/20']])).toMatchObject({ percent: null, mark: null, reason: 'NOTHING_COUNTED', unrounded: null });
    expect(graded([], {}, [])).toMatchObject({ percent: null, reason: 'NOTHING_COUNTED' });
  });
  test('7: a score below zero takes away, half away from zero where it is rounded', () => {
    // -0.001/20 = -0.005 % -> -0.01; the lowest mark
    expect(points({}, ['-0.001/20'])).toEqual(['-0.01', 'F']);
    // -0.0008/20 = -0.004 % -> 0, without a sign
    expect(points({}, ['-0.0008/20'])).toEqual(['0.00', 'F']);
  });
});

describe('weighted categories', () => {
  test('8: each category by its weight', () => {
    // tests 160/200 = 80 % x 60 = 48; homework 19/20 = 95 % x 40 = 38; 48 + 38 = 86
    expect(
      grade([
        [60, [['70/100'], ['90/100']]],
        [40, [['19/20']]],
      ]),
    ).toEqual(['86.00', 'B']);
  });
  test('9: thirds stay exact until the end', () => {
    // 1/3 x 50 + 2/3 x 50 = 50 exactly; thirds rounded before would give 49.99 or 50.01
    expect(
      grade(
        [
          [50, [['1/3']]],
          [50, [['2/3']]],
        ],
        { places: 4 },
      ),
    ).toEqual(['50.0000', 'F']);
  });
  test('10: what an empty category weighs is shared among the others in proportion', () => {
    // tests 80 % (60), homework 90 % (20), projects empty (20): (80 x 60 + 90 x 20) / 80 = 6600/80 = 82.5
    const found = graded([
      [60, [['80/100']]],
      [20, [['9/10']]],
      [20, []],
    ]);
    expect(found).toMatchObject({ percent: '82.50', mark: 'B' });
    expect(found.categories.map(({ appliedWeight }) => appliedWeight)).toEqual(['75.0000', '25.0000', null]);
  });
  test('11: a category whose work is all exempt is empty too', () => {
    // only the tests count: 75/100
    expect(
      grade([
        [60, [['75/100']]],
        [40, [['-/10', { status: 'EXEMPT' }]]],
      ]),
    ).toEqual(['75.00', 'C']);
  });
  test('12: weights that do not add up are a fault, and no grade', () => {
    // 60 + 30 = 90
    expect(
      graded([
        [60, [['75/100']]],
        [30, [['10/10']]],
      ]),
    ).toMatchObject({ percent: null, mark: null, reason: 'WEIGHTS_INVALID' });
  });
  test('13: unless they are taken in proportion, by choice', () => {
    // (75 x 60 + 100 x 30) / 90 = 7500/90 = 83.333...
    expect(
      grade(
        [
          [60, [['75/100']]],
          [30, [['10/10']]],
        ],
        { renormalize: true },
      ),
    ).toEqual(['83.33', 'B']);
    // three equal parts, 1 : 1 : 1: (100 + 100 + 0) / 3 = 66.666...
    expect(
      grade(
        [
          [1, [['1/1']]],
          [1, [['1/1']]],
          [1, [['0/1']]],
        ],
        { renormalize: true },
      ),
    ).toEqual(['66.67', 'D']);
  });
  test('14: a category that weighs nothing is only for practice', () => {
    expect(
      grade([
        [100, [['80/100']]],
        [0, [['0/100']]],
      ]),
    ).toEqual(['80.00', 'B']);
    expect(graded([[0, [['5/10']]]], { renormalize: true })).toMatchObject({ percent: null, reason: 'NOTHING_COUNTED' });
  });
  test('15: work without a category does not count where categories are weighted, and says so', () => {
    expect(grade([[100, [['80/100']]]], {}, [['0/50']])).toEqual(['80.00', 'B']);
    expect(reasons([[100, [['80/100']]]], {}, [['0/50']])).toEqual([null, 'NO_CATEGORY']);
  });
});

describe('dropping the lowest', () => {
  test('16: of equal full marks, the lowest goes', () => {
    // 6, 9, 10 of 10 without the 6: 19/20 = 95
    expect(grade([[100, [['6/10'], ['9/10'], ['10/10']], { dropLowest: 1 }]])).toEqual(['95.00', 'A']);
    expect(reasons([[100, [['6/10'], ['9/10'], ['10/10']], { dropLowest: 1 }]])).toEqual(['DROPPED', null, null]);
  });
  test('17: of different full marks, what hurts most goes, not the lowest percentage', () => {
    // 80/100, 5/10 (50 %), 60/100. All: 145/210 = 69.05. Without 5/10: 140/200 = 70; without 60/100: 85/110 = 77.27...
    expect(grade([[100, [['80/100'], ['5/10'], ['60/100']], { dropLowest: 1 }]])).toEqual(['77.27', 'C']);
  });
  test('18: two at once are chosen together', () => {
    // 100/100, 42/91, 14/55, 3/38 (Kane & Kane's example): the best two to keep are 100/100 and 3/38? 103/138 = 74.64;
    // 100/100 and 42/91: 142/191 = 74.35; 100/100 and 14/55: 114/155 = 73.55. So 42/91 and 14/55 go, although 3/38 is the lowest.
    expect(grade([[100, [['100/100'], ['42/91'], ['14/55'], ['3/38']], { dropLowest: 2 }]])).toEqual(['74.64', 'C']);
    expect(reasons([[100, [['100/100'], ['42/91'], ['14/55'], ['3/38']], { dropLowest: 2 }]])).toEqual([null, 'DROPPED', 'DROPPED', null]);
  });
  test('19: the last score stays, however many may be dropped', () => {
    // of 2/10 and 4/10 the 2 goes, and the 4 stays: 40
    expect(grade([[100, [['2/10'], ['4/10']], { dropLowest: 5 }]])).toEqual(['40.00', 'F']);
  });
  test('20: of equals, the one that was due first', () => {
    // 8, 8, 8: one of them goes, 16/20 = 80
    expect(reasons([[100, [['8/10'], ['8/10'], ['8/10']], { dropLowest: 1 }]])).toEqual(['DROPPED', null, null]);
  });
  test('21: what is missing can be dropped; what is exempt or not scored is not, for it does not count', () => {
    // 0 (missing), exempt, not scored, 7, 9: the 0 goes, 16/20 = 80
    const work: Work[] = [['-/10', { missing: true }], ['-/10', { status: 'EXEMPT' }], ['-/10'], ['7/10'], ['9/10']];
    expect(grade([[100, work, { dropLowest: 1 }]])).toEqual(['80.00', 'B']);
    expect(reasons([[100, work, { dropLowest: 1 }]])).toEqual(['DROPPED', 'EXEMPT', 'NOT_SCORED', null, null]);
  });
  test('22: where points are added up, what raises the total most; a good score is kept even where one may go', () => {
    // quizzes 10/10 and 10/10 (drop 1), tests 50/100 and 70/100 (drop 1). Without 50/100: 90/120 = 75. Dropping a 10/10 too would
    // give 80/110 = 72.73, so it stays.
    expect(
      grade(
        [
          [null, [['10/10'], ['10/10']], { dropLowest: 1 }],
          [null, [['50/100'], ['70/100']], { dropLowest: 1 }],
        ],
        { method: 'POINTS' },
      ),
    ).toEqual(['75.00', 'C']);
  });
  test('23: where points are added up, work without a category has a number of its own', () => {
    // 1/10 goes: 17/20 = 85
    expect(points({ dropLowest: 1 }, ['8/10'], ['1/10'], ['9/10'])).toEqual(['85.00', 'B']);
  });
});

describe('late and missing', () => {
  const perDay = { late: { kind: 'PER_DAY', percent: '10', atMost: '25' } } as const;
  test('24: a penalty for each day, of full marks, up to its cap', () => {
    // 45/50, two days: 20 % of 50 = 10 off, 35/50 = 70
    expect(points(perDay, ['45/50', { late: true, daysLate: 2 }])).toEqual(['70.00', 'C']);
    // three days would be 30 %, the cap is 25 % of 50 = 12.5 off: 32.5/50 = 65
    expect(points(perDay, ['45/50', { late: true, daysLate: 3 }])).toEqual(['65.00', 'D']);
    // late, and nobody said how late: one day, 5 off: 40/50 = 80
    expect(points(perDay, ['45/50', { late: true }])).toEqual(['80.00', 'B']);
    // not late: nothing off
    expect(points(perDay, ['45/50', { daysLate: 2 }])).toEqual(['90.00', 'A']);
  });
  test('25: a flat penalty, and never less than nothing is left', () => {
    // 15 % of 20 = 3 off: 15/20 = 75
    expect(points({ late: { kind: 'FLAT', percent: '15' } }, ['18/20', { late: true, daysLate: 9 }])).toEqual(['75.00', 'C']);
    // 2 - 3 would be below 0: 0/20
    expect(graded([], { late: { kind: 'FLAT', percent: '15' } }, [['2/20', { late: true }]])).toMatchObject({
      ...{ percent: '0.00', categories: [{ scores: [{ value: '2', penalty: '2', counted: '0', reason: 'LATE' }] }] },
    });
  });
  test('26: a cap: late work counts 70 % at most', () => {
    // 19/20 is more than 14: 14/20 = 70; 12/20 is not: 60
    expect(points({ late: { kind: 'CAP', percent: '70' } }, ['19/20', { late: true }])).toEqual(['70.00', 'C']);
    expect(points({ late: { kind: 'CAP', percent: '70' } }, ['12/20', { late: true }])).toEqual(['60.00', 'D']);
  });
  test('27: what is missing is 0, or a floor, or does not count', () => {
    const work: Work[] = [['18/20'], ['-/20', { missing: true }]];
    // 18/40 = 45
    expect(points({}, ...work)).toEqual(['45.00', 'F']);
    // 50 % of 20 = 10: 28/40 = 70
    expect(points({ missing: { percent: '50', afterDays: 0 } }, ...work)).toEqual(['70.00', 'C']);
    // 18/20 = 90
    expect(points({ missing: { percent: null, afterDays: 0 } }, ...work)).toEqual(['90.00', 'A']);
  });
  test('28: it counts only from so many days after it was due, that day included', () => {
    const work: Work[] = [['18/20'], ['-/20', { missing: true }]];
    // due on the 1st, today is the 15th: with 14 days it counts (18/40), with 15 not yet (18/20)
    expect(points({ missing: { percent: '0', afterDays: 14 } }, ...work)).toEqual(['45.00', 'F']);
    expect(points({ missing: { percent: '0', afterDays: 15 } }, ...work)).toEqual(['90.00', 'A']);
    expect(reasons([], { missing: { percent: '0', afterDays: 15 } }, work)).toEqual([null, 'MISSING_NOT_YET']);
    // without a day on which it was due it counts at once
    expect(points({ missing: { percent: '0', afterDays: 15 } }, work[0]!, ['-/20', { missing: true, dueOn: null }])).toEqual([
      '45.00',
      'F',
    ]);
  });
  test('29: not submitted is missing; a number that somebody gave stands', () => {
    // 18/40
    expect(points({}, ['18/20'], ['-/20', { status: 'NOT_SUBMITTED' }])).toEqual(['45.00', 'F']);
    // the floor of 50 % does not lift a 3 that was given: 21/40 = 52.5
    expect(points({ missing: { percent: '50', afterDays: 0 } }, ['18/20'], ['3/20', { missing: true }])).toEqual(['52.50', 'F']);
  });
});

describe('exempt, incomplete, not scored', () => {
  test('30: what is exempt does not count, even where a number stands', () => {
    // 18/20
    expect(points({}, ['18/20'], ['2/20', { status: 'EXEMPT' }])).toEqual(['90.00', 'A']);
  });
  test('31: incomplete work counts as scored, or not until it is finished; a mark may say so', () => {
    const work: Work[] = [['18/20'], ['5/20', { incomplete: true }]];
    // 23/40 = 57.5
    expect(points({}, ...work)).toEqual(['57.50', 'F']);
    expect(points({ countIncomplete: false }, ...work)).toEqual(['90.00', 'A']);
    expect(graded([], { countIncomplete: false, incompleteMark: 'I' }, work)).toMatchObject({
      ...{ percent: '90.00', mark: 'I', reason: 'INCOMPLETE', cutoff: { mark: 'A' } },
    });
    expect(graded([], { incompleteMark: 'I' }, work.slice(0, 1))).toMatchObject({ mark: 'A', reason: null });
  });
  test('32: what nobody scored yet, has no full marks or was never handed out to the student does not count', () => {
    // only 18/20 counts
    const work: Work[] = [['18/20'], ['-/20', { status: 'SUBMITTED' }], ['5/none'], ['-/20', { noScore: true }]];
    expect(points({}, ...work)).toEqual(['90.00', 'A']);
    expect(reasons([], {}, work)).toEqual([null, 'NOT_SCORED', 'NO_FULL_MARKS', 'NOT_SCORED']);
  });
});

describe('extra credit', () => {
  test('33: an assignment that is extra credit adds to what was earned, and takes from nobody who has none', () => {
    // (16 + 3) / 20 = 95; without: 80
    expect(points({}, ['16/20'], ['3/5', { extraCredit: true }])).toEqual(['95.00', 'A']);
    expect(points({}, ['16/20'], ['-/5', { extraCredit: true, missing: true }])).toEqual(['80.00', 'B']);
  });
  test('34: within a weighted category, to that category', () => {
    // homework (16 + 2)/20 = 90 % x 50; tests 70 % x 50; 45 + 35 = 80
    expect(
      grade([
        [50, [['16/20'], ['2/10', { extraCredit: true }]]],
        [50, [['70/100']]],
      ]),
    ).toEqual(['80.00', 'B']);
  });
  test('35: a category that is extra credit comes on top of the 100', () => {
    // tests 80 % x 100 + projects 50 % x 10 = 85
    expect(
      grade([
        [100, [['80/100']]],
        [10, [['5/10']], { extraCredit: true }],
      ]),
    ).toEqual(['85.00', 'B']);
    // points: (80 + 5) / 100 = 85 too
    expect(
      grade(
        [
          [null, [['80/100']]],
          [null, [['5/10']], { extraCredit: true }],
        ],
        { method: 'POINTS' },
      ),
    ).toEqual(['85.00', 'B']);
  });
  test('36: it is never dropped, and work out of 0 is extra credit', () => {
    // 5/10 goes, the extra 1/10 stays: (9 + 1) / 10 = 100
    expect(grade([[100, [['5/10'], ['9/10'], ['1/10', { extraCredit: true }]], { dropLowest: 1 }]])).toEqual(['100.00', 'A']);
    // (16 + 2) / 20
    expect(points({}, ['16/20'], ['2/0'])).toEqual(['90.00', 'A']);
  });
  test('37: alone it makes no grade', () => {
    expect(graded([], {}, [['3/5', { extraCredit: true }]])).toMatchObject({ percent: null, reason: 'NOTHING_COUNTED' });
    expect(
      graded([
        [100, []],
        [10, [['5/10']], { extraCredit: true }],
      ]),
    ).toMatchObject({ percent: null, reason: 'NOTHING_COUNTED' });
  });
});

describe('curve and minimum', () => {
  test('38: points are added to the percentage', () => {
    // 76 + 4.5 = 80.5
    expect(points({ curve: { kind: 'ADD', points: '4.5' } }, ['76/100'])).toEqual(['80.50', 'B']);
  });
  test('39: a table, with straight lines between its steps', () => {
    const curve = { kind: 'TABLE', steps: [{ from: '0', to: '40' }, { from: '60', to: '70' }, { from: '100', to: '100' }] } as const; // prettier-ignore
    // 60 -> 70; 80 is half way from 60 to 100: 85; 45 is three quarters from 0 to 60: 40 + 22.5 = 62.5; 110 is beyond the last: 100
    for (const [from, to] of Object.entries({ 60: '70.00', 80: '85.00', 45: '62.50', 0: '40.00', 110: '100.00' }))
      expect(points({ curve }, [`${from}/100`])[0]).toBe(to);
    // 20/60 = 33.333... % is 40 + 30 x (1/3)/0.6 = 56.666...
    expect(points({ curve }, ['20/60'])[0]).toBe('56.67');
  });
  test('40: nobody has less than the minimum; it applies after the curve', () => {
    // 30 -> 50
    expect(points({ minimum: '50' }, ['30/100'])).toEqual(['50.00', 'F']);
    // 48 + 5 = 53 is above it
    expect(points({ minimum: '50', curve: { kind: 'ADD', points: '5' } }, ['48/100'])).toEqual(['53.00', 'F']);
  });
});

describe('rounding half up, once, before the mark is looked up', () => {
  test.each([
    // points of 1,000 or 100,000; places; percentage; mark
    ['894.5/1000', 1, '89.5', 'B'], // 89.45 at one place is 89.5, and is not rounded again to 90
    ['894.5/1000', 0, '89', 'B'], // 89.45 is nearer to 89
    ['895/1000', 0, '90', 'A'], // 89.5 goes up
    ['894.9999/1000', 0, '89', 'B'], // 89.49999 does not
    ['89995/100000', 2, '90.00', 'A'], // 89.995 goes up
    ['89994.9999/100000', 2, '89.99', 'B'], // 89.9949999 does not
    ['89995/100000', 3, '89.995', 'B'], // at three places it stays below 90
    ['899.95/1000', 1, '90.0', 'A'], // 89.995 at one place
    ['900/1000', 2, '90.00', 'A'], // the cut-off itself is the higher mark
    ['5995/10000', 1, '60.0', 'D'], // 59.95
    ['1.005/100', 2, '1.01', 'F'], // in floats 1.005 is a little less, and became 1.00
    ['2/3', 4, '66.6667', 'D'],
  ])('41: %s at %i places is %s: %s', (written, places, percent, mark) => {
    expect(points({ places }, [written])).toEqual([percent, mark]);
  });
  test('42: the exact number is rounded, not what was rounded before', () => {
    // 1/2 x (89.99 % + 89.999 %) = 89.9945: at two places 89.99, although 89.999 alone would be 90.00
    expect(
      grade([
        [50, [['8999/10000']]],
        [50, [['8999.9/10000']]],
      ]),
    ).toEqual(['89.99', 'B']);
  });
});

describe('standards', () => {
  const reading = (...values: string[]): Work[] => values.map((value) => [`${value}/4`, { standardId: 'reads' }]);
  const level = (rules: Partial<GradingRules>, ...values: string[]) => {
    const [reads] = graded([], { method: 'STANDARDS', ...rules }, reading(...values)).standards;
    return [reads!.value, reads!.level];
  };
  test('43: the mean, the newest, the highest', () => {
    // (2 + 3 + 3) / 3 = 2.666...
    expect(level({ standards: 'MEAN' }, '2', '3', '3')).toEqual(['2.67', '3']);
    expect(level({ standards: 'MOST_RECENT' }, '4', '3', '2')).toEqual(['2.00', '2']);
    expect(level({ standards: 'HIGHEST' }, '1', '4', '2')).toEqual(['4.00', '4']);
  });
  test('44: a decaying average: the newest counts 65 % against all before', () => {
    // 2, 3, 4: 2 x 0.35 + 3 x 0.65 = 2.65; 2.65 x 0.35 + 4 x 0.65 = 0.9275 + 2.6 = 3.5275
    expect(level({ standards: 'DECAYING', places: 4 }, '2', '3', '4')).toEqual(['3.5275', '4']);
    // the other way round: 4 x 0.35 + 3 x 0.65 = 3.35; 3.35 x 0.35 + 2 x 0.65 = 1.1725 + 1.3 = 2.4725
    expect(level({ standards: 'DECAYING', places: 4 }, '4', '3', '2')).toEqual(['2.4725', '2']);
    expect(level({ standards: 'DECAYING' }, '3')).toEqual(['3.00', '3']);
  });
  test('45: rounded half up before the level is looked up', () => {
    // (3.49 + 3.5) / 2 = 3.495: at one place 3.5, level 4; at three 3.495, level 3
    expect(level({ places: 1 }, '3.49', '3.5')).toEqual(['3.5', '4']);
    expect(level({ places: 3 }, '3.49', '3.5')).toEqual(['3.495', '3']);
  });
  test('46: the grade of a section by standards is the mean of the exact standards', () => {
    // reads (2 + 3 + 3)/3 = 8/3, writes 3: (8/3 + 3)/2 = 17/6 = 2.8333...; exempt work shows nothing
    const work: Work[] = [
      ...reading('2', '3', '3'),
      ['3/4', { standardId: 'writes' }],
      ['1/4', { standardId: 'writes', status: 'EXEMPT' }],
    ];
    expect(graded([], { method: 'STANDARDS', places: 4 }, work)).toMatchObject({ percent: '2.8333', mark: '3', categories: [] });
    expect(graded([], { method: 'STANDARDS' }, [])).toMatchObject({ percent: null, reason: 'NOTHING_COUNTED' });
  });
  test('47: beside points, standards are shown and the grade is that of the points', () => {
    // 7/8 = 87.5 %; standard (3 + 4)/2 = 3.5
    expect(graded([], {}, reading('3', '4'))).toMatchObject({
      percent: '87.50',
      mark: 'B',
      standards: [{ value: '3.50', level: '4' }, {}],
    });
  });
});

describe('a whole gradebook', () => {
  test('48: every rule at once, and every step shown', () => {
    // Tests (50): 70/80 = 87.5 %.
    // Homework (30, drop 1): 6/10; 9/10 two days late at 10 % a day: 9 - 2 = 7; missing 10 at 50 % = 5; extra credit 1. The missing one
    //   goes: (6 + 7 + 1)/20 = 70 % (without the 6/10 it would be (7 + 5 + 1)/20 = 65 %).
    // Projects (20): nothing yet, so that tests and homework weigh 50/80 and 30/80: 87.5 x 0.625 + 70 x 0.375 = 54.6875 + 26.25 = 80.9375
    // Curve: + 0.9 = 81.8375; at one place 81.8, a B.
    const found = graded(
      [
        [50, [['70/80']]],
        [30, [['6/10'], ['9/10', { late: true, daysLate: 2 }], ['-/10', { missing: true }], ['1/1', { extraCredit: true }]], { dropLowest: 1 }], // prettier-ignore
        [20, [['-/50', { noScore: true }]]],
      ],
      {
        late: { kind: 'PER_DAY', percent: '10', atMost: null },
        missing: { percent: '50', afterDays: 7 },
        ...{ curve: { kind: 'ADD', points: '0.9' }, places: 1 },
      },
    );
    expect(found).toMatchObject({
      ...{ percent: '81.8', mark: 'B', raw: '80.937500', unrounded: '81.837500', cutoff: { mark: 'B', from: '80', below: '90' } },
      categories: [
        { weight: 50, appliedWeight: '62.5000', earned: '70', outOf: '80', percent: '87.5000' },
        {
          ...{ weight: 30, appliedWeight: '37.5000', earned: '14', outOf: '20', percent: '70.0000', dropLowest: 1 },
          scores: [
            { counted: '6', reason: null },
            { value: '9', penalty: '2', counted: '7', reason: 'LATE' },
            { value: null, counted: null, reason: 'DROPPED' },
            { counted: '1', extraCredit: true },
          ],
        },
        { weight: 20, appliedWeight: null, earned: '0', outOf: '0', percent: null },
      ],
      rounding: { places: 1, rule: 'HALF_UP' },
    });
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });
});
