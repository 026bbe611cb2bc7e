import type { BatchHand } from '@rollbook/subgraph';
import { openTypesetters } from '@rollbook/typesetting';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { noClasses, workOnOrder } from './issuing.ts';
import { pickUpPostings } from './pickup.ts';

const lookAroundMs = 1_000;
/** Threads that set documents: people are waiting for answers too. */
const threads = Math.max(1, Math.floor(availableParallelism() / 2));
export const templates = join(import.meta.dirname, 'templates');

/** Takes up what was posted and makes the transcripts that were ordered, a little at a time, until the service closes. */
export function keepTranscriptsGoing({ bulk, log, now }: BatchHand): () => Promise<void> {
  const typesetters = openTypesetters(templates, threads);
  const classes = noClasses();
  const ends = [
    again(() => bulk(({ query }) => pickUpPostings(query)), log),
    again(() => bulk((tx) => workOnOrder(tx, typesetters, classes, now())), log),
  ];
  return async () => {
    await Promise.all(ends.map((end) => end()));
    await typesetters.close();
  };
}

/** Does a step again and again while there is more, and looks for more from time to time. What is left is there for the next process. */
function again(step: () => Promise<boolean>, log: BatchHand['log']): () => Promise<void> {
  let isEnding = false;
  let looking: Promise<void> = Promise.resolve();
  const look = async () => {
    while (!isEnding && (await step()));
  };
  const timer = setInterval(() => {
    looking = looking.then(look).catch((error: unknown) => log.warn({ err: error }, 'transcripts could not be worked on'));
  }, lookAroundMs);
  timer.unref();
  return async () => {
    isEnding = true;
    clearInterval(timer);
    await looking;
  };
}
