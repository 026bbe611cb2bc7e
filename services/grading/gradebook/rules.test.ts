import { expect, test } from '@jest/globals';
import { decimalFault } from './rules.ts';

test.each(['0', '7', '87.5', '100', '999999', '999999.9999', '-5', '-0.5', '87.50', '1.00000'])('%s is a score', (text) => {
  expect(decimalFault(text)).toBeNull();
});

test.each([
  ...[
    '',
    ' ',
    '  ',
    '5 ',
    '+5',
    '.5',
    '5.',
    '05',
    '-0',
    '-0.00',
    '−0',
    'NaN',
    'Infinity',
    '1e309',
    '1e2',
    '0x10',
    '1,5',
    '1_000',
    '١٠٠',
    '５',
  ],
])('%j is no number a teacher writes', (text) => {
  expect(decimalFault(text)).toBe('SCORE_NOT_A_NUMBER');
});

test('a score has four decimals and six digits at most', () => {
  expect(decimalFault('100.0000000001')).toBe('SCORE_TOO_PRECISE');
  expect(decimalFault('0.00001')).toBe('SCORE_TOO_PRECISE');
  expect(decimalFault('1000000')).toBe('SCORE_OUT_OF_RANGE');
});
