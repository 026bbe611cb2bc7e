import { createHash } from 'node:crypto';
import Big from 'big.js';
import type { RecordRow } from './entities.ts';
import { shown, standings, totalsOf, type Policy, type Standing, type Totals } from './rules.ts';

/** What the student service tells of a student for the heading. */
export interface Heading {
  readonly id: string;
  readonly givenName: string;
  readonly middleName: string | null;
  readonly familyName: string;
  readonly localId: string | null;
  readonly birthDate: string | null;
}

export interface Place {
  readonly place: number;
  readonly of: number;
  readonly gradeLevel: string;
  readonly on: string;
}

export interface ToIssue {
  readonly number: string;
  readonly official: boolean;
  readonly issuedTo: string | null;
  /** ISO 8601, UTC. */
  readonly issuedAt: string;
  readonly school: { readonly id: string; readonly name: string };
  readonly student: Heading;
  readonly gradeLevel: string | null;
  readonly rank: Place | null;
}

/** A transcript as it is kept: plain data, nothing in it is looked up again. */
export interface Snapshot extends Omit<ToIssue, 'student'> {
  readonly student: { readonly id: string; readonly name: string; readonly localId: string | null; readonly birthDate: string | null };
  readonly sessions: readonly SessionOf[];
  readonly totals: Totals;
  readonly repeats: Policy['repeats'];
}

interface SessionOf {
  readonly schoolYear: number;
  readonly session: string;
  readonly schoolName: string;
  readonly records: readonly RecordOf[];
}

interface RecordOf extends Pick<RecordRow, 'id' | 'courseNumber' | 'courseTitle' | 'subjects' | 'subjectCodes' | 'part' | 'parts'> {
  readonly mark: string;
  readonly creditsAttempted: string;
  readonly creditsEarned: string;
  readonly points: string | null;
  readonly weightedPoints: string | null;
  readonly weighted: boolean;
  readonly pending: boolean;
  readonly source: RecordRow['source'];
  readonly inGpa: boolean;
  readonly earnsCredit: boolean;
}

/** What stands of a student's records, as a document says it. */
export function snapshotOf(toIssue: ToIssue, records: readonly RecordRow[], { repeats }: Policy): Snapshot {
  const all = standings(records, repeats);
  const { id, givenName, middleName, familyName, localId, birthDate } = toIssue.student;
  const sessions = Map.groupBy(all, ({ record }) => JSON.stringify([record.schoolYear, record.session, record.schoolName]));
  return {
    ...toIssue,
    student: { id, name: [givenName, middleName, familyName].filter(Boolean).join(' '), localId, birthDate },
    sessions: [...sessions.values()].map((together) => {
      const { schoolYear, session, schoolName } = together[0]!.record;
      return { schoolYear, session, schoolName, records: together.map(asPrinted) };
    }),
    totals: totalsOf(all),
    repeats,
  };
}

const asPrinted = ({ record, inGpa, earnsCredit }: Standing<RecordRow>): RecordOf => ({
  ...{ id: record.id, courseNumber: record.courseNumber, courseTitle: record.courseTitle, subjects: record.subjects },
  ...{ subjectCodes: record.subjectCodes, part: record.part, parts: record.parts, mark: record.mark, source: record.source },
  ...{ creditsAttempted: record.creditsAttempted, creditsEarned: record.creditsEarned, points: record.points },
  ...{ weightedPoints: record.weightedPoints, weighted: record.weighted, pending: record.pending, inGpa, earnsCredit },
});

/** The code that proves a document: 128 bits of the SHA-256 of its snapshot, in hexadecimal. */
export const codeOf = (snapshot: string) => createHash('sha256').update(snapshot).digest('hex').slice(0, 32).toUpperCase();

/** As people write it: in fours. */
export const codeShown = (code: string) => code.match(/.{4}/g)!.join('-');
/** As it is kept, however somebody typed it. */
export const codeTyped = (typed: string) => typed.replaceAll(/[^0-9A-Za-z]/g, '').toUpperCase();

/** What the template shows of a snapshot: for the same snapshot the same. */
export function pageOf(snapshot: Snapshot, code: string) {
  const { student, school, totals, rank, official, sessions } = snapshot;
  const title = official ? 'Official transcript' : 'Unofficial transcript';
  return {
    ...{ title, number: snapshot.number, school, student: { name: student.name } },
    check: `code ${codeShown(code)}`,
    heading: [
      ['Student', student.name],
      ['Student number', student.localId ?? '–'],
      ['Date of birth', student.birthDate ?? '–'],
      ['Grade', snapshot.gradeLevel ?? '–'],
      ['Issued', snapshot.issuedAt.slice(0, 10)],
      ['Issued to', snapshot.issuedTo ?? 'the student'],
    ],
    sessions: sessions.map(({ schoolYear, session, schoolName, records }) => ({
      title: `${session} (${schoolYear - 1}/${String(schoolYear).slice(2)}) · ${schoolName}`,
      records: records.map(lineOf),
    })),
    summary: [
      ['Credits attempted', credits(totals.creditsAttempted)],
      ['Credits earned', credits(totals.creditsEarned)],
      ['Grade point average, unweighted', shown(totals.gpa) ?? '–'],
      ['Grade point average, weighted', shown(totals.weightedGpa) ?? '–'],
      ...(rank ? [[`Rank in grade ${rank.gradeLevel} on ${rank.on}, weighted`, `${rank.place} of ${rank.of}`]] : []),
    ],
    rules: repeatRules[snapshot.repeats],
  };
}

const lineOf = (record: RecordOf) => ({
  ...{ number: record.courseNumber, title: record.courseTitle, mark: record.mark },
  areas: record.subjectCodes.filter((code) => /^[A-G]$/.test(code)).join(' ') || null,
  attempted: credits(record.creditsAttempted),
  earned: credits(record.earnsCredit ? record.creditsEarned : '0'),
  points: record.inGpa ? record.weightedPoints : null,
  note: [
    record.parts > 1 && `part ${record.part} of ${record.parts}`,
    record.weighted && 'weighted',
    record.source === 'TRANSFER' && 'transfer',
    record.pending && 'in progress',
    !record.inGpa && !record.pending && 'repeated',
  ]
    .filter(Boolean)
    .join(', '),
});

const credits = (text: string) => new Big(text).toString();

const repeatRules: Readonly<Record<Policy['repeats'], string>> = {
  BEST: 'Of a repeated course the best mark counts, and its credit once. Averages are rounded half up.',
  LATEST: 'Of a repeated course the latest mark counts, and its credit once. Averages are rounded half up.',
  BOTH: 'Of a repeated course every mark counts, and its credit once. Averages are rounded half up.',
};
