import { Agent, request } from 'undici';
import type { Event, Feed } from './outbox.ts';

/**
 * The feed of a service in another process: `GET /events?after=n&waitMs=m`, answered by libs/subgraph. `token` signs each
 * request (a subgraph answers nobody without one).
 */
export function httpFeed(url: string, token: () => Promise<string>): Feed {
  const agent = new Agent({ connections: 1, headersTimeout: 60_000, bodyTimeout: 60_000 });
  return async (after, waitMs, signal) => {
    const address = new URL('/events', url);
    address.searchParams.set('after', String(after));
    address.searchParams.set('waitMs', String(waitMs));
    const response = await request(address, { dispatcher: agent, signal, headers: { authorization: `Bearer ${await token()}` } });
    if (response.statusCode !== 200) {
      const text = await response.body.text();
      throw new Error(`${address.origin} answered ${response.statusCode} to a request for its events: ${text.slice(0, 200)}`);
    }
    return (await response.body.json()) as Event[];
  };
}
