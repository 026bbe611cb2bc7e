import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A document to set. */
export interface Sheet {
  /** The name of a template in the typesetter's folder: `card.typ`. It reads its data with `json("/data.json")`. */
  readonly template: string;
  /** What the template shows: plain JSON. It is never read as markup. */
  readonly data: unknown;
  /** The instant that the document says it was made: part of its bytes. */
  readonly madeAt: Date;
}

/** A document cannot be set; the message names what in it is wrong. Trying again is of no use. */
export class SheetUnprintable extends Error {
  override readonly name = 'SheetUnprintable';
}

export interface Typesetter {
  /**
   * A PDF that screen readers can read (PDF/UA-1, ISO 14289-1: tagged, with a title and a language): for the same sheet always the same bytes.
   * Takes some milliseconds of the thread it is called on.
   * @throws SheetUnprintable: the template does not take the data, or a character is in none of the fonts
   */
  pdf(sheet: Sheet): Uint8Array;
}

/** Latin, Greek and Cyrillic; Armenian; Hangul; Arabic and Persian. In this order a template names them. */
export const fonts = ['Noto Sans', 'Noto Sans Armenian', 'NanumGothic', 'Noto Naskh Arabic'] as const;
const fontPackages = ['noto-sans', 'noto-sans-armenian', 'nanum-gothic', 'noto-naskh-arabic'];

const { resolve } = createRequire(import.meta.url);
const fontPaths = fontPackages.flatMap((name) => {
  const folder = dirname(resolve(`@expo-google-fonts/${name}/package.json`));
  return ['400Regular', '700Bold'].map((weight) => join(folder, weight));
});

/** What the compiler keeps of documents is freed after this many of them. */
const keptSheets = 20;

/**
 * Where the typesetter has a release that knows PDF/UA. For the other platforms package.json names the release before it, so that
 * everything else of the project installs there too; documents are refused with this reason.
 */
const hasRelease = process.platform === 'linux' && process.arch === 'x64';

/** @param templates the folder of the templates; they may use each other, and nothing outside of it */
export function openTypesetter(templates: string): Typesetter {
  if (!hasRelease)
    throw new Error(
      `Documents can be printed on Linux x64 only: the typesetter has no release for ${process.platform} ${process.arch} yet.`,
    );
  const compiler = NodeCompiler.create({ workspace: templates, fontArgs: [{ fontPaths }] });
  let set = 0;
  return {
    pdf({ template, data, madeAt }) {
      compiler.mapShadow(join(templates, 'data.json'), Buffer.from(JSON.stringify(data)));
      const compiled = compiler.compile({ mainFilePath: join(templates, template), resetRead: true });
      if (++set % keptSheets === 0) compiler.evictCache(0);
      if (!compiled.result) throw new SheetUnprintable(`${template}: ${complaintsOf(compiled.takeDiagnostics()?.shortDiagnostics ?? [])}`);
      try {
        return compiler.pdf(compiled.result, { pdfStandard: 'ua-1', creationTimestamp: Math.floor(madeAt.getTime() / 1000) });
      } catch (error) {
        throw new SheetUnprintable(`${template}: ${exportComplaintOf(error)}`, { cause: error });
      }
    },
  };
}

const complaintsOf = (diagnostics: readonly { message: string }[]) => diagnostics.map(({ message }) => message).join('; ');

/** Of the exporter's own account of its faults, the sentences. */
function exportComplaintOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const sentences = [...text.matchAll(/message: "((?:[^"\\]|\\.)*)"/g)].map(([, sentence]) => unescaped(sentence!));
  return sentences.length ? [...new Set(sentences)].slice(0, 5).join('; ') : text;
}

/** As the exporter writes a text: `\u{e44}` is a letter by its number. */
const unescaped = (text: string) =>
  text.replaceAll(/\\(?:u\{([0-9a-f]{1,6})\}|(.))/g, (_, number: string | undefined, letter: string) =>
    number ? String.fromCodePoint(Number.parseInt(number, 16)) : letter === 'n' ? '\n' : letter,
  );

/**
 * Gives back the memory of documents that were set: their native part is freed between turns of the event loop, after a collection that
 * the small JavaScript part of them would not bring about by itself (0.6 MB stayed for each document without it).
 */
export async function freeSheets(): Promise<void> {
  collect ??= (setFlagsFromString('--expose-gc'), runInNewContext('gc') as () => void);
  collect();
  await new Promise((next) => setImmediate(next));
}
let collect: (() => void) | undefined;
