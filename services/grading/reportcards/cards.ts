import type { BulkTransaction } from '@rollbook/subgraph';
import { SheetUnprintable, type Typesetters } from '@rollbook/typesetting';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AttendanceTold, FamiliesTold } from './facts.ts';
import { codesOf, newestOf, sectionsOf, talksOf, templatesOf, type Codes, type Period, type SectionRow } from './reading.ts';
import {
  frozen,
  notesOn,
  snapshotOf,
  templateFor,
  type Facts,
  type Kind,
  type Layout,
  type Note,
  type Snapshot,
  type Template,
} from './rules.ts';

export const templatesFolder = join(import.meta.dirname, 'templates');

/** By what a layout looks like: its file and the page's. */
const templateVersions = new Map(
  (['ELEMENTARY', 'SECONDARY', 'PACKET'] as const).map((layout) => {
    const hash = createHash('sha256');
    for (const file of ['page.typ', `${layout.toLowerCase()}.typ`]) hash.update(readFileSync(join(templatesFolder, file)));
    return [layout, hash.digest('hex').slice(0, 12)] as const satisfies [Layout, string];
  }),
);

/** What the documents of one school and grading period have in common. */
export interface SchoolToPrint {
  readonly id: string;
  readonly name: string;
  readonly today: string;
  readonly kind: Kind;
  readonly period: Period;
  readonly templates: readonly Template[];
  readonly codes: Codes;
}

export async function schoolToPrint(
  query: BulkTransaction['query'],
  school: Pick<SchoolToPrint, 'id' | 'name' | 'today' | 'kind' | 'period'>,
): Promise<SchoolToPrint> {
  return { ...school, templates: await templatesOf(query, school.id, school.kind), codes: await codesOf(query, school.id) };
}

/** What the other services told, by student and by teacher. */
export interface Told {
  readonly families: ReadonlyMap<string, FamiliesTold['students'][number]>;
  readonly staff: ReadonlyMap<string, string>;
  /** Null: not told in time, and printed without. */
  readonly attendance: ReadonlyMap<string, AttendanceTold[number]> | null;
}

interface Fault {
  readonly code: 'STUDENT_UNKNOWN' | 'NO_CLASSES' | 'NO_TEMPLATE' | 'NO_ATTENDANCE' | 'UNPRINTABLE' | 'TOO_LONG';
  readonly message: string;
}

/** What becomes of one student's document. */
export type Card = { readonly studentId: string } & (
  | { readonly state: 'FAULTY'; readonly fault: Fault }
  | { readonly state: 'UNCHANGED'; readonly notes: readonly Note[] }
  | {
      readonly state: 'PRINTED';
      readonly notes: readonly Note[];
      readonly version: number;
      readonly snapshot: Snapshot;
      readonly pdf: Uint8Array;
      readonly pages: number;
    }
);
type ToSet = Omit<Extract<Card, { state: 'PRINTED' }>, 'pdf' | 'pages'>;

/** Reads what students earned and freezes it; those whose newest document says the same already are UNCHANGED. */
export async function freeze(
  query: BulkTransaction['query'],
  studentIds: readonly string[],
  school: SchoolToPrint,
  told: Told,
): Promise<(Exclude<Card, { state: 'PRINTED' }> | ToSet)[]> {
  const { id, period, kind } = school;
  const sections = await sectionsOf(query, studentIds, id, period, school.today);
  const talks = kind === 'CONFERENCE_PACKET' ? await talksOf(query, studentIds, id, period.id) : new Map<string, Talk[]>();
  const newest = await newestOf(query, studentIds, id, period.id, kind);
  return studentIds.map((studentId) => {
    const facts = factsOf(studentId, sections.get(studentId) ?? [], talks.get(studentId) ?? [], school, told);
    if ('code' in facts) return { studentId, state: 'FAULTY', fault: facts };
    const snapshot = snapshotOf(facts);
    const notes = notesOn(facts.family);
    const before = newest.get(studentId);
    if (before && frozen(snapshot).contentSha256.equals(before.contentSha256)) return { studentId, state: 'UNCHANGED', notes };
    return { studentId, state: 'PRINTED', notes, version: (before?.version ?? 0) + 1, snapshot };
  });
}

interface Talk {
  readonly staffId: string;
  readonly beginsAt: string;
}

function factsOf(
  studentId: string,
  sections: readonly SectionRow[],
  talks: readonly Talk[],
  school: SchoolToPrint,
  told: Told,
): Facts | Fault {
  const family = told.families.get(studentId);
  if (!family) return { code: 'STUDENT_UNKNOWN', message: 'The student service knows of no such student.' };
  if (!sections.length) return { code: 'NO_CLASSES', message: 'The student is in no class of the school in this grading period.' };
  const template = templateFor(school.templates, family.gradeLevel);
  if (!template)
    return { code: 'NO_TEMPLATE', message: `No template is for grade ${family.gradeLevel ?? '(not known)'}, and none for all grades.` };
  const attendance = told.attendance?.get(studentId) ?? null;
  if (told.attendance && !attendance) return { code: 'NO_ATTENDANCE', message: 'The attendance service did not answer for this student.' };
  return {
    ...{ school: school.name, schoolYear: school.period.schoolYear, gradingPeriod: school.period.title, today: school.today },
    ...{ family, attendance, template, templateVersion: templateVersions.get(template.layout)! },
    conferences: talks.map(({ beginsAt, staffId }) => [beginsAt, told.staff.get(staffId) ?? ''] as const),
    sections: sections.map(({ teacherId, commentCodes, ...section }) => ({
      ...section,
      teacher: (teacherId && told.staff.get(teacherId)) ?? null,
      codes: commentCodes.map((code) => school.codes.get(code) ?? { language: 'en', texts: { en: code } }),
    })),
  };
}

const mostPages = 20;

/**
 * Sets documents in the typesetters' threads. What cannot be set is a fault of that document alone: when a thread breaks, what was in it is
 * set once more, one by one, so that the one that breaks it is found.
 */
export async function setCards(cards: readonly ToSet[], typesetters: Typesetters, madeAt: Date): Promise<Card[]> {
  const results = await Promise.allSettled(cards.map((card) => setCard(card, typesetters, madeAt)));
  const set: Card[] = [];
  for (const [n, result] of results.entries())
    if (result.status === 'fulfilled') set.push(result.value);
    else set.push(await setCard(cards[n]!, typesetters, madeAt).catch((error: unknown) => brokenBy(cards[n]!, error)));
  return set;
}

const brokenBy = ({ studentId }: ToSet, error: unknown): Card => ({
  ...{ studentId, state: 'FAULTY' },
  fault: { code: 'UNPRINTABLE', message: `The typesetter broke on it: ${error instanceof Error ? error.message : String(error)}` },
});

async function setCard(card: ToSet, typesetters: Typesetters, madeAt: Date): Promise<Card> {
  const { studentId, snapshot } = card;
  try {
    const pdf = await typesetters.pdf({ template: snapshot.template, data: snapshot, madeAt });
    const pages = pagesOf(pdf);
    if (pages <= mostPages) return { ...card, pdf, pages };
    const message = `It would have ${pages} pages; at most ${mostPages} are printed. Look at what teachers wrote.`;
    return { studentId, state: 'FAULTY', fault: { code: 'TOO_LONG', message } };
  } catch (error) {
    if (!(error instanceof SheetUnprintable)) throw error;
    return { studentId, state: 'FAULTY', fault: { code: 'UNPRINTABLE', message: error.message } };
  }
}

/** A page is an object of its own in a PDF. */
export const pagesOf = (pdf: Uint8Array): number =>
  Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength)
    .toString('latin1')
    .match(/\/Type\s*\/Page\b/g)?.length ?? 0;
