import { afterAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fonts, freeSheets, openTypesetter, openTypesetters, SheetUnprintable } from './index.ts';

const templates = mkdtempSync(join(tmpdir(), 'rollbook-templates-'));
writeFileSync(
  join(templates, 'letter.typ'),
  `#let data = json("/data.json")
#set document(title: data.title, date: auto)
#set text(font: (${fonts.map((font) => JSON.stringify(font)).join(', ')}), lang: data.language, fallback: false)
= #data.title
#table(columns: 2, table.header([*A*], [*B*]), ..data.cells.map(cell => [#cell]))
`,
);
writeFileSync(join(templates, 'curious.typ'), '#read("/etc/passwd")');
afterAll(() => rmSync(templates, { recursive: true }));

const madeAt = new Date('2026-11-22T08:00:00Z');
const letter = (over: object = {}) => ({
  template: 'letter.typ',
  data: { title: 'Letter', language: 'en', cells: ['one', 'two'], ...over },
  madeAt,
});
const { pdf } = openTypesetter(templates);

const hasPoppler = spawnSync('pdfinfo', ['-v']).status === 0;
const ifPoppler = hasPoppler ? test : test.skip;
const why = hasPoppler ? '' : ' (skipped: there is no pdfinfo here; it comes with poppler-utils)';

function poppler(tool: string, bytes: Uint8Array, ...args: string[]): string {
  const file = join(templates, 'out.pdf');
  writeFileSync(file, bytes);
  return spawnSync(tool, [...args, file, ...(tool === 'pdftotext' ? ['-'] : [])], { encoding: 'utf8' }).stdout;
}

describe('a sheet', () => {
  test.each([
    ['en', 'Report card'],
    ['es', 'Boleta de calificaciones: ñ á ¿'],
    ['hy', 'Գնահատականների թերթիկ'],
    ['ko', '성적표'],
    ['fa', 'کارنامه'],
  ])('is set in %s, and twice the same, byte for byte', (language, title) => {
    const first = pdf(letter({ language, title }));
    expect(Buffer.from(first.subarray(0, 5)).toString()).toBe('%PDF-');
    expect(Buffer.compare(pdf(letter({ language, title })), first)).toBe(0);
    expect(Buffer.compare(openTypesetter(templates).pdf(letter({ language, title })), first)).toBe(0);
    expect(Buffer.compare(pdf(letter({ language, title: `${title}.` })), first)).not.toBe(0);
  });

  ifPoppler(`has its structure in it, for who listens to it: title, heading, table with heads${why}`, () => {
    const structure = poppler('pdfinfo', pdf(letter()), '-struct');
    for (const part of ['Document', 'H1', 'Table', 'TH', 'TD']) expect(structure).toContain(part);
    expect(poppler('pdfinfo', pdf(letter()))).toMatch(/Title: +Letter[^]*Tagged: +yes/);
  });

  ifPoppler(`shows markup of whoever wrote a comment as it was typed${why}`, () => {
    const typed = '#panic("x") *not bold* $x^2$ <tag> \\u{41} // nothing';
    expect(poppler('pdftotext', pdf(letter({ cells: [typed, ''] })), '-layout')).toContain(typed);
  });

  test('with a character that no font has is refused by that character', () => {
    expect(() => pdf(letter({ title: 'ไ' }))).toThrow(SheetUnprintable);
    expect(() => pdf(letter({ title: 'ไ' }))).toThrow(/"ไ"/);
    expect(() => pdf(letter({ title: 'a ไพลิน "\\ \u0e31 b' }))).toThrow(SheetUnprintable); // marks that the exporter writes by number
  });

  test('whose data the template does not take is refused, and the next one is set', () => {
    expect(() => pdf({ template: 'letter.typ', data: { title: 'no language' }, madeAt })).toThrow(/language/);
    expect(() => pdf({ template: 'none.typ', data: {}, madeAt })).toThrow(SheetUnprintable);
    expect(pdf(letter()).length).toBeGreaterThan(1000);
  });

  test('reads nothing but the templates', () => {
    expect(() => pdf({ template: 'curious.typ', data: {}, madeAt })).toThrow(SheetUnprintable);
  });
});

test('a thousand sheets leave no memory behind', async () => {
  const megabytes: number[] = [];
  for (let n = 0; n < 1000; n++) {
    pdf(letter({ cells: [`row ${n}`, 'x '.repeat(300)] }));
    if (n % 50 === 0) await freeSheets();
    if (n % 250 === 249) megabytes.push(process.memoryUsage().rss / 1e6);
  }
  expect(megabytes[3]! - megabytes[1]!).toBeLessThan(60);
}, 60_000);

test('threads set the same bytes, refuse one sheet without harm to the others, and end', async () => {
  const typesetters = openTypesetters(templates, 2);
  try {
    const [good, bad, ...others] = await Promise.allSettled(
      [letter(), letter({ title: 'ไ' }), ...Array.from({ length: 20 }, (_, n) => letter({ title: `Letter ${n}` }))].map(typesetters.pdf),
    );
    expect(good).toMatchObject({ status: 'fulfilled' });
    expect(Buffer.compare((good as PromiseFulfilledResult<Uint8Array>).value, pdf(letter()))).toBe(0);
    expect(bad).toMatchObject({ status: 'rejected', reason: expect.any(SheetUnprintable) });
    expect(others.map(({ status }) => status)).toEqual(others.map(() => 'fulfilled'));
    const late = typesetters.pdf(letter());
    await typesetters.close();
    await expect(late).rejects.toThrow('ended before');
    expect((await typesetters.pdf(letter())).length).toBeGreaterThan(1000);
  } finally {
    await typesetters.close();
  }
}, 60_000);
