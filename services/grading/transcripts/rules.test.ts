import { describe, expect, test } from '@jest/globals';
import {
  checkPolicy,
  isOnList,
  ranked,
  shareOf,
  shown,
  standings,
  totalsOf,
  worthOf,
  type Counted,
  type ListRule,
  type Policy,
} from './rules.ts';

const meaning = (mark: string, points: string | null, attempts = true, earns = true, pending = false) => ({
  mark,
  points,
  attempts,
  earns,
  pending,
});
const policy: Policy = {
  marks: [
    ...[meaning('A', '4'), meaning('B', '3'), meaning('C', '2'), meaning('D', '1'), meaning('F', '0', true, false), meaning('P', null)],
    ...[
      meaning('NP', null, true, false),
      meaning('I', null, false, false, true),
      meaning('W', null, false, false),
      meaning('WF', '0', true, false),
    ],
  ],
  ...{ weightedCodes: ['AP'], weightBonus: '1', weightFrom: '2', repeats: 'BEST', mostAtOnce: 9, lists: [] },
};

let records = 0;
const took = (course: string, mark: string, more: Partial<Counted> & { credits?: string; codes?: string[] } = {}): Counted => ({
  ...{
    id: `record ${String(++records).padStart(4, '0')}`,
    courseNumber: course,
    courseTitle: course,
    part: 1,
    parts: 1,
    repeatable: false,
  },
  ...{ schoolYear: 2026, session: 'Fall', endedOn: '2025-12-19' },
  ...worthOf(mark, more.credits ?? '5.000', more.codes ?? [], policy),
  ...more,
});
const totals = (all: Counted[], repeats: Policy['repeats'] = 'BEST') => totalsOf(standings(all, repeats));
const spring = { session: 'Spring', endedOn: '2026-06-12' };
const summer = { session: 'Summer', endedOn: '2026-07-20' };

describe('what a mark is worth', () => {
  test('pass and no pass are in no average; a pass earns the credit, no pass only attempts it', () => {
    expect(totals([took('a', 'P'), took('b', 'NP')])).toEqual({
      creditsAttempted: '10.000',
      creditsEarned: '5.000',
      gpa: null,
      weightedGpa: null,
    });
    // 4.0 of 5 credits, whatever was passed beside it.
    expect(totals([took('a', 'A'), took('b', 'P')]).gpa).toBe('4.0000');
  });

  test('who withdrew attempted nothing; withdrawn failing counts like an F', () => {
    expect(totals([took('a', 'A'), took('b', 'W')])).toMatchObject({ creditsAttempted: '5.000', gpa: '4.0000' });
    // (4 * 5 + 0 * 5) / 10
    expect(totals([took('a', 'A'), took('b', 'WF')])).toMatchObject({ creditsAttempted: '10.000', creditsEarned: '5.000', gpa: '2.0000' });
  });

  test('an incomplete counts for nothing yet', () => {
    const incomplete = took('a', 'I');
    expect(incomplete).toMatchObject({ pending: true, creditsAttempted: '0.000' });
    expect(totals([incomplete, took('b', 'B')])).toEqual({
      creditsAttempted: '5.000',
      creditsEarned: '5.000',
      gpa: '3.0000',
      weightedGpa: '3.0000',
    });
  });

  test('a weighted course has its bonus from a C on, and only in the weighted average', () => {
    const ap = { codes: ['AP'] };
    expect(['A', 'C', 'D', 'F', 'P'].map((mark) => worthOf(mark, '5', ['AP'], policy).weightedPoints)).toEqual(['5', '3', '1', '0', null]);
    // Unweighted (4 + 3) / 2, weighted (5 + 3) / 2.
    expect(totals([took('a', 'A', ap), took('b', 'B')])).toMatchObject({ gpa: '3.5000', weightedGpa: '4.0000' });
  });

  test('a mark that the policy does not know is refused, by name', () => {
    expect(() => worthOf('Q', '5', [], policy)).toThrow('"Q"');
  });
});

describe('averages', () => {
  test('weigh by credits and round half up from the exact quotient', () => {
    // (4 * 5 + 3 * 2.5) / 7.5 = 27.5 / 7.5 = 3.66666...
    expect(totals([took('a', 'A'), took('b', 'B', { credits: '2.500' })]).gpa).toBe('3.6667');
    // 2.00005 exactly: (2 * 19999 + 3) / 20000 — a tie, which goes up. In floats 2.00005 is less than the tie.
    const many = Array.from({ length: 20 }, (_, n) => took(`c${n}`, 'C', { credits: n ? '100.000' : '99.900' }));
    expect(totals([...many, took('b', 'B', { credits: '0.100' })]).gpa).toBe('2.0001');
  });

  test('are shown with two places, half up from the four', () => {
    expect(['3.6649', '3.6650', '2.0000', null].map(shown)).toEqual(['3.66', '3.67', '2.00', null]);
  });

  test('parts of a course are its credits exactly', () => {
    for (const [credits, parts] of [
      ['10', 2],
      ['10', 3],
      ['0.5', 3],
      ['7.5', 4],
      ['1', 7],
    ] as const) {
      const shares = Array.from({ length: parts }, (_, n) => shareOf(credits, n + 1, parts));
      expect(shares.reduce((sum, share) => sum + Math.round(Number(share) * 1000), 0)).toBe(Number(credits) * 1000);
    }
    expect([1, 2, 3].map((part) => shareOf('10', part, 3))).toEqual(['3.333', '3.334', '3.333']);
  });
});

describe('repeats', () => {
  const failed = took('alg', 'F');
  const better = took('alg', 'B', spring);
  const worse = took('alg', 'D', summer);

  test('the best attempt counts, whenever it was, and credit is earned once', () => {
    expect(totals([failed, better, worse], 'BEST')).toMatchObject({ creditsAttempted: '5.000', creditsEarned: '5.000', gpa: '3.0000' });
  });

  test('the latest attempt counts where the policy says so, and never takes credit away', () => {
    expect(totals([failed, better, worse], 'LATEST').gpa).toBe('1.0000');
    expect(totals([took('alg', 'C'), took('alg', 'F', spring)], 'LATEST')).toMatchObject({ creditsEarned: '5.000', gpa: '0.0000' });
  });

  test('all attempts are in the averages where the policy says so, with credit once', () => {
    // (0 + 3 + 1) / 3
    expect(totals([failed, better, worse], 'BOTH')).toMatchObject({ creditsAttempted: '15.000', creditsEarned: '5.000', gpa: '1.3333' });
  });

  test('a withdrawal repeats nothing, and the second semester is no repetition of the first', () => {
    expect(totals([took('alg', 'B'), took('alg', 'W', spring)], 'LATEST').gpa).toBe('3.0000');
    const halves = [took('alg', 'A', { part: 1, parts: 2 }), took('alg', 'C', { part: 2, parts: 2, ...spring })];
    expect(totals(halves)).toMatchObject({ creditsEarned: '10.000', gpa: '3.0000' });
  });

  test('choir counts every time', () => {
    const choir = { repeatable: true };
    expect(totals([took('choir', 'A', choir), took('choir', 'A', { ...choir, ...spring })])).toMatchObject({ creditsEarned: '10.000' });
  });

  test('a failed course passed on pass/no pass is earned, and the F is out of the average', () => {
    expect(totals([took('alg', 'F'), took('alg', 'P', summer), took('b', 'B')])).toMatchObject({ creditsEarned: '10.000', gpa: '3.0000' });
  });

  test('of two courses without numbers the title tells whether they are the same', () => {
    const unnumbered = { courseNumber: null };
    expect(totals([took('Art', 'A', unnumbered), took('Drama', 'A', unnumbered)])).toMatchObject({ creditsEarned: '10.000' });
    expect(totals([took('Art', 'A', unnumbered), took('Art', 'A', unnumbered)])).toMatchObject({ creditsEarned: '5.000' });
  });
});

test('those with the same average share a place, and the next one counts them all: 1 2 2 4', () => {
  const averages = [
    { of: 'Ana', gpa: '3.5000' },
    { of: 'Ben', gpa: '4.0000' },
    { of: 'Cho', gpa: '3.5000' },
    { of: 'Dee', gpa: '10.0000' },
    { of: 'Eli', gpa: null },
    { of: 'Fay', gpa: '3.4999' },
  ];
  expect(ranked(averages).map(({ of, place }) => [of, place])).toEqual([
    ...[['Dee', 1] as const, ['Ben', 2] as const, ['Ana', 3] as const, ['Cho', 3] as const, ['Fay', 5] as const],
  ]);
});

describe('lists', () => {
  const honor: ListRule = { name: 'Honor roll', over: 'SESSION', weighted: false, leastGpa: '3.5', leastCredits: '10', leastPoints: '2' };
  test('ask for an average, credits and no low mark, each at its boundary', () => {
    const a = took('a', 'A');
    const b = took('b', 'B');
    expect(isOnList([a, b], honor, 'BEST')).toBe(true);
    expect(isOnList([a, took('c', 'C')], honor, 'BEST')).toBe(false);
    expect(isOnList([a], honor, 'BEST')).toBe(false);
    expect(isOnList([a, took('a2', 'A'), took('a3', 'A'), took('a4', 'A'), took('a5', 'A'), took('d', 'D')], honor, 'BEST')).toBe(false);
    expect(isOnList([a, took('p', 'P')], honor, 'BEST')).toBe(true);
    expect(isOnList([], honor, 'BEST')).toBe(false);
  });
});

test.each([
  [{ marks: [] }, 'each mark'],
  [{ marks: [meaning('A', '4'), meaning('A', '3')] }, 'twice'],
  [{ marks: [meaning('A', '11')] }, 'grade points'],
  [{ marks: [meaning('A', '4', false)] }, 'not attempted'],
  [{ marks: [meaning('I', '0', true, false, true)] }, 'still to come'],
  [{ weightBonus: '-1' }, 'no number'],
  [{ mostAtOnce: 0 }, 'at once'],
  [{ lists: [{ name: ' ', over: 'ALL', weighted: false, leastGpa: '2', leastCredits: '0', leastPoints: null } as ListRule] }, 'names'],
])('a policy that cannot be meant is refused: %j', (odd, message) => {
  expect(() => checkPolicy({ ...policy, ...odd })).toThrow(message);
});
