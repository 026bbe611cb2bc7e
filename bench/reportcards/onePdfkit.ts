import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import PDFDocument from 'pdfkit';

/** What a card says, as it was frozen. */
export interface Said {
  readonly title: string;
  readonly school: string;
  readonly student: string;
  readonly printedOn: string;
  readonly language: string;
  readonly address: readonly string[] | null;
  readonly heading: readonly (readonly [string, string])[];
  readonly missing: string | null;
  readonly sectionWord: string;
  readonly notPosted: string;
  readonly commentsWord: string;
  readonly columns: readonly (readonly [string, string])[];
  readonly sections: readonly (Readonly<Record<string, string | null>> & { readonly comments: readonly { readonly text: string }[] })[];
  readonly attendance: { readonly title: string; readonly days: readonly (readonly [string, number])[] | null } | null;
  readonly legend: { readonly title: string; readonly marks: readonly (readonly [string, string])[] } | null;
}

const fonts = (() => {
  const { resolve } = createRequire(import.meta.resolve('@rollbook/typesetting'));
  const folder = dirname(resolve('@expo-google-fonts/noto-sans/package.json'));
  const file = (weight: string, name: string) => join(folder, weight, `NotoSans_${name}.ttf`);
  return { regular: file('400Regular', '400Regular'), bold: file('700Bold', '700Bold') };
})();

type Document = InstanceType<typeof PDFDocument>;

/** The same words with pdfkit: a tagged PDF with the same font, its tables drawn cell by cell. Answers the bytes. */
export function setWithPdfkit(said: Said): Promise<Buffer> {
  const pdf = new PDFDocument({
    ...{ size: 'LETTER', margin: 54, tagged: true, pdfVersion: '1.7', displayTitle: true, lang: said.language },
    info: { Title: `${said.title} · ${said.student}` },
  });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<Buffer>((resolve) => pdf.on('end', () => resolve(Buffer.concat(chunks))));
  pdf.registerFont('regular', fonts.regular).registerFont('bold', fonts.bold);
  const root = pdf.struct('Document');
  pdf.addStructure(root);
  const say = (tag: string, text: string, font: 'regular' | 'bold', size: number) =>
    root.add(pdf.struct(tag, {}, () => void pdf.font(font).fontSize(size).text(text, 54)));
  say('H1', said.title, 'bold', 16);
  say('P', said.school, 'bold', 11);
  for (const line of said.address ?? []) say('P', line, 'regular', 9.5);
  for (const [label, value] of said.heading) say('P', `${label}: ${value}`, 'regular', 9.5);
  if (said.missing) say('P', said.missing, 'bold', 9.5);
  const columns = [said.sectionWord, ...said.columns.map(([, label]) => label)];
  const rows = said.sections.map((section) => [
    section['title']!,
    ...said.columns.map(([key]) => section[key] ?? (key === 'mark' ? said.notPosted : '–')),
  ]);
  table(pdf, root, [columns, ...rows]);
  const told = said.sections.filter(({ comments }) => comments.length);
  if (told.length)
    table(pdf, root, [
      [said.sectionWord, said.commentsWord],
      ...told.map((section) => [section['title']!, section.comments.map(({ text }) => text).join('\n')]),
    ]);
  if (said.attendance) say('H2', said.attendance.title, 'bold', 11);
  if (said.attendance?.days)
    table(
      pdf,
      root,
      said.attendance.days.map(([label, value]) => [label, String(value)]),
    );
  if (said.legend) say('P', said.legend.marks.map(([mark, meaning]) => `${mark} ${meaning}`).join('   '), 'regular', 8.5);
  say('P', said.printedOn, 'regular', 8);
  pdf.end();
  return done;
}

function table(pdf: Document, root: ReturnType<Document['struct']>, rows: readonly (readonly string[])[]): void {
  const grid = pdf.struct('Table');
  root.add(grid);
  const width = 504 / (rows[0]!.length + 1);
  for (const [n, row] of rows.entries()) {
    const line = pdf.struct('TR');
    grid.add(line);
    const y = pdf.y + 4;
    let height = 0;
    for (const [i, cell] of row.entries()) {
      const [x, wide] = i === 0 ? [54, width * 2] : [54 + width * (i + 1), width];
      line.add(
        pdf.struct(n === 0 ? 'TH' : 'TD', {}, () => {
          pdf
            .font(n === 0 ? 'bold' : 'regular')
            .fontSize(9.5)
            .text(cell, x, y, { width: wide - 4 });
          height = Math.max(height, pdf.y - y);
        }),
      );
    }
    line.end();
    pdf.y = y + height;
    pdf
      .moveTo(54, pdf.y + 2)
      .lineTo(558, pdf.y + 2)
      .stroke();
    pdf.y += 2;
  }
  grid.end();
}
