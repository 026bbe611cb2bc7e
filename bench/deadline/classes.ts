/** The classes of the district as their teachers' screens hold them: which students, which revisions, what is on its way. */
import { randomUUIDv7 } from 'node:crypto';
import type { Random } from '@rollbook/district/demo/random.ts';
import type { Viewer } from '@rollbook/school';
import pg from 'pg';
import { operations, type Kind, type ReadKind, type SaveKind } from './model.ts';

export interface Class {
  readonly id: string;
  readonly schoolId: string;
  readonly teacherId: string;
  readonly periodId: string;
  readonly students: readonly string[];
  /** Of each student's mark, as the teacher last saw it; 0 for none. */
  readonly revisions: number[];
}

export interface People {
  readonly classes: readonly Class[];
  readonly families: readonly { readonly contactId: string; readonly studentId: string }[];
  readonly offices: readonly { readonly staffId: string; readonly role: 'COUNSELOR' | 'PRINCIPAL'; readonly schoolId: string }[];
  /** A day on which school is held. */
  readonly day: string;
}

/** Reads who may be at work this evening, as the administrator of the databases. */
export async function peopleOf(urlOf: (service: string) => string): Promise<People> {
  const rowsOf = async <Row>(service: string, sql: string): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: urlOf(service) });
    await client.connect();
    try {
      return (await client.query(sql)).rows as Row[];
    } finally {
      await client.end();
    }
  };
  const classes = await rowsOf<Class>(
    'grading',
    `select r.section_id as id, r.school_id as "schoolId", t.ids[1] as "teacherId", p.id as "periodId", c.students::text[], c.revisions
       from section_roster r, teachers_at(r, now()) t (ids),
            lateral (select p.id from mark m join grading_period p on p.id = m.grading_period_id
                      where m.section_id = r.section_id order by p.begins desc limit 1) p,
            lateral (select array_agg(s.id order by s.id) as students, array_agg(coalesce(m.revision, 0) order by s.id) as revisions
                       from unnest(students_at(r, now())) s (id)
                       left join mark m on m.section_id = r.section_id and m.student_id = s.id and m.grading_period_id = p.id) c
      where not r.cancelled and t.ids <> '{}' and cardinality(c.students) > 9
        and window_open(p.id, r.school_id, r.section_id, t.ids[1], now())
      order by r.section_id`,
  );
  if (!classes.length)
    throw new Error('No class of this district may be marked today: is it older than its grading windows? Prepare a new one.');
  const families = await rowsOf<People['families'][number]>(
    'student',
    `select c.id as "contactId", r.student_id as "studentId" from contact_relation r join contact c on c.id = r.contact_id
      where r.ended_on is null and custody_of(r, c) = 'LEGAL' order by r.id limit 20000`,
  );
  const offices = await rowsOf<People['offices'][number]>(
    'student',
    `select distinct on (school_id) staff_id as "staffId", role, school_id as "schoolId" from role_grant
      where role in ('COUNSELOR', 'PRINCIPAL') and school_id is not null order by school_id, staff_id`,
  );
  const [school] = await rowsOf<{ day: string }>(
    'scheduling',
    `select max(date)::text as day from calendar_date where kind in ('INSTRUCTIONAL', 'MINIMUM_DAY') and date <= current_date`,
  );
  return { classes, families, offices, day: school!.day };
}

export const teacherOf = ({ teacherId, schoolId }: Class): Viewer => ({
  subject: teacherId,
  grants: [{ role: 'TEACHER', schoolId }],
  students: [],
});

/** Something to send, and what to do with its answer. */
export interface Operation {
  readonly kind: Kind;
  readonly token: string;
  readonly body: string;
  /** Takes the answer to a save back to the screen. Says what is wrong with it, if anything is. */
  settle(answer: unknown): string | null;
}

interface SaveAnswer {
  readonly rows: readonly { readonly outcome: string; readonly revision: number | null; readonly code: string | null }[];
}

const scale = ['A', 'B', 'C', 'D'];
const mostCells = 30;

/** Makes operations of people whose tokens these are: `tokens.classes[n]` are the sign-ins of the teacher of class n. */
export function screensOf(people: People, tokens: { classes: string[][]; families: string[]; offices: string[] }, random: Random) {
  const { classes } = people;
  // What is on its way is not sent a second time on the same revision: that would be a conflict of one person with herself.
  const onTheWay = classes.map(() => new Set<number>());
  const pick = (count: number) => random.below(count);
  const oneOf = <T>(items: readonly T[]): T => items[pick(items.length)]!;

  /** Students of a class whose marks are not on their way: some of them, or as many as a class has. */
  function freeCells(kind: SaveKind): { n: number; places: number[] } {
    for (let tries = 0; tries < 1_000; tries++) {
      const n = pick(classes.length);
      const { students, revisions } = classes[n]!;
      const busy = onTheWay[n]!;
      if (kind !== 'cells' && busy.size) continue;
      const count = kind === 'cells' ? 1 + pick(3) : Math.min(mostCells, students.length);
      const first = kind === 'cells' ? pick(students.length - count + 1) : 0;
      const places = Array.from({ length: count }, (_, i) => first + i).filter((place) => !busy.has(place));
      const usable = kind === 'submit' ? places.filter((place) => revisions[place]) : places;
      if (usable.length) return { n, places: usable };
    }
    throw new Error('Every class is waiting for answers: this district is too small for so many saves at once.');
  }

  function save(kind: SaveKind, chosen = freeCells(kind)): Operation {
    const { n, places } = chosen;
    const { id, periodId, students, revisions } = classes[n]!;
    places.forEach((place) => onTheWay[n]!.add(place));
    const cells = places.map((place) => ({
      ...{ studentId: students[place], baseRevision: revisions[place] },
      ...(kind === 'submit' ? {} : { value: oneOf(scale) }),
    }));
    const input = { saveId: randomUUIDv7(), sectionId: id, gradingPeriodId: periodId, cells };
    const settle = (data: unknown): string | null => {
      const { rows } = Object.values(data as Record<string, SaveAnswer>)[0]!;
      rows.forEach(({ revision }, i) => (revisions[places[i]!] = revision ?? revisions[places[i]!]!));
      places.forEach((place) => onTheWay[n]!.delete(place));
      const odd = rows.find(({ outcome }) => outcome !== 'SAVED');
      return odd ? `${kind}: ${odd.outcome} ${odd.code}` : rows.length === places.length ? null : `${kind}: ${rows.length} rows`;
    };
    return { kind, token: oneOf(tokens.classes[n]!), body: JSON.stringify({ query: operations[kind], variables: { input } }), settle };
  }

  function read(kind: ReadKind): Operation {
    const ask = (token: string, variables: object): Operation => ({
      ...{ kind, token, body: JSON.stringify({ query: operations[kind], variables }), settle: () => null },
    });
    if (kind === 'family') {
      const n = pick(people.families.length);
      return ask(tokens.families[n]!, { studentId: people.families[n]!.studentId });
    }
    if (kind === 'search' || kind === 'report') {
      const n = pick(people.offices.length);
      const { schoolId } = people.offices[n]!;
      return ask(tokens.offices[n]!, kind === 'search' ? { schoolId, filter: String.fromCharCode(97 + pick(26)) } : { schoolId });
    }
    const n = pick(classes.length);
    const { id, periodId } = classes[n]!;
    const token = oneOf(tokens.classes[n]!);
    return ask(token, kind === 'day' ? { date: people.day } : { sectionId: id, gradingPeriodId: periodId, date: people.day });
  }

  /** One class of a caller's own, of so many cells, to be saved again and again: for measuring at saturation. */
  function wholeClass(n: number, cells: number): () => Operation {
    return () => save('class', { n, places: Array.from({ length: cells }, (_, place) => place) });
  }

  return { save, read, wholeClass };
}

export type Screens = ReturnType<typeof screensOf>;
