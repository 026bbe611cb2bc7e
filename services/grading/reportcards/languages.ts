import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'languages');
const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Readonly<Record<string, string>>;

/** One language: what a document says in it. */
export interface Language {
  /** BCP 47, without a region. */
  readonly tag: string;
  readonly direction: 'ltr' | 'rtl';
  /** A word or sentence by its name in the table, with `{name}`s filled in. A name that the table lacks is an error. */
  say(name: string, values?: Readonly<Record<string, string | number>>): string;
  /** What a mark means, or null. */
  meaning(mark: string): string | null;
  date(day: string): string;
}

/** The languages documents are printed in: one table of words each, in `languages/`. To add one, add a file with all of these words. */
export const languages: ReadonlyMap<string, Language> = new Map(
  readdirSync(folder)
    .sort()
    .map((file) => [file.replace('.json', ''), languageOf(file.replace('.json', ''), read(file))]),
);
export const english = languages.get('en')!;

function languageOf(tag: string, words: Readonly<Record<string, string>>): Language {
  // The school's calendar, whichever one the family's language is used with elsewhere.
  const day = new Intl.DateTimeFormat(`${tag}-u-ca-gregory-nu-latn`, { dateStyle: 'long', timeZone: 'UTC' });
  return {
    tag,
    direction: words['direction'] === 'rtl' ? 'rtl' : 'ltr',
    say: (name, values = {}) => {
      const text = words[name];
      if (text === undefined) throw new Error(`languages/${tag}.json has no "${name}".`);
      return text.replaceAll(/\{(\w+)\}/g, (_, key: string) => String(values[key]));
    },
    meaning: (mark) => words[`meaning.${mark}`] ?? null,
    date: (text) => day.format(new Date(`${text}T00:00:00Z`)),
  };
}

/** The documents' language for what a family speaks (BCP 47: `es-MX` is Spanish); null when there is no table of words for it. */
export function languageFor(spoken: string): Language | null {
  return languages.get(spoken.toLowerCase().split('-')[0]!) ?? null;
}
