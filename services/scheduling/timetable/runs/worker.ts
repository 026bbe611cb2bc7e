import { parentPort, workerData } from 'node:worker_threads';
import { ContradictorySchool, type Progress } from '@rollbook/timetable';
import type { Engine, Outcome, Proposed, Task } from './engine.ts';

/** What a worker thread is given. */
export interface Order {
  /** The address of the engine's module. */
  readonly engine: string;
  readonly task: Task;
  /** One 32-bit number: 1 when the run is to end. */
  readonly stop: SharedArrayBuffer;
}

/** What it says. */
export type Message =
  | { readonly progress: Progress }
  /** As text: made once here, and put into the database as it is. */
  | { readonly best: string }
  /** What is wrong with the school, so that nothing can be found for it. */
  | { readonly contradiction: string }
  | { readonly outcome: Omit<Outcome, 'sections' | 'seats'>; readonly best: string };

const { engine, task, stop } = workerData as Order;
const flag = new Int32Array(stop);
const say = (message: Message) => parentPort!.postMessage(message);
const asText = ({ sections, seats, done }: Proposed) => JSON.stringify({ sections, seats, done });

const { run } = (await import(engine)) as Engine;
try {
  const outcome = run(task, {
    now: () => performance.now(),
    stop: () => Atomics.load(flag, 0) === 1,
    tell: (progress) => say({ progress }),
    keep: (best) => say({ best: asText(best) }),
  });
  const { value, bound, unmet } = outcome;
  say({ outcome: { value, bound, unmet }, best: asText(outcome) });
} catch (error) {
  if (!(error instanceof ContradictorySchool)) throw error;
  say({ contradiction: error.message });
}
