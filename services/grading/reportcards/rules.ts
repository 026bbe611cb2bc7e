import { refuse } from '@rollbook/school';
import { createHash } from 'node:crypto';
import { english, languageFor, type Language } from './languages.ts';

export type Kind = 'REPORT_CARD' | 'CONFERENCE_PACKET';
export type Layout = 'ELEMENTARY' | 'SECONDARY' | 'PACKET';

/** What a document may show besides the sections, their marks and what is missing, which it always does. */
export const fields = [
  ...(['studentNumber', 'gradeLevel', 'birthDate', 'guardians', 'address'] as const),
  ...(['teacher', 'credits', 'effort', 'conduct', 'comments', 'attendance', 'legend'] as const),
] as const;
type Field = (typeof fields)[number];

/** Refuses TEMPLATE_FIELD_UNKNOWN by name. */
export function checkFields(named: readonly string[]): void {
  const unknown = named.find((name) => !(fields as readonly string[]).includes(name));
  if (unknown !== undefined)
    refuse('TEMPLATE_FIELD_UNKNOWN', `There is no field "${unknown}". A template may have ${fields.join(', ')}.`, { field: unknown });
}

export interface Template {
  readonly schoolId: string | null;
  readonly kind: Kind;
  readonly layout: Layout;
  /** None: for all that no other template of the kind names. */
  readonly gradeLevels: readonly string[];
  readonly fields: readonly string[];
}

/** The template for a grade: one that names it before one for all, and the school's own before the district's. */
export function templateFor(templates: readonly Template[], gradeLevel: string | null): Template | null {
  const named = templates.filter(({ gradeLevels }) => gradeLevel !== null && gradeLevels.includes(gradeLevel));
  const candidates = named.length ? named : templates.filter(({ gradeLevels }) => !gradeLevels.length);
  return candidates.find(({ schoolId }) => schoolId !== null) ?? candidates[0] ?? null;
}

/** A person as the student service tells of one. */
export interface Family {
  readonly givenName: string;
  readonly middleName: string | null;
  readonly familyName: string;
  readonly preferredGivenName: string | null;
  readonly preferredFamilyName: string | null;
  readonly localId: string | null;
  readonly birthDate: string | null;
  readonly gradeLevel: string | null;
  readonly language: string | null;
  readonly contacts: readonly { readonly givenName: string; readonly familyName: string }[];
  readonly address: {
    readonly street: string;
    readonly unit: string | null;
    readonly city: string;
    readonly state: string;
    readonly postalCode: string;
  } | null;
}

export interface Attendance {
  readonly daysEnrolled: number;
  readonly daysAbsent: number;
  readonly daysTardy: number;
  readonly rollsMissing: number;
}

/** A section in which the student sits in the grading period, with its mark if that is posted. */
export interface SectionToPrint {
  readonly title: string;
  readonly teacher: string | null;
  readonly credits: string | null;
  readonly isPosted: boolean;
  readonly value: string | null;
  readonly effort: string | null;
  readonly conduct: string | null;
  readonly comment: string | null;
  /** Comments by code, in each language they were translated into; `language` is the one they were written in. */
  readonly codes: readonly { readonly language: string; readonly texts: Readonly<Record<string, string>> }[];
}

/** All that a document is made of. */
export interface Facts {
  readonly school: string;
  /** As the district names it: the year it ends in. */
  readonly schoolYear: number;
  readonly gradingPeriod: string;
  readonly today: string;
  readonly family: Family;
  /** Null: it was not told in time, and the office chose to print without it. */
  readonly attendance: Attendance | null;
  readonly sections: readonly SectionToPrint[];
  readonly template: Template;
  readonly templateVersion: string;
  /** Of a conference packet, when (`2026-12-02 17:40`, at the school) and with whom the family talks. */
  readonly conferences: readonly (readonly [at: string, teacher: string])[];
}

/** What the office should know of a document that was printed. */
export interface Note {
  readonly code: 'NO_GUARDIAN' | 'NO_LANGUAGE' | 'LANGUAGE_NOT_OFFERED';
  readonly message: string;
}

export function notesOn({ contacts, language }: Family): Note[] {
  const notes: Note[] = [];
  if (!contacts.length) notes.push({ code: 'NO_GUARDIAN', message: 'No parent or guardian is known: it is addressed to the family.' });
  if (!language) notes.push({ code: 'NO_LANGUAGE', message: 'The language of the family is not known: it is in English.' });
  else if (!languageFor(language))
    notes.push({ code: 'LANGUAGE_NOT_OFFERED', message: `There are no words for documents in ${language}: it is in English.` });
  return notes;
}

/** Everything a document says, in the words it says it in: what is frozen, and what a template sets. */
export type Snapshot = ReturnType<typeof snapshotOf>;

export function snapshotOf(facts: Facts) {
  const { family, template, sections } = facts;
  const language = languageFor(family.language ?? 'en') ?? english;
  const { say } = language;
  const has = (field: Field) => template.fields.includes(field);
  const student = nameOf(family);
  const missing = sections.filter(({ isPosted }) => !isPosted).length;
  return {
    template: `${template.layout.toLowerCase()}.typ`,
    templateVersion: facts.templateVersion,
    language: language.tag,
    direction: language.direction,
    title: say(template.kind === 'REPORT_CARD' ? 'reportCard' : 'conferencePacket'),
    school: facts.school,
    student,
    printedOn: say('printedOn', { date: language.date(facts.today) }),
    pageOf: say('page', { page: '{page}', pages: '{pages}' }),
    address: addressOf(facts, student, language),
    heading: headingOf(facts, student, language),
    missing: missing ? say('marksMissing', { count: missing, total: sections.length }) : null,
    sectionWord: say(template.layout === 'ELEMENTARY' ? 'subject' : 'course'),
    notPosted: say('notPosted'),
    commentsWord: say('comments'),
    columns: (['teacher', 'credits', 'mark', 'effort', 'conduct'] as const)
      .filter((column) => column === 'mark' || has(column))
      .map((column) => [column, say(column)] as const),
    sections: sections.map((section) => printedSection(section, has, language)),
    attendance: has('attendance') ? attendanceOf(facts.attendance, language) : null,
    legend: has('legend') ? legendOf(sections, has, language) : null,
    conferences: facts.conferences.map(([at, teacher]) => [`${language.date(at.slice(0, 10))}, ${at.slice(11)}`, teacher] as const),
    conferenceWord: say('conference'),
    teacherWord: say('teacher'),
    soFarWord: say('postedSoFar'),
    notesWord: say('notes'),
  };
}

function nameOf({ preferredGivenName, givenName, middleName, preferredFamilyName, familyName }: Family): string {
  const [given, family] = [preferredGivenName ?? givenName, preferredFamilyName ?? familyName];
  return inOrder(given, family) ?? [given, middleName, family].filter(Boolean).join(' ').trim();
}

/** A name in Hangul or in Chinese characters: the family's first, without a space. Null for all other names. */
function inOrder(given: string, family: string): string | null {
  return [given, family].every((name) => /^[\p{Script=Hangul}\p{Script=Han}]+$/u.test(name)) ? family + given : null;
}

function addressOf({ family: { contacts, address }, template }: Facts, student: string, { say }: Language): string[] | null {
  if (!template.fields.includes('guardians')) return null;
  const names = contacts
    .slice(0, 2)
    .map(({ givenName, familyName }) => inOrder(givenName, familyName) ?? `${givenName} ${familyName}`.trim());
  const lines = names.length ? names : [say('toFamily', { student })];
  if (!address || !template.fields.includes('address')) return lines;
  const { street, unit, city, state, postalCode } = address;
  return [...lines, [street, unit].filter(Boolean).join(', '), `${city}, ${state} ${postalCode}`];
}

function headingOf({ family, template, schoolYear, gradingPeriod }: Facts, student: string, language: Language): [string, string][] {
  const { say, date } = language;
  const has = (field: Field) => template.fields.includes(field);
  const rows: [string, string][] = [[say('student'), student]];
  if (has('studentNumber') && family.localId) rows.push([say('studentNumber'), family.localId]);
  if (has('gradeLevel') && family.gradeLevel) rows.push([say('gradeLevel'), gradeIn(family.gradeLevel, language)]);
  if (has('birthDate') && family.birthDate) rows.push([say('birthDate'), date(family.birthDate)]);
  rows.push([say('schoolYear'), `${schoolYear - 1}–${schoolYear}`], [say('gradingPeriod'), gradingPeriod]);
  return rows;
}

function gradeIn(gradeLevel: string, { say }: Language): string {
  if (gradeLevel === 'TK') return say('transitionalKindergarten');
  if (gradeLevel === 'KG') return say('kindergarten');
  return gradeLevel.replace(/^0(?=\d)/, '');
}

function printedSection(section: SectionToPrint, has: (field: Field) => boolean, language: Language) {
  const { title, teacher, credits, value, effort, conduct, isPosted } = section;
  return {
    title: breakable(title),
    teacher,
    credits,
    mark: isPosted ? (value ?? '–') : null,
    effort,
    conduct,
    comments: has('comments') ? commentsOf(section, language) : [],
  };
}

/** Comments by code in the family's language, as people translated them; what was typed stays as it is, and is said to be. */
function commentsOf({ codes, comment }: SectionToPrint, { tag, say }: Language) {
  const coded = codes.map(({ language, texts }) => {
    const text = texts[tag] ?? texts[language] ?? '';
    return { text, direction: directionOf(text), note: texts[tag] || language === tag ? null : say('codeNotTranslated') };
  });
  if (!comment) return coded;
  return [...coded, { text: breakable(comment), direction: directionOf(comment), note: tag === 'en' ? null : say('notTranslated') }];
}

/** By the first letter that has one. */
function directionOf(text: string): 'ltr' | 'rtl' {
  return /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(text) ? 'rtl' : 'ltr';
}

const longestWord = 30;
/** A word longer than a line would run out of the page: it may be broken anywhere after so many letters. */
const breakable = (text: string) =>
  text.replaceAll(/\S{31,}/gu, (word) => [...word].map((letter, i) => (i && i % longestWord === 0 ? `\u200b${letter}` : letter)).join(''));

function attendanceOf(attendance: Attendance | null, { say }: Language) {
  const shown = ['daysEnrolled', 'daysAbsent', 'daysTardy', 'rollsMissing'] as const;
  return {
    title: say('attendance'),
    notAvailable: say('attendanceNotAvailable'),
    // How many rolls are missing is said when some are: those classes are neither presence nor absence.
    days:
      attendance && shown.filter((key) => key !== 'rollsMissing' || attendance[key] > 0).map((key) => [say(key), attendance[key]] as const),
  };
}

/** What the marks on this very document mean, as far as it is not plain (letters from A to F are). */
function legendOf(sections: readonly SectionToPrint[], has: (field: Field) => boolean, language: Language) {
  const shown = sections.flatMap(({ value, effort, conduct }) => [value, has('effort') ? effort : null, has('conduct') ? conduct : null]);
  const marks = [...new Set(shown)]
    .filter((mark) => mark !== null)
    .sort(byRank)
    .map((mark) => [mark, language.meaning(mark)] as const)
    .filter((row): row is readonly [string, string] => row[1] !== null);
  return marks.length ? { title: language.say('legend'), marks } : null;
}

/** The highest number first, then letters. */
const byRank = (a: string, b: string) =>
  Number(/^\d/.test(b)) - Number(/^\d/.test(a)) || (/^\d/.test(a) ? b.localeCompare(a) : a.localeCompare(b));

/** The text that is kept, its hash, and the hash of all but the day it was printed. */
export function frozen(snapshot: Snapshot): { text: string; sha256: Buffer; contentSha256: Buffer } {
  const text = JSON.stringify(snapshot);
  const hashOf = (what: string) => createHash('sha256').update(what).digest();
  return { text, sha256: hashOf(text), contentSha256: hashOf(JSON.stringify({ ...snapshot, printedOn: null })) };
}
