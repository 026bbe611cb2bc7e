import type { IsoDate } from '@rollbook/school';

interface Days {
  readonly begins: IsoDate;
  /** The first day no longer; null while open. */
  readonly ends: IsoDate | null;
}

/** An enrollment that an earlier import of the same source wrote. */
export interface KnownEnrollment extends Days {
  readonly id: string;
  readonly schoolId: string;
}

/** A role as a student, as the package tells it; the preferred one names the school that counts the student. */
export interface ToldEnrollment {
  readonly schoolId: string;
  readonly preferred: boolean;
  readonly begins: IsoDate | null;
  readonly ends: IsoDate | null;
}

export interface PlacedEnrollment extends Days {
  /** null: a new one. */
  readonly id: string | null;
  readonly schoolId: string;
  readonly preferred: boolean;
  readonly isPrimary: boolean;
}

export interface Placement {
  readonly keep: readonly PlacedEnrollment[];
  /** Enrollments that the package no longer tells, each with its end. */
  readonly end: readonly { readonly id: string; readonly schoolId: string; readonly ends: IsoDate }[];
}

const covers = (days: Days, day: IsoDate) => days.begins <= day && (days.ends === null || days.ends > day);
const isEmpty = (days: Days) => days.ends === days.begins;
export const overlap = (a: Days, b: Days) => !isEmpty(a) && !isEmpty(b) && (covers(a, b.begins) || covers(b, a.begins));

/**
 * Fits what a package tells of a student's schools to what the same source told before. What is no longer told ends where its
 * successor begins, or today; what is told otherwise ends on the day it began, and so never counted.
 */
export function placeEnrollments(
  known: readonly KnownEnrollment[],
  told: readonly ToldEnrollment[],
  year: { schoolYearBegins: IsoDate; today: IsoDate },
): Placement {
  const keep = withPrimaries(
    told.map((enrollment) => {
      const begins = enrollment.begins ?? beginningOf(enrollment.schoolId, known, year);
      const same = known.find((other) => other.schoolId === enrollment.schoolId && other.begins === begins);
      return { ...enrollment, begins, id: same?.id ?? null };
    }),
  );
  const kept = new Set(keep.map(({ id }) => id));
  const end = known
    .filter(({ id }) => !kept.has(id))
    .map((gone) => ({ gone, ends: endOf(gone, keep, year.today) }))
    .filter(({ gone, ends }) => gone.ends === null || gone.ends > ends)
    .map(({ gone: { id, schoolId }, ends }) => ({ id, schoolId, ends }));
  return { keep, end };
}

/**
 * When an enrollment without a date began: as it is known, if it is known in this school year; today, if the student was somewhere else
 * in this school year, so that the days there still count; otherwise with the school year.
 */
function beginningOf(
  schoolId: string,
  known: readonly KnownEnrollment[],
  { schoolYearBegins, today }: { schoolYearBegins: IsoDate; today: IsoDate },
): IsoDate {
  const thisYear = known.filter((enrollment) => enrollment.begins >= schoolYearBegins && !isEmpty(enrollment));
  const since = thisYear.filter((enrollment) => enrollment.schoolId === schoolId).at(-1);
  const elsewhere = thisYear.filter((enrollment) => enrollment.schoolId !== schoolId);
  if (since && !elsewhere.some(({ begins }) => since.ends !== null && begins >= since.ends)) return since.begins;
  return elsewhere.length && today > schoolYearBegins ? today : schoolYearBegins;
}

/** One school counts the student at a time: the preferred one, and others on days that it leaves free. */
function withPrimaries(enrollments: readonly Omit<PlacedEnrollment, 'isPrimary'>[]): PlacedEnrollment[] {
  const primary: Omit<PlacedEnrollment, 'isPrimary'>[] = [];
  for (const enrollment of [...enrollments].sort((a, b) => Number(b.preferred) - Number(a.preferred)))
    if (!primary.some((other) => overlap(other, enrollment))) primary.push(enrollment);
  return enrollments.map((enrollment) => ({ ...enrollment, isPrimary: primary.includes(enrollment) }));
}

function endOf(gone: KnownEnrollment, keep: readonly PlacedEnrollment[], today: IsoDate): IsoDate {
  const rivals = keep.filter(({ schoolId, isPrimary }) => isPrimary || schoolId === gone.schoolId);
  if (rivals.some((rival) => covers(rival, gone.begins))) return gone.begins;
  const next = rivals.map(({ begins }) => begins).filter((begins) => begins > gone.begins).sort()[0]; // prettier-ignore
  return next ?? (gone.begins > today ? gone.begins : today);
}
