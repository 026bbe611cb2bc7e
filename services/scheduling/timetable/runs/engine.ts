import { buildMaster, loadStudents, type PlacedSection, type Progress, type School, type Seat } from '@rollbook/timetable';

/** What a run is to do, as plain data that a worker thread can be given. */
export interface Task {
  readonly kind: 'BUILD' | 'LOAD';
  readonly school: School;
  /** The sections as the scenario has them. */
  readonly placed: readonly PlacedSection[];
  readonly seed: number;
  /** How long it may still take. */
  readonly seconds: number;
  /** What a process before this one had found. */
  readonly start: Proposed | null;
}

/** What a run has found so far, from which another process could go on. */
export interface Proposed {
  readonly sections: readonly PlacedSection[];
  /** Left out while a build has not seated anybody yet. */
  readonly seats?: readonly Seat[];
  /** Of a build: how much of its time it has had, from 0 to 1. */
  readonly done?: number;
}

/** A run and whoever waits for it. */
export interface Listener {
  /** Milliseconds of a clock that only goes on. */
  readonly now: () => number;
  /** Shall it end now, with the best it has? */
  readonly stop: () => boolean;
  readonly tell: (progress: Progress) => void;
  /** The best so far, from which another process could go on. */
  readonly keep: (best: Proposed) => void;
}

export interface Outcome {
  readonly sections: readonly PlacedSection[];
  readonly seats: readonly Seat[];
  readonly value: number;
  readonly bound: number;
  readonly unmet: number;
}

/** What does the work: the library's builder and loader, or what a test puts in their place. */
export interface Engine {
  readonly run: (task: Task, listener: Listener) => Outcome;
}

/** So often the best is kept: a process that takes the run up loses no more. */
const keepEverySeconds = 5;

export const run: Engine['run'] = (task, listener) => (task.kind === 'BUILD' ? build(task, listener) : load(task, listener));

/** Builds; when it is told to end, it still seats the students in the best master it has, which takes a moment. */
function build({ school, seed, seconds, start }: Task, { now, stop, tell, keep }: Listener): Outcome {
  const built = buildMaster(school, {
    ...{ seed, seconds, now, onProgress: tell, checkpoint: keep, stop },
    ...(start && { start: { sections: start.sections, done: start.done ?? 0 } }),
  });
  const met = new Set(built.seats.map(({ requestId }) => requestId).filter((id) => id !== null)).size;
  const requests = school.students.reduce((sum, student) => sum + student.requests.length, 0);
  return { ...built, unmet: requests - met };
}

/** Loads in stretches, each of which begins with what the one before it found. */
function load({ school, placed, seed, seconds, start }: Task, { now, stop, tell, keep }: Listener): Outcome {
  const ends = now() + seconds * 1000;
  let best: Outcome | null = null;
  for (let stretch = 0; ; stretch++) {
    const left = Math.max(0, (ends - now()) / 1000);
    const from = best?.seats ?? start?.seats;
    const found = loadStudents(school, placed, {
      ...{ seed: seed + stretch, seconds: Math.min(left, keepEverySeconds), now, stop },
      onProgress: (progress) => tell({ ...progress, secondsLeft: Math.max(0, (ends - now()) / 1000) }),
      ...(from && { start: from }),
    });
    if (!best || found.value >= best.value) best = { ...found, sections: placed };
    keep(best);
    tell({ best: best.value, bound: best.bound, unmet: best.unmet, secondsLeft: Math.max(0, (ends - now()) / 1000) });
    if (found.endedBy === 'bound' || stop() || now() >= ends) return best;
  }
}
