import { holds, isDistrictWide, type FieldClass, type Viewer } from '@rollbook/school';
import type { Field, Type } from './contract.ts';
import type { Question } from './questions.ts';
import type { About, Records } from './records.ts';
import { nameOf, type Road } from './roads.ts';
import type { Sample } from './samples.ts';
import { birthDatesIn, secretsIn } from './secrets.ts';
import type { Answer } from './town.ts';
import { isBeyondRows, mayName, rowsShow, verdictOf } from './verdicts.ts';

/** What is wrong with answers, each in a sentence, and how much was looked at. */
export class Findings {
  cells = 0;
  readonly leaks = new Set<string>();
  readonly refusals = new Set<string>();
  readonly faults = new Set<string>();
  /** Types of which somebody saw an object. */
  readonly seen = new Set<string>();
  /** Fields, as Type.field, in which somebody found something. */
  readonly valued = new Set<string>();
}

export interface Judging {
  readonly viewer: Viewer;
  readonly who: string;
  readonly records: Records;
  /** Row-level security alone: it knows schools and children, not classes of fields. */
  readonly rowsOnly: boolean;
  /** Whether what the viewer must be able to read today is looked for: not when another day is asked for. */
  readonly isToday: boolean;
  readonly findings: Findings;
  readonly where: string;
}

type Path = readonly (string | number)[];
type Thing = Record<string, unknown>;

/** Judges every object and field of an answer, and searches all of it for secrets. */
export function judge(question: Question, answer: Answer, judging: Judging): void {
  const { findings, where, who, rowsOnly } = judging;
  const { road, parts } = question;
  const refused = new Map((answer.errors ?? []).map(({ path, extensions }) => [JSON.stringify(path), extensions['code']]));
  for (const { alias, samples, fields } of parts)
    for (const [place, sample] of samples.entries()) {
      const value = (answer.data as Thing | null | undefined)?.[alias];
      const beginning =
        'query' in road.start ? { value, path: [alias] } : { value: (value as unknown[] | null)?.[place], path: [alias, place] };
      judgeFrom({ ...judging, road, sample, fields, refused, ...beginning });
    }
  findSecrets(JSON.stringify(answer), nameOf(road), judging);
  for (const { extensions, message, path } of answer.errors ?? [])
    if (!rowsOnly && !expectedCodes.has(String(extensions['code'])))
      findings.faults.add(`${where}: ${who} asks ${nameOf(road)} ${path?.at(-1)} and is told ${extensions['code']}: ${message}`);
}

/** Answers that say no, or ask to be asked otherwise; the gateway's own when another service says that a record is not there. */
const expectedCodes = new Set(['FORBIDDEN', 'NOT_FOUND', 'PERIOD_NEEDED', 'INVALID_GRAPHQL']);

/** One beginning of a road: what was found there, at its path in the answer, and the codes of the answer's errors by their paths. */
interface Beginning extends Judging {
  readonly road: Road;
  readonly sample: Sample | null;
  readonly fields: readonly Field[];
  readonly value: unknown;
  readonly path: Path;
  readonly refused: ReadonlyMap<string, unknown>;
}

function judgeFrom(beginning: Beginning): void {
  const { road, sample, fields, value, path, refused, findings, viewer, rowsOnly, records } = beginning;
  if ('query' in road.start && !rowsOnly && !holds(viewer, road.start.query.allowed)) return judgeRefusal(road.start.query, beginning);
  if (!road.to.fields.length) return judgeNumber(beginning);
  if (value == null && !road.steps.length && sample) judgeAbsence(sample, beginning);
  const steps = road.steps.map(({ name }) => name);
  for (const { thing, path: at } of arrivals(value, path, steps)) {
    findings.seen.add(road.to.name);
    const about = aboutThing(road.to, thing, sample, records);
    nameStudents(thing, beginning);
    for (const field of fields) judgeField(field, thing, about, refused.get(JSON.stringify([...at, field.name])), beginning);
  }
}

/** A query that is not for any of the viewer's roles. */
function judgeRefusal({ name, allowed }: Field, { value, path, refused, who, where, findings }: Beginning): void {
  findings.cells += 1;
  const code = refused.get(JSON.stringify(path));
  if (value != null || code !== 'FORBIDDEN')
    findings.leaks.add(`${where}: ${who} asks Query.${name}, which is for ${allowed.join()}, and is told ${code}`);
}

/** A number of people is for those who may list them: at the school that was named, or everywhere. */
function judgeNumber({ road, sample, value, viewer, who, where, rowsOnly, findings }: Beginning): void {
  findings.cells += 1;
  const may = sample ? verdictOf(viewer, 'ROSTER', sample.about) !== 'MUST_NOT' : isDistrictWide(viewer);
  if (!rowsOnly && value != null && !may)
    findings.leaks.add(`${where}: ${who} is told ${nameOf(road)} of ${describe(sample?.about ?? [])}`);
}

/** A record that is not there, or is refused as a whole, for somebody who must be able to read it. */
function judgeAbsence(sample: Sample, { road, fields, path, refused, viewer, who, where, rowsOnly, isToday, findings }: Beginning): void {
  for (const { name, fieldClass } of fields) {
    findings.cells += 1;
    if (rowsOnly || !isToday || verdictOf(viewer, fieldClass, sample.about) !== 'MUST') continue;
    const within = JSON.stringify([...path, name]).slice(0, -1);
    const code = refused.get(`${within}]`) ?? (path.length === 1 ? refused.get(JSON.stringify(path)) : undefined);
    // What is missing further down may take the record with it.
    const isMissingWithin = [...refused.keys()].some((key) => key.startsWith(within));
    if (code === 'FORBIDDEN' || !isMissingWithin)
      findings.refusals.add(`${where}: ${who} may not see ${nameOf(road)}.${name} of ${sample.situation.name}`);
  }
}

function judgeField(field: Field, thing: Thing, about: readonly About[], code: unknown, beginning: Beginning): void {
  const { viewer, who, where, road, rowsOnly, isToday, findings, records } = beginning;
  findings.cells += 1;
  const sentence = (what: string) => `${where}: ${who} ${what} ${nameOf(road)}.${field.name} (${field.fieldClass}) of ${describe(about)}`;
  if (code === 'FORBIDDEN' && !rowsOnly && isToday && verdictOf(viewer, field.fieldClass, about) === 'MUST')
    findings.refusals.add(sentence('may not see'));
  if (!holdsSomething(thing[field.name])) return;
  findings.valued.add(`${road.to.name}.${field.name}`);
  const isLeak = (abouts: readonly About[]) =>
    rowsOnly ? isBeyondRows(viewer, field.fieldClass, abouts) : verdictOf(viewer, field.fieldClass, abouts) === 'MUST_NOT';
  if (!isLeak(about)) return;
  // A list may be shortened to what the viewer may see of it: then each of its records is theirs to see.
  const listed = recordsIn(thing[field.name]).map((id) => records.aboutId(id));
  if (!listed.length || listed.some((record) => !record.length || isLeak(record))) findings.leaks.add(sentence('sees'));
}

/** That a student is there is told by an id alone: only to those who may know it, or who named the student themselves. */
function nameStudents(thing: Thing, { viewer, who, where, road, sample, rowsOnly, findings, records }: Beginning): void {
  const id = (road.to.name === 'Student' ? thing['id'] : thing['studentId']) as string | undefined;
  if (!id || Object.values(sample?.reference ?? {}).includes(id)) return;
  findings.cells += 1;
  const student = records.aboutId(id);
  const may = rowsOnly ? student.some((one) => rowsShow(viewer, one)) : mayName(viewer, student);
  if (!may) findings.leaks.add(`${where}: ${who} learns through ${nameOf(road)} of ${describe(student)}`);
}

function findSecrets(text: string, road: string, { viewer, who, where, rowsOnly, findings, records }: Judging): void {
  const told = (fieldClass: FieldClass, abouts: readonly About[], what: string) => {
    findings.cells += 1;
    const may = rowsOnly ? abouts.some((about) => rowsShow(viewer, about)) : verdictOf(viewer, fieldClass, abouts) !== 'MUST_NOT';
    if (!may) findings.leaks.add(`${where}: ${who} reads the ${fieldClass} secret of ${what} through ${road}`);
  };
  for (const { fieldClass, of } of secretsIn(text)) if (of !== viewer.subject) told(fieldClass, records.aboutId(of), of);
  for (const date of birthDatesIn(text)) told('CONTACT', records.bornOn(date), `who was born on ${date}`);
}

function aboutThing(type: Type, thing: Thing, sample: Sample | null, records: Records): readonly About[] {
  const { id, sectionId, studentId } = thing as Record<string, string | undefined>;
  const known = id ? (records.about(type.name, id) ?? nonEmpty(records.aboutId(id))) : undefined;
  if (known) return known;
  if (sectionId) return records.aboutId(studentId ? `${sectionId} ${studentId}` : sectionId);
  return sample?.about ?? [];
}

const nonEmpty = (abouts: readonly About[]) => (abouts.length ? abouts : undefined);

/** The objects at the end of the steps, with their places in the answer. */
function* arrivals(value: unknown, path: Path, steps: readonly string[]): Generator<{ thing: Thing; path: Path }> {
  if (value == null) return;
  if (Array.isArray(value)) for (const [n, item] of value.entries()) yield* arrivals(item, [...path, n], steps);
  else if (!steps.length) yield { thing: value as Thing, path };
  else yield* arrivals((value as Thing)[steps[0]!], [...path, steps[0]!], steps.slice(1));
}

/** Null, an empty list and an empty page tell nothing of a record. */
function holdsSomething(value: unknown): boolean {
  if (value == null) return false;
  if (Array.isArray(value)) return value.length > 0;
  const nodes = (value as { nodes?: unknown }).nodes;
  return nodes === undefined || holdsSomething(nodes);
}

/** The ids of a list's or a page's records; one without an id is an empty text. */
function recordsIn(value: unknown): string[] {
  const items = Array.isArray(value) ? value : ((value as { nodes?: unknown[] }).nodes ?? []);
  return items.map((item: { id?: string } | null) => item?.id ?? '');
}

const describe = (abouts: readonly About[]) =>
  abouts.length
    ? abouts.map(({ studentId, schoolIds }) => `student ${studentId} of school ${schoolIds.join()}`).join(' and ')
    : 'the institution';
