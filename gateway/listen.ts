import { listen as listenWithLimits, type Listening } from '@rollbook/subgraph/listen.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';

const headerBytes = 16 * 1024;

/**
 * The port of the gateway, with the limits of every port of ours; a port that is taken is told in a sentence.
 *
 * @param answer writes the response, and does not reject
 */
export async function listen(
  port: number,
  host: string,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Listening> {
  try {
    return await listenWithLimits({ port, host, headerBytes }, answer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(
      `Port ${port} is taken by another program. Choose another one: npm start -- --port <number>, or PORT for a gateway of its own.`,
      { cause: error },
    );
  }
}
