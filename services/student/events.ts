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

/** The answer to grading's DocumentFactsAsked: what a document about these students says of them and of their families. */
export interface FamiliesTold {
  readonly requestId: string;
  /** A student who is not known here is left out. */
  readonly students: readonly {
    readonly id: string;
    readonly givenName: string;
    readonly middleName: string | null;
    readonly familyName: string;
    readonly preferredGivenName: string | null;
    readonly preferredFamilyName: string | null;
    readonly localId: string | null;
    readonly sourcedId: string | null;
    readonly birthDate: string | null;
    /** At the school that was asked for: of the latest enrollment. */
    readonly gradeLevel: string | null;
    /** What is spoken at home (BCP 47), as the household says, or else the first contact. */
    readonly language: string | null;
    /** Those with a parent's rights, in the order in which they are called. */
    readonly contacts: readonly { readonly givenName: string; readonly familyName: string }[];
    readonly address: {
      readonly street: string;
      readonly unit: string | null;
      readonly city: string;
      readonly state: string;
      readonly postalCode: string;
    } | null;
  }[];
  readonly staff: readonly { readonly id: string; readonly givenName: string; readonly familyName: string }[];
}

export const familiesTold = (payload: FamiliesTold): Fact => ({ type: 'FamiliesTold', aggregate: payload.requestId, payload });
