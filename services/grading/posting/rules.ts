import { refuse } from '@rollbook/school';
import { checkScale, isCommentCode } from '../marks/rules.ts';
import { isStorable } from '../saves/rules.ts';
import type { CommentTextInput, SetMarkFormInput } from '../schema.types.ts';
import type { CommentCodeRow, MarkContent, MarkFormRow, MarkType } from './entities.ts';

/** Longest text of a comment code, in characters: two lines of a report card. */
const longestText = 300;

/** Refuses FORM_INVALID unless what a school asks for can be answered: required types among the types, scales where there is a type of one. */
export function checkForm({ types, required, effortValues, conductValues, mostCodes }: SetMarkFormInput): void {
  const invalid = (message: string) => refuse('FORM_INVALID', message);
  if (!types.length || new Set(types).size < types.length) invalid('Name at least one type of mark, each once.');
  if (!required.length || new Set(required).size < required.length) invalid('Name at least one required type, each once.');
  const odd = required.find((type) => !types.includes(type));
  if (odd) invalid(`${odd} is required, and is none of the types of this form.`);
  for (const [type, values] of [
    ['EFFORT', effortValues],
    ['CONDUCT', conductValues],
  ] as const) {
    if (types.includes(type) && !values?.length) invalid(`${type} needs its values.`);
    if (values?.length) checkScale(values);
  }
  const most = mostCodes ?? 0;
  if (types.includes('COMMENT_CODES') ? most < 1 || most > 20 : most !== 0)
    invalid(`mostCodes is between 1 and 20 with COMMENT_CODES, and left out without; it is ${mostCodes}.`);
}

/** The texts by language, the one it was written in first. Refuses CODE_INVALID, TEXT_INVALID. */
export function textsOf(code: string, texts: readonly CommentTextInput[]): { language: string; texts: Record<string, string> } {
  if (!isCommentCode(code)) refuse('CODE_INVALID', `${JSON.stringify(code)} is no code: at most ten capital letters, digits and dashes.`);
  if (!texts.length || texts.length > 50) refuse('TEXT_INVALID', 'A comment has a text in between 1 and 50 languages.');
  const byLanguage: Record<string, string> = {};
  for (const { language, text } of texts) {
    const tag = languageOf(language);
    if (tag in byLanguage) refuse('TEXT_INVALID', `There are two texts in ${tag}.`);
    if (!text.trim() || text.length > longestText || !isStorable(text))
      refuse('TEXT_INVALID', `The text in ${tag} has between 1 and ${longestText} characters, and none that cannot be stored.`);
    byLanguage[tag] = text.trim();
  }
  return { language: languageOf(texts[0]!.language), texts: byLanguage };
}

/** A language tag as BCP 47 writes it. Refuses TEXT_INVALID. */
export function languageOf(tag: string): string {
  try {
    const [language] = Intl.getCanonicalLocales(tag);
    if (language) return language;
  } catch {
    // told below
  }
  return refuse('TEXT_INVALID', `${JSON.stringify(tag)} is no language; write it as BCP 47 does, such as es or hy.`);
}

/** The text in a language, or in the language without its region; else as it was written, which is told. */
export function textIn({ language: written, texts }: CommentCodeRow, wanted: string | null) {
  const tag = wanted === null ? written : languageOf(wanted);
  const found = [tag, tag.split('-')[0]!].find((language) => Object.hasOwn(texts, language));
  return { language: found ?? written, text: texts[found ?? written]!, translated: found !== undefined };
}

const has: Readonly<Record<MarkType, (mark: MarkContent) => boolean>> = {
  MARK: ({ value }) => value !== null,
  EFFORT: ({ effort }) => effort !== null,
  CONDUCT: ({ conduct }) => conduct !== null,
  COMMENT_CODES: ({ commentCodes }) => commentCodes.length > 0,
  COMMENT: ({ comment }) => comment !== null,
};

/** Of what is required, what a mark does not say; all of it, where there is no mark. */
export const lacksOf = (mark: MarkContent | null, required: readonly MarkType[]): MarkType[] =>
  required.filter((type) => !mark || !has[type](mark));

/** What a school can give. */
export interface Choices {
  readonly form: MarkFormRow;
  readonly values: readonly string[];
  readonly codes: readonly string[];
}

/** Why this cannot be said of a mark here: the code of the refusal of such a cell of saveMarks; null when it can. */
export function contentFault(content: MarkContent, { form, values, codes }: Choices): string | null {
  const { value, effort, conduct, commentCodes } = content;
  const types = Object.keys(has) as MarkType[];
  if (types.some((type) => has[type](content) && !form.markTypes.includes(type))) return 'TYPE_NOT_USED';
  if (value !== null && !values.includes(value)) return 'VALUE_NOT_ON_SCALE';
  if (effort !== null && !form.effortValues.includes(effort)) return 'EFFORT_NOT_ON_SCALE';
  if (conduct !== null && !form.conductValues.includes(conduct)) return 'CONDUCT_NOT_ON_SCALE';
  if (commentCodes.some((code) => !codes.includes(code))) return 'COMMENT_CODE_UNKNOWN';
  if (commentCodes.length > form.mostCodes) return 'TOO_MANY_COMMENT_CODES';
  const saysNothing = value === null && lacksOf(content, form.requiredTypes).length === form.requiredTypes.length;
  return saysNothing ? 'NOTHING_TO_POST' : null;
}
