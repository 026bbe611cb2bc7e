/** For tests: a demo district read as an importer would read it, only through its rows. */
import { expect } from '@jest/globals';
import { demoDistrict, type DemoDistrict, type DemoOptions, type Row } from './district.ts';

export class Reader {
  readonly district: DemoDistrict;
  readonly users = new Map<string, Row>();
  readonly classes = new Map<string, Row>();
  readonly students = new Set<string>();
  /** Students of a class. */
  readonly rosters = new Map<string, string[]>();
  /** Enrollment rows of the teachers of a class. */
  readonly teachers = new Map<string, Row[]>();
  readonly enrollments: Row[];

  constructor(options: DemoOptions) {
    this.district = demoDistrict(options);
    for (const user of this.district.files.users) this.users.set(user.sourcedId!, user);
    for (const each of this.district.files.classes) this.classes.set(each.sourcedId!, each);
    for (const { role, userSourcedId } of this.district.files.roles) if (role === 'student') this.students.add(userSourcedId!);
    this.enrollments = [...this.district.files.enrollments];
    for (const row of this.enrollments) {
      if (row.role === 'student') append(this.rosters, row.classSourcedId!, row.userSourcedId!);
      else append(this.teachers, row.classSourcedId!, row);
    }
  }

  /** Who or what is where: `name|semester|day|period` for each meeting of each class. */
  *times(namesOf: (classSourcedId: string, room: string) => readonly string[]): Generator<string> {
    for (const { classSourcedId, period, days, room } of this.district.meetings) {
      const terms = this.classes.get(classSourcedId)!.termSourcedIds!.split(',');
      const slots = terms.flatMap((term) => days.map((day) => `${term}|${day}|${period}`));
      for (const name of namesOf(classSourcedId, room)) for (const slot of slots) yield `${name}|${slot}`;
    }
  }
}

export function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

/** The items that are there more than once. */
export function twice(items: Iterable<string>): string[] {
  const seen = new Set<string>();
  const again: string[] = [];
  for (const item of items) {
    if (seen.has(item)) again.push(item);
    seen.add(item);
  }
  return again;
}

/** Expects that no item is wrong; shows the first few that are. (An `expect` for each of a million rows would take minutes.) */
export function expectNone<T>(items: Iterable<T>, isWrong: (item: T) => boolean): void {
  const wrong: T[] = [];
  for (const item of items) if (wrong.length < 5 && isWrong(item)) wrong.push(item);
  expect(wrong).toEqual([]);
}
