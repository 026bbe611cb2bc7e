import { afterAll, describe, expect, test } from '@jest/globals';
import { openTypesetter, SheetUnprintable } from '@rollbook/typesetting';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pagesOf, templatesFolder } from './cards.ts';
import { attendanceOf, familyOf } from './cards.testing.ts';
import { languageFor, languages } from './languages.ts';
import {
  checkFields,
  fields,
  frozen,
  snapshotOf,
  templateFor,
  type Facts,
  type Layout,
  type SectionToPrint,
  type Template,
} from './rules.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollbook-cards-'));
afterAll(() => rmSync(folder, { recursive: true }));
const { pdf } = openTypesetter(templatesFolder);
const madeAt = new Date('2026-10-23T00:00:00Z');

const section = (title: string, over: Partial<SectionToPrint> = {}): SectionToPrint => ({
  ...{ title, teacher: 'Dora Alvarez', credits: '5', isPosted: true, value: 'A-', effort: 'E', conduct: 'S', comment: null, codes: [] },
  ...over,
});
const notPosted = { isPosted: false, value: null, effort: null, conduct: null };
const twelve = Array.from({ length: 12 }, (_, n) => section(`Course ${n + 1} with a title of some length`, n === 4 ? notPosted : {}));

function factsOf(over: Partial<Facts> = {}, layout: Layout = 'SECONDARY'): Facts {
  const kind = layout === 'PACKET' ? 'CONFERENCE_PACKET' : 'REPORT_CARD';
  return {
    ...{ school: 'Garfield High', schoolYear: 2027, gradingPeriod: 'Quarter 1', today: '2026-10-23', templateVersion: 'x' },
    ...{ family: familyOf('Ana'), attendance: attendanceOf(), sections: twelve, conferences: [] },
    template: { schoolId: null, kind, layout, gradeLevels: [], fields: [...fields] },
    ...over,
  };
}
const set = (facts: Facts) => {
  const data = snapshotOf(facts);
  return pdf({ template: data.template, data, madeAt });
};

const hasPoppler = spawnSync('pdfinfo', ['-v']).status === 0;
const ifPoppler = hasPoppler ? test : test.skip;
const why = hasPoppler ? '' : ' (skipped: there is no pdfinfo here; it comes with poppler-utils)';
function poppler(tool: string, bytes: Uint8Array, ...args: string[]): string {
  const file = join(folder, 'card.pdf');
  writeFileSync(file, bytes);
  return spawnSync(tool, [...args, file, ...(tool === 'pdftotext' ? ['-'] : [])], { encoding: 'utf8' }).stdout;
}

describe.each([...languages.keys()])('a card in %s', (language) => {
  const facts = (layout: Layout) => factsOf({ family: familyOf('Ana', { language }) }, layout);

  test.each(['ELEMENTARY', 'SECONDARY', 'PACKET'] as const)('is set in the layout %s, twice the same', (layout) => {
    expect(snapshotOf(facts(layout)).language).toBe(language);
    expect(Buffer.compare(set(facts(layout)), set(facts(layout)))).toBe(0);
  });

  ifPoppler(`has its structure for who listens to it: a title, headings, tables with heads, and its language${why}`, () => {
    const bytes = set(facts('SECONDARY'));
    const structure = poppler('pdfinfo', bytes, '-struct');
    for (const part of ['Document', 'H1', 'H2', 'Table', 'TH', 'TD']) expect(structure).toContain(part);
    expect(structure.match(/\bTR\b/g)!.length).toBeGreaterThan(12);
    const info = poppler('pdfinfo', bytes);
    expect(info).toMatch(/Tagged: +yes/);
    expect(Number(/Pages: +(\d+)/.exec(info)![1])).toBe(pagesOf(bytes));
  });

  ifPoppler(`shows every course, its mark the right way round, and what is missing in words${why}`, () => {
    const text = poppler('pdftotext', set(facts('SECONDARY')), '-layout');
    expect(text.match(/Course \d+/g)).toHaveLength(12);
    expect(text.match(/A-/g)).toHaveLength(11);
    expect(text).not.toContain('-A');
  });
});

describe('the words of a language', () => {
  const words = (tag: string) =>
    JSON.parse(readFileSync(join(import.meta.dirname, 'languages', `${tag}.json`), 'utf8')) as Record<string, string>;
  const blanks = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

  test.each([...languages.keys()])('are all there in %s, with the same blanks to fill, and none is English by mistake', (tag) => {
    const [english, own] = [words('en'), words(tag)];
    expect(Object.keys(own)).toEqual(Object.keys(english));
    for (const [name, text] of Object.entries(own)) expect([name, blanks(text)]).toEqual([name, blanks(english[name]!)]);
    const same = Object.keys(own).filter((name) => name !== 'direction' && own[name] === english[name]);
    expect(tag === 'en' ? [] : same).toEqual([]);
  });

  test('are found by what a family speaks, whatever its country', () => {
    expect(languageFor('es-MX')!.tag).toBe('es');
    expect(languageFor('FA')!.direction).toBe('rtl');
    expect(languageFor('th')).toBeNull();
    expect(() => languages.get('en')!.say('nothing')).toThrow('no "nothing"');
  });
});

describe('what is printed', () => {
  test.each([
    [familyOf('María José', { familyName: 'Núñez' }), 'María José Núñez'],
    [familyOf('Անի', { familyName: 'Գրիգորյան', preferredGivenName: 'Անուշ' }), 'Անուշ Գրիգորյան'],
    [familyOf('서연', { familyName: '김' }), '김서연'],
    [familyOf('آناهیتا', { familyName: 'رضایی' }), 'آناهیتا رضایی'],
  ])('has the name as it is written: %#', (family, name) => {
    expect(snapshotOf(factsOf({ family })).student).toBe(name);
    expect(set(factsOf({ family })).length).toBeGreaterThan(1000);
  });

  test('of attendance is what is known: nothing invented when it is not, and missing rolls are said', () => {
    expect(snapshotOf(factsOf({ attendance: null })).attendance).toMatchObject({ days: null });
    const days = snapshotOf(factsOf({ attendance: attendanceOf({ rollsMissing: 3 }) })).attendance!.days!;
    expect(days.at(-1)).toEqual(['Classes in which attendance was not taken', 3]);
    expect(snapshotOf(factsOf()).attendance!.days).toHaveLength(3);
  });

  test('of a comment by code is its translation, or the original and that it is not translated; typed words are never translated', () => {
    const codes: SectionToPrint['codes'] = [
      { language: 'en', texts: { en: 'Well done', es: 'Bien hecho' } },
      { language: 'en', texts: { en: 'Reads a lot' } },
    ];
    const facts = factsOf({ family: familyOf('Ana', { language: 'es' }), sections: [section('Art', { codes, comment: 'Très bien' })] });
    expect(snapshotOf(facts).sections[0]!.comments.map(({ text, note }) => [text, note])).toEqual([
      ['Bien hecho', null],
      ['Reads a lot', 'sin traducir'],
      ['Très bien', 'tal como se escribió, sin traducir'],
    ]);
  });

  test('on another day is the same but for that day; another mark is another content', () => {
    const [one, other] = [frozen(snapshotOf(factsOf())), frozen(snapshotOf(factsOf({ today: '2026-10-24' })))];
    expect(one.contentSha256).toEqual(other.contentSha256);
    expect(one.sha256).not.toEqual(other.sha256);
    expect(frozen(snapshotOf(factsOf({ sections: [section('Art', { value: 'B' })] }))).contentSha256).not.toEqual(
      frozen(snapshotOf(factsOf({ sections: [section('Art')] }))).contentSha256,
    );
  });

  ifPoppler(`of a word longer than a line stays on the page${why}`, () => {
    const bytes = set(factsOf({ sections: [section('Art', { comment: 'x'.repeat(600) })] }));
    const words = [...poppler('pdftotext', bytes, '-bbox').matchAll(/xMax="([\d.]+)"[^>]*>[^<]*xxx/g)];
    expect(words.length).toBeGreaterThan(0);
    expect(Math.max(...words.map(([, right]) => Number(right)))).toBeLessThan(612 - 50);
  });

  test('in a script that no font has is refused by the character', () => {
    expect(() => set(factsOf({ family: familyOf('ไพลิน') }))).toThrow(SheetUnprintable);
  });
});

describe('a template', () => {
  const template = (over: Partial<Template>): Template => ({
    ...{ schoolId: null, kind: 'REPORT_CARD', layout: 'SECONDARY', gradeLevels: [], fields: [] },
    ...over,
  });
  test('for a grade goes before one for all, the school’s before the district’s; without one for the grade there is none', () => {
    const all = template({});
    const young = template({ layout: 'ELEMENTARY', gradeLevels: ['KG', '01'] });
    expect(templateFor([all, young], '01')).toBe(young);
    expect(templateFor([all, young], '09')).toBe(all);
    expect(templateFor([all, young], null)).toBe(all);
    expect(templateFor([young], '09')).toBeNull();
  });

  test('with an unknown field is refused by the field’s name', () => {
    expect(() => checkFields(['teacher', 'shoeSize'])).toThrow('"shoeSize"');
    checkFields(fields);
  });
});
