import type { Column, ColumnType, Version } from './columns.ts';
import type { Code } from './issues.ts';

/** What is wrong with one value: the kind, and a sentence that shows the value itself. */
export interface Flaw {
  code: Code;
  message: string;
}

const idForm = /^[0-9A-Za-z./@_-]{1,255}$/;
const dateForm = /^(\d{4})-(\d\d)-(\d\d)$/;
const dateTimeForm = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

const isDate = (value: string): boolean => {
  const parts = dateForm.exec(value);
  if (!parts) return false;
  const month = Number(parts[2]);
  return month >= 1 && month <= 12 && Number(parts[3]) >= 1 && Number(parts[3]) <= daysIn(Number(parts[1]), month);
};
const daysIn = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
};

/** How each type must be written, by the letter: the kind of the error, the words for it, and the test. */
const forms: Record<Exclude<ColumnType, 'text' | 'choice'>, { code: Code; form: string; test: (value: string) => boolean }> = {
  id: { code: 'row.invalid_guid', form: 'an id of 1 to 255 letters, digits and . / @ _ -', test: (value) => idForm.test(value) },
  date: { code: 'row.invalid_date', form: 'a date written YYYY-MM-DD', test: isDate },
  dateTime: {
    code: 'row.invalid_datetime',
    form: 'a UTC time written YYYY-MM-DDTHH:MM:SS.sssZ',
    test: (value) => {
      const parts = dateTimeForm.exec(value);
      return parts !== null && isDate(parts[1]!);
    },
  },
  year: { code: 'row.invalid_year', form: 'the year in which the school year ends, written YYYY', test: (value) => /^\d{4}$/.test(value) },
  boolean: { code: 'row.invalid_boolean', form: 'true or false', test: (value) => value === 'true' || value === 'false' },
  integer: { code: 'row.invalid_integer', form: 'a whole number', test: (value) => /^-?\d{1,15}$/.test(value) },
  float: { code: 'row.invalid_float', form: 'a number such as 92.5', test: (value) => /^-?\d{1,15}(\.\d{1,15})?$/.test(value) },
};

const shown = (value: string): string => JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);

/** The items of a list cell; an empty cell has none. */
export const items = (cell: string): string[] => (cell === '' ? [] : cell.split(','));

/** What the standard objects to in a value that is not empty; nothing when it is as it should be. */
export function flawOf(column: Column, value: string, version: Version): Flaw | undefined {
  if (!column.list) return flawOfItem(column, value, version);
  const list = value.split(',');
  if (list.some((item) => item.trim() === '')) {
    return { code: 'row.invalid_list', message: `${column.name} must be a list without empty items, not ${shown(value)}` };
  }
  if (column.type === 'text') return undefined;
  for (const item of list) {
    const flaw = flawOfItem(column, item, version);
    if (flaw) return flaw;
  }
  return undefined;
}

function flawOfItem(column: Column, value: string, version: Version): Flaw | undefined {
  if (column.type === 'text') return undefined;
  if (column.type === 'choice') {
    if (column.vocabulary!.includes(value) || (version === '1.2' && column.name !== 'status' && /^ext:./.test(value))) return undefined;
    return { code: 'row.invalid_enum', message: `${column.name} must be one of ${column.vocabulary!.join(', ')}, not ${shown(value)}` };
  }
  const { code, form, test } = forms[column.type];
  return test(value) ? undefined : { code, message: `${column.name} must be ${form}, not ${shown(value)}` };
}
