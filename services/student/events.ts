import type { Fact } from '@rollbook/events';

/** Facts this service tells. Each carries the whole present state of its aggregate. */
export interface SchoolChanged {
  readonly id: string;
  readonly districtId: string;
  readonly name: string;
  /** IANA name: what "today" means at the school. */
  readonly timeZone: string;
}

export const schoolChanged = (payload: SchoolChanged): Fact => ({ type: 'SchoolChanged', aggregate: payload.id, payload });

export interface StudentWithdrawn {
  readonly studentId: string;
  readonly schoolId: string;
  /** From this day the student is in none of the school's sections. */
  readonly on: string;
}

export const studentWithdrawn = (payload: StudentWithdrawn): Fact => ({ type: 'StudentWithdrawn', aggregate: payload.studentId, payload });

/** What the database tells when enrollments of a school were written, by whatever verb or import (006-told-enrollments.sql). */
export interface EnrollmentsChanged {
  readonly schoolId: string;
  readonly enrollments: readonly {
    readonly id: string;
    readonly studentId: string;
    /** Null: the source does not tell. */
    readonly gradeLevel: string | null;
    /** Does it count the student? */
    readonly primary: boolean;
    readonly begins: string;
    /** The first day no longer enrolled; the same as `begins` when the student never came. */
    readonly ends: string | null;
  }[];
}
