import { describe, expect, test } from '@jest/globals';
import { loadStudents } from './load.ts';
import { randomFrom } from './random.ts';
import type { Progress, School } from './school.ts';
import { oddSchool, placedAsTold, schoolOf, section, student } from './smallSchools.ts';
import { valueOfSeats, wrongWith } from './soundSeats.ts';

/** A clock that goes on by itself, a tenth of a second at each look. */
const ticking = () => {
  let at = 0;
  return () => (at += 100);
};
const load = (school: School, options: Partial<Parameters<typeof loadStudents>[2]> = {}) =>
  loadStudents(school, placedAsTold(school), { seed: 1, steps: 300, now: ticking(), ...options });

describe('loading all students', () => {
  test('never breaks a rule: one place at a time, seats, reservations, teams, tracks, links, locks, released slots', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const school = oddSchool(randomFrom(seed), { slots: 6, courses: 6, students: 14, requests: 5 });
      const { seats, value, bound, unmet } = load(school, { seed });
      const requests = school.students.flatMap((one) => one.requests);
      expect({ seed, wrong: wrongWith(school, seats) }).toEqual({ seed, wrong: [] });
      expect({ seed, value }).toEqual({ seed, value: valueOfSeats(school, seats) });
      expect({ seed, unmet }).toEqual({
        seed,
        unmet: requests.filter(({ id }) => !seats.some(({ requestId }) => requestId === id)).length,
      });
      expect(value).toBeLessThanOrEqual(bound);
    }
  });

  test('the last seat goes to whom it helps: others give way, up to three in a row', () => {
    // One seat in each period; each of them can come in two periods, dan in the first alone.
    const periods = ['1', '2', '3', '4'];
    const sections = periods.map((period) => section(`ENG-${period}`, 'ENG', [period], 1));
    const comes = (id: string, ...to: string[]) => student(id, ['ENG'], { released: periods.filter((period) => !to.includes(period)) });
    const students = [comes('ann', '1', '2'), comes('bo', '2', '3'), comes('cy', '3', '4'), comes('dan', '1')];
    const school = schoolOf(sections, students);
    for (let seed = 1; seed <= 20; seed++) {
      const { value } = load(school, { seed });
      expect({ seed, value }).toEqual({ seed, value: 4_000 });
    }
  });

  test('ends at the bound, when everybody has the best that this master schedule can give', () => {
    const sections = ['1', '2', '3'].flatMap((slot) => [
      section(`ENG-${slot}`, 'ENG', [slot], 10),
      section(`ART-${slot}`, 'ART', [slot], 10),
      section(`PE-${slot}`, 'PE', [slot], 10),
    ]);
    const school = schoolOf(
      sections,
      Array.from({ length: 30 }, (_, n) => student(`s${n}`, ['ENG', 'ART', 'PE'])),
    );
    const { endedBy, value, bound, unmet } = load(school, { steps: 5_000 });
    expect({ endedBy, value, bound, unmet }).toEqual({ endedBy: 'bound', value: 90_000, bound: 90_000, unmet: 0 });
  });

  test('sections that are one choice are filled equally', () => {
    const school = schoolOf(
      [section('ENG-1', 'ENG', ['1'], 20), section('ENG-2', 'ENG', ['1'], 20), section('ENG-3', 'ENG', ['1'], 10)],
      Array.from({ length: 25 }, (_, n) => student(`s${n}`, ['ENG'])),
    );
    const { seats } = load(school);
    expect(school.sections.map(({ id }) => seats.filter(({ sectionId }) => sectionId === id).length)).toEqual([10, 10, 5]);
  });

  test('the same seed gives the same seats, whatever the clock says', () => {
    const school = oddSchool(randomFrom(5), { slots: 6, courses: 6, students: 40, requests: 5 });
    expect(load(school, { now: () => 0 }).seats).toEqual(load(school, { now: ticking() }).seats);
    expect(load(school, { seed: 2 }).seats).not.toEqual(load(school, { seed: 3 }).seats);
  });

  test('is stopped between two students, and what it has by then is sound', () => {
    const school = oddSchool(randomFrom(5), { slots: 6, courses: 6, students: 40, requests: 5 });
    for (const after of [0, 10, 45]) {
      let asked = 0;
      const { seats, endedBy } = load(school, { steps: 1e9, stop: () => asked++ >= after });
      expect({ after, endedBy, wrong: wrongWith(school, seats) }).toEqual({ after, endedBy: 'stop', wrong: [] });
      expect(asked).toBeLessThan(after + 3);
    }
  });

  test('tells once a second how far it is, and ends when its time is up', () => {
    const school = oddSchool(randomFrom(5), { slots: 6, courses: 6, students: 40, requests: 5 });
    const told: Progress[] = [];
    const { value, bound, unmet, endedBy } = load(school, { steps: undefined, seconds: 5, onProgress: (progress) => told.push(progress) });
    expect(endedBy).toBe('time');
    expect(told.length).toBe(4);
    expect(told.at(-1)).toEqual({ best: value, bound, unmet, secondsLeft: 1 });
  });

  test('begins where another run ended: who has the best keeps the seats', () => {
    const school = oddSchool(randomFrom(9), { slots: 6, courses: 6, students: 40, requests: 4 });
    const first = load(school);
    const second = load(school, { seed: 2, steps: 0, start: first.seats });
    expect(second.value).toBeGreaterThanOrEqual(first.value);
    const kept = second.seats.filter((seat) =>
      first.seats.some((one) => one.studentId === seat.studentId && one.sectionId === seat.sectionId),
    );
    expect(kept.length).toBeGreaterThan(0.95 * first.seats.length);
  });
});
