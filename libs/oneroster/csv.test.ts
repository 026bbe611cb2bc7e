import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { csvRecords } from './csv.ts';
import type { CsvRecord } from './csv.ts';

async function recordsOf(chunks: Buffer[], limit = 1000): Promise<CsvRecord[]> {
  async function* source() {
    yield* chunks;
  }
  return (await Array.fromAsync(csvRecords(source(), limit))).flat();
}

const shown = ({ line, cells, flaw }: CsvRecord) => `${line} ${flaw?.code ?? cells.join('|')}`;

describe('the records of a CSV file', () => {
  test('are the same however the file is cut into blocks', async () => {
    const piece = fc.constantFrom('a', 'é', '😀', ',', '"', '""', '"x"', '\n', '\r\n', '\r', ' ', '\0', '\n"a\r\nb",c\n', '\uFEFF');
    const property = fc.asyncProperty(
      fc.array(piece, { maxLength: 60 }),
      fc.array(fc.nat(20), { maxLength: 30 }),
      async (pieces, sizes) => {
        const whole = Buffer.from(`id,${pieces.join('')}`);
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of sizes) chunks.push(whole.subarray(at, (at += size + 2)));
        chunks.push(whole.subarray(at));
        const cut = await recordsOf(chunks.filter(({ length }) => length > 0));
        expect(cut.map(shown)).toEqual((await recordsOf([whole])).map(shown));
      },
    );
    await fc.assert(property, { numRuns: 500 });
  });

  test('tell the line they start on, past quoted line breaks of any kind and flawed records', async () => {
    const text = 'id,name\n1,"a\r\nb\nc"\n2,x"y\n\n4,"d"\r\n5,e\n';
    expect((await recordsOf([Buffer.from(text)])).map(shown)).toEqual([
      '1 id|name',
      '2 1|a\r\nb\nc',
      '5 csv.unescaped_quote',
      '6 ',
      '7 4|d',
      '8 5|e',
    ]);
  });

  for (const [name, text, expected] of [
    ['text after a closing quote', '1,a\n2,"b"c\n3,d\n4,"e"f\n', ['1 1|a', '2 csv.text_after_quote']],
    ['a quote that is never closed', '1,a\n2,"b\n3,d\n', ['1 1|a', '2 csv.unclosed_quote']],
    ['a record that is too long', `1,a\n2,${'b'.repeat(2000)}\n3,c\n`, ['1 1|a', '2 csv.record_too_long']],
  ] as const) {
    test(`end at ${name}, wherever blocks end`, async () => {
      const bytes = Buffer.from(text);
      const single = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
      for (const chunks of [[bytes], single]) expect((await recordsOf(chunks)).map(shown)).toEqual(expected);
    });
  }

  test('are suspect once a byte is not UTF-8, or a NUL, and not before', async () => {
    const suspects = async (...chunks: Buffer[]) => (await recordsOf(chunks)).map(({ suspect }) => suspect);
    expect(await suspects(Buffer.from('1,é\n2,😀\n'))).toEqual([false, false]);
    expect((await suspects(Buffer.from('1,é\n'), Buffer.from([0x32, 0x2c, 0xe9, 0x0a]), Buffer.from('3,a\n'))).slice(1)).toEqual([
      true,
      true,
    ]);
    expect((await suspects(Buffer.from('1,a\n'), Buffer.from('2,\0\n'))).slice(1)).toEqual([true]);
    expect(await suspects(Buffer.from([0x31, 0x2c, 0xc3]))).toEqual([true]);
  });
});
