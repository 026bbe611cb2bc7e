import type { BatchHand } from '@rollbook/subgraph';
import { pickUpPostings } from './pickup.ts';

const lookAroundMs = 1_000;

/** Takes up what was posted, a little at a time, until the service closes. What is left is there for the next one. */
export function keepTranscriptsGoing({ bulk, log }: BatchHand): () => Promise<void> {
  let isEnding = false;
  let looking: Promise<void> = Promise.resolve();
  const look = async () => {
    while (!isEnding && (await bulk(({ query }) => pickUpPostings(query))));
  };
  const timer = setInterval(() => {
    looking = looking.then(look).catch((error: unknown) => log.warn({ err: error }, 'postings could not be taken up for transcripts'));
  }, lookAroundMs);
  timer.unref();
  return async () => {
    isEnding = true;
    clearInterval(timer);
    await looking;
  };
}
