import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import {
  concernsOf,
  conflictMatrix,
  explainUnmet,
  fairness,
  faultsOf,
  recommendSectionCounts,
  seatsByGradeAndSlot,
  type Concern,
  type ConflictMatrix,
  type Fairness,
  type Fault,
  type GradeInSlot,
  type SectionCounts,
  type Unmet,
} from '@rollbook/timetable';
import type { Planned } from './schoolOf.ts';

/** What can be told of a schedule: what is wrong with it or not good, what it leaves unmet, how students fare, what it should have more of. */
const judges = {
  faults: ({ school, placed, seats }: Planned): Fault[] => faultsOf(school, placed, seats),
  unmet: ({ school, placed, seats }: Planned): Unmet[] => explainUnmet(school, placed, seats),
  matrix: ({ school }: Planned): ConflictMatrix => conflictMatrix(school),
  concerns: ({ school, placed, seats }: Planned): Concern[] => concernsOf(school, placed, seats),
  fairness: ({ school, placed, seats }: Planned): Fairness[] => fairness(school, placed, seats),
  grades: ({ school, placed, seats }: Planned): GradeInSlot[] => seatsByGradeAndSlot(school, placed, seats),
  counts: ({ school }: Planned): SectionCounts => recommendSectionCounts(school),
};

/** A school of so many students is judged in milliseconds; for a larger one others would have to wait. */
const mostAtOnce = 600;

/** Judges a schedule, in a thread of its own when that takes long. */
export async function judge<What extends keyof typeof judges>(what: What, planned: Planned): Promise<ReturnType<(typeof judges)[What]>> {
  type Answer = ReturnType<(typeof judges)[What]>;
  if (planned.school.students.length <= mostAtOnce) return judges[what](planned) as Answer;
  const thread = new Worker(new URL(import.meta.url), { workerData: { what, planned } });
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  thread.once('message', resolve);
  thread.once('error', reject);
  thread.once('exit', () => reject(new Error(`The ${what} of a schedule were not told.`)));
  return promise;
}

if (!isMainThread && workerData && 'planned' in workerData) {
  const { what, planned } = workerData as { what: keyof typeof judges; planned: Planned };
  parentPort!.postMessage(judges[what](planned));
}
