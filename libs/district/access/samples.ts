import type { Field, Type } from './contract.ts';
import { today, type Arranged } from './arrange.ts';
import type { About, Records, Row } from './records.ts';

/** Somebody in a section, at a school, with a teacher: around them a record of every kind is looked for. */
export interface Situation {
  readonly name: string;
  readonly Student: string;
  readonly Section: string;
  readonly School: string;
  readonly Staff: string;
  readonly Period: string;
}

export interface Sample {
  readonly situation: Situation;
  readonly reference: Readonly<Record<string, unknown>>;
  readonly about: readonly About[];
}

export function situationsOf(people: Arranged, records: Records): Situation[] {
  const { here, elsewhere, section, farSection, teacher, farTeacher } = people;
  const periodOf = (sectionId: string) =>
    records.of('scheduling', 'PatternDay').find((row) => row['sectionId'] === sectionId)!['periodId'] as string;
  const around = (name: string, Student: string, Section: string, School: string, Staff: string) => ({
    ...{ name, Student, Section, School, Staff, Period: periodOf(Section) },
  });
  const strangersSection = records.sectionsOf(people.stranger, today)[0]!;
  return [
    around('a pupil', people.pupil, section, here, teacher),
    around('a classmate', people.classmate, section, here, teacher),
    around('another class', people.stranger, strangersSection, here, records.teachers(strangersSection, today)[0]!),
    around('another school', people.farStudent, farSection, elsewhere, farTeacher),
    around('a former pupil', people.formerPupil, section, here, people.formerTeacher),
    around('who moved, there', people.transferred, farSection, elsewhere, people.substituteToday),
    around('who moved, here before', people.transferred, section, here, people.substituteYesterday),
  ];
}

/** Finds records by what their columns say: some of each status that belong to the situation as nearly as any. */
export class Samples {
  readonly #records: Records;
  readonly #situations: readonly Situation[];

  constructor(records: Records, situations: readonly Situation[]) {
    this.#records = records;
    this.#situations = situations;
  }

  /** References to records of a type, each once, as the gateway would ask a service for them. */
  ofType(service: string, type: Type): Sample[] {
    const found = this.#situations.flatMap((situation) => this.#references(service, type, situation));
    return [...new Map(found.map((sample) => [JSON.stringify(sample.reference), sample])).values()];
  }

  /** Arguments of a root field: around each situation, and none at all where it asks for none. */
  forQuery(service: string, field: Field, day: string | null): { sample: Sample | null; args: Record<string, string> }[] {
    const wanted = field.args.filter(({ name, type, required }) => required || name === 'schoolId' || (type === 'Date' && day));
    const around = this.#situations.flatMap((situation) => {
      const entries = wanted.map(({ name, type }) => [
        name,
        type === 'Date' ? (day ?? today) : this.id(service, stemOf(name) || field.type, situation),
      ]);
      if (entries.some(([, value]) => value === undefined)) return [];
      const args = Object.fromEntries(entries) as Record<string, string>;
      const about = args['id'] ? this.#records.about(field.type, args['id']) : undefined;
      return [{ sample: { situation, reference: args, about: about ?? this.#aboutPlace(args, situation) }, args }];
    });
    const once = [...new Map(around.map((each) => [JSON.stringify(each.args), each])).values()];
    const bare = field.args.some(({ required }) => required) ? [] : [{ sample: null, args: {} }];
    return wanted.length ? [...once, ...bare] : bare;
  }

  /** The id of a record of the type whose name ends like this: `gradingPeriod` is a GradingPeriod, `toSchool` a School. */
  id(service: string, stem: string, situation: Situation): string | undefined {
    const words = stem.replace(/^./, (first) => first.toUpperCase()).match(/[A-Z][a-z]*/g) ?? [];
    for (let n = 0; n < words.length; n++) {
      const wanted = words.slice(n).join('');
      const person = people[wanted] ?? wanted;
      if (person in situation) return situation[person as keyof Situation];
      const [entity, property, isMeant] = related[wanted] ?? [this.#records.entityEndingWith(service, wanted), 'id'];
      const row = entity && this.#rows(service, entity, situation, isMeant)[0];
      if (row) return row[property] as string;
    }
    return undefined;
  }

  /** The id of some record, for an argument that is not about anybody. */
  anyId(service: string, argument: string): string | undefined {
    return this.id(service, stemOf(argument), this.#situations[0]!);
  }

  #references(service: string, { name, key }: Type, situation: Situation): Sample[] {
    const about = (id: string) => this.#records.about(name, id) ?? this.#records.aboutId(id);
    if (key!.length === 1) {
      const own =
        name in situation ? [situation[name as keyof Situation]] : this.#rows(service, name, situation).map((row) => row['id'] as string);
      return own.map((id) => ({ situation, reference: { __typename: name, id }, about: about(id) }));
    }
    const parts = { sectionId: situation.Section, studentId: situation.Student, periodId: situation.Period, date: today };
    const reference = Object.fromEntries(key!.map((part) => [part, parts[part as keyof typeof parts]]));
    const subject = key!.includes('studentId')
      ? this.#records.aboutId(`${parts.sectionId} ${parts.studentId}`)
      : this.#records.aboutId(parts.sectionId);
    return [{ situation, reference: { __typename: name, ...reference }, about: subject }];
  }

  #aboutPlace(args: Record<string, string>, situation: Situation): readonly About[] {
    if (args['sectionId']) return this.#records.aboutId(situation.Section);
    if (args['schoolId']) return this.#records.aboutId(situation.School);
    return args['studentId'] ? this.#records.aboutHistory(situation.Student) : [];
  }

  #rows(service: string, entity: string, situation: Situation, isMeant: (row: Row) => boolean = () => true): Row[] {
    const meant = this.#records.anywhere(service, entity).filter(isMeant);
    const all = meant.map((row) => ({ row, near: nearness(entity, row, situation) }));
    const most = Math.max(0, ...all.map(({ near }) => near));
    const nearest = all.filter(({ near }) => near === most).sort((a, b) => revisionOf(b.row) - revisionOf(a.row));
    const kinds = [...Map.groupBy(nearest, ({ row }) => row['status']).values()];
    return kinds.flatMap((kind) => kind.slice(0, mostOfAKind).map(({ row }) => row));
  }
}

const people: Readonly<Record<string, string>> = { Teacher: 'Staff', Person: 'Student' };

/** Records that say in another record whose they are, or that are some among others. */
const related: Readonly<Record<string, readonly [entity: string, property: string, isMeant?: (row: Row) => boolean]>> = {
  Alternate: ['Course', 'id'],
  Contact: ['ContactRelation', 'contactId'],
  Household: ['Residence', 'householdId'],
  Hold: ['SeatHold', 'holdId'],
  LostSave: ['RollSave', 'saveId', ({ answer }) => (answer as { outcome: string }).outcome === 'CONFLICT'],
};

/** What some columns call it. */
const otherwise: Readonly<Record<string, string>> = { School: 'orgId', Staff: 'teacherId' };

/** A school has several bell schedules, and not all of them are used. */
const mostOfAKind = 2;

/** Of a roll or a mark, the one about which most was said. */
const revisionOf = (row: Row) => (row['revision'] as number | undefined) ?? 0;

const stemOf = (argument: string) => argument.replace(/Ids?$|^id$/, '');

/** How many of a row's columns name the situation; -1 when one names something else. */
function nearness(entity: string, row: Row, situation: Situation): number {
  let near = 0;
  for (const what of ['Student', 'Section', 'School', 'Staff'] as const) {
    const value = entity === what ? row['id'] : (row[`${what.toLowerCase()}Id`] ?? row[otherwise[what] ?? '']);
    if (value == null) continue;
    if (value !== situation[what]) return -1;
    near += 1;
  }
  return row['withdrawnOn'] ? -1 : near;
}
