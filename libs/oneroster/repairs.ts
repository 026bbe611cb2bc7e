import type { Column, Version } from './columns.ts';
import { flawOf, items } from './values.ts';

/**
 * What a value that breaks the letter can only have meant, written as the standard wants it: TRUE → true, 2026-2027 → 2027,
 * 2.0260815E7 → 2026-08-15. Nothing when it could have meant several things (03/04/2026) or nothing.
 */
export function meant(column: Column, value: string, version: Version): string | undefined {
  const candidate = column.list
    ? items(value)
        .flatMap((item) => meantItem(column, item.trim()) ?? item.trim())
        .filter(Boolean)
        .join(',')
    : meantItem(column, value.trim());
  if (candidate === undefined || (candidate === '' && column.required)) return undefined;
  return candidate === '' || !flawOf(column, candidate, version) ? candidate : undefined;
}

function meantItem(column: Column, value: string): string | undefined {
  if (value === '') return '';
  switch (column.type) {
    case 'text':
    case 'id':
      return value;
    case 'choice':
      return column.vocabulary!.find((word) => word.toLowerCase() === value.toLowerCase()) ?? value;
    case 'boolean':
      return booleans[value.toLowerCase()];
    case 'year':
      return schoolYear(value);
    case 'date':
      return day(value);
    case 'dateTime':
      return instant(value);
    case 'integer':
    case 'float':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(value) ? String(Number(value)) : undefined;
  }
}

const booleans: Record<string, string> = {
  true: 'true',
  yes: 'true',
  y: 'true',
  '1': 'true',
  false: 'false',
  no: 'false',
  n: 'false',
  '0': 'false',
};

/** The year in which the school year ends: of 2026-2027, 2026/27 or 2027. */
function schoolYear(value: string): string | undefined {
  const span = /^(\d{4}) ?[-/–] ?(\d{4}|\d{2})$/.exec(value);
  if (!span) return value;
  const end = Number(span[1]) + 1;
  return Number(span[2]) === end || (span[2]!.length === 2 && Number(span[2]) === end % 100) ? String(end) : undefined;
}

/** A day from a time of that day, from 2026/08/15 or 20260815, or from 20260815 as a spreadsheet spoils it: 2.0260815E+07. */
function day(value: string): string | undefined {
  const leading = /^(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d/.exec(value);
  if (leading) return leading[1];
  const parts = /^(\d{4})\/(\d\d)\/(\d\d)$/.exec(value);
  if (parts) return parts.slice(1).join('-');
  const digits = /^\d(\.\d+)?e\+?\d{1,2}$/i.test(value) ? String(Number(value)) : value;
  return /^\d{8}$/.test(digits) ? `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}` : value;
}

/** A UTC time with milliseconds, from a time with another offset or precision; a time without offset is taken as UTC. */
function instant(value: string): string | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|[+-]\d\d:\d\d)?)?$/i.exec(value);
  if (!parts) return undefined;
  const time = new Date(`${parts[1]}T${parts[2] ?? '00:00'}${(parts[3] ?? 'Z').toUpperCase()}`);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
