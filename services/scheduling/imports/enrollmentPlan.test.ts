import { describe, expect, test } from '@jest/globals';
import { randomFrom } from '@rollbook/subgraph/random.testing.ts';
import type { TeacherRole } from '../sections/entities.ts';
import { planLines, type Line, type PresentLine, type WantedLine } from './enrollmentPlan.ts';

const today = '2026-11-02';
const line = (id: string, personId: string, begins: string, ends: string | null = null, role: TeacherRole | null = null) => ({
  id,
  sectionId: 's',
  personId,
  role,
  begins,
  ends,
});
const wanted = (...args: Parameters<typeof line>): WantedLine => ({ ...line(...args), dated: true });
const undated = (...args: Parameters<typeof line>): WantedLine => ({ ...line(...args), dated: false });
const present = (...args: Parameters<typeof line>): PresentLine => ({ ...line(...args), seen: false });
const spans = (lines: readonly Line[]) => lines.map(({ id, begins, ends }) => `${id} ${begins} ${ends}`);
const codes = (plan: ReturnType<typeof planLines>) => plan.refused.map((each) => `${each.line.id} ${each.code}`);

describe('a line finds its place taken', () => {
  test('by what is over: it begins after it when it says no beginning, else it is refused only where they overlap', () => {
    const there = [present('old', 'ann', '2026-08-17', '2026-10-05')];
    expect(spans(planLines([undated('new', 'ann', '2026-08-17')], there, today).lines)).toEqual(['new 2026-10-05 null']);
    expect(spans(planLines([wanted('new', 'ann', '2026-10-05')], there, today).lines)).toEqual(['new 2026-10-05 null']);
  });
  test('by the same person under an id that is gone: it takes that place', () => {
    const plan = planLines([undated('new', 'ann', '2026-08-17')], [present('old', 'ann', '2026-09-01')], today);
    expect([...plan.adopted]).toEqual([['old', 'new']]);
    expect(spans(plan.lines)).toEqual(['new 2026-09-01 null']);
  });
  test('by a line the file holds: it is refused', () => {
    const there = { ...present('old', 'ann', '2026-09-01'), seen: true };
    expect(codes(planLines([wanted('new', 'ann', '2026-08-17')], [there], today))).toEqual(['new ENROLLMENT_OVERLAPS']);
  });
  test('by a line before it in the file: it is refused, even when that line is not there yet', () => {
    expect(codes(planLines([wanted('a', 'ann', '2026-08-17'), wanted('b', 'ann', '2026-10-01')], [], today))).toEqual([
      'b ENROLLMENT_OVERLAPS',
    ]);
  });
  test('by the old form of a line that is refused itself: it is refused too', () => {
    // "x" would move out of the way of "y", but it may not, because "w" is where it wants to go.
    const there = [present('x', 'ann', '2026-08-17', '2026-09-01')];
    const plan = planLines(
      [wanted('w', 'ann', '2026-10-01'), wanted('x', 'ann', '2026-10-05'), wanted('y', 'ann', '2026-08-20', '2026-08-30')],
      there,
      today,
    );
    expect(codes(plan)).toEqual(['x ENROLLMENT_OVERLAPS', 'y ENROLLMENT_OVERLAPS']);
    expect(spans(plan.lines)).toEqual(['w 2026-10-01 null']);
  });
  test('by a teacher of record who is gone: that one ends and it begins', () => {
    const there = [present('t1', 'ito', '2026-08-17', null, 'TEACHER_OF_RECORD')];
    const plan = planLines([undated('t2', 'fox', '2026-08-17', null, 'TEACHER_OF_RECORD')], there, today);
    expect(spans(plan.ended)).toEqual([`t1 2026-08-17 ${today}`]);
    expect(spans(plan.lines)).toEqual([`t2 ${today} null`]);
    expect(spans(planLines([undated('t2', 'fox', '2026-08-17', null, 'CO_TEACHER')], there, today).lines)).toEqual(['t2 2026-08-17 null']);
  });
});

const dayAt = (n: number) => new Date(Date.UTC(2026, 9, 1 + n)).toISOString().slice(0, 10);
const overlaps = (a: Line, b: Line) =>
  a.begins < (b.ends ?? '9999') && b.begins < (a.ends ?? '9999') && a.begins < (a.ends ?? '9999') && b.begins < (b.ends ?? '9999');
const clash = (a: Line, b: Line) =>
  a.sectionId === b.sectionId &&
  (a.personId === b.personId || (a.role === 'TEACHER_OF_RECORD' && b.role === 'TEACHER_OF_RECORD')) &&
  overlaps(a, b);

test('whatever a file holds and whatever is there, nobody is in a section twice at a time and every line is placed or refused', () => {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const next = randomFrom(seed);
  const pick = (n: number) => Math.floor(next() * n);
  const anyLine = (id: string): Line => {
    const begins = pick(40);
    const role = pick(2) ? 'TEACHER_OF_RECORD' : 'CO_TEACHER';
    return {
      id,
      sectionId: `s${pick(2)}`,
      personId: `p${pick(4)}`,
      role,
      begins: dayAt(begins),
      ends: pick(2) ? dayAt(begins + 1 + pick(20)) : null,
    };
  };
  for (let round = 0; round < 3_000; round++) {
    const there: PresentLine[] = [];
    for (let n = 0; n < 6; n++) {
      const each = { ...anyLine(`x${n}`), seen: pick(3) === 0 };
      if (!there.some((other) => clash(each, other))) there.push(each);
    }
    const file = Array.from({ length: 6 }, (_, n) => ({ ...anyLine(pick(2) ? `x${n}` : `n${n}`), dated: pick(2) === 0 }));
    const plan = planLines(file, there, dayAt(20));
    const written = new Set([...plan.lines.map(({ id }) => id), ...plan.adopted.keys(), ...plan.ended.map(({ id }) => id)]);
    const result: Line[] = [...there.filter(({ id }) => !written.has(id)), ...plan.ended, ...plan.lines];
    const faults = result.flatMap((a, i) =>
      result
        .slice(i + 1)
        .filter((b) => clash(a, b))
        .map((b) => `${a.id} ${b.id}`),
    );
    const told = { seed, round, faults, missing: file.length - plan.lines.length - plan.refused.length };
    expect(told).toEqual({ seed, round, faults: [], missing: 0 });
    // An id is given to one row only.
    expect(new Set(result.map((each) => each.id)).size).toBe(result.length);
    expect([...plan.adopted.values()].filter((id) => there.some((each) => each.id === id))).toEqual([]);
    for (const each of result)
      expect({ seed, round, ok: each.ends === null || each.begins <= each.ends }).toEqual({ seed, round, ok: true });
  }
});
