import { afterEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GraphClient, type GraphClientOptions } from './graphClient.ts';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

/** What a client's request says of itself. */
async function headersOf(options?: GraphClientOptions): Promise<IncomingHttpHeaders> {
  const heard: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    heard.push(request.headers);
    response.end('{"data": {"answer": 1}}');
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const client = new GraphClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'the-token', options);
  expect(await client.ask('{ answer }')).toEqual({ answer: 1 });
  await client.close();
  return heard[0]!;
}

test('a job at which nobody waits says so, and no other does', async () => {
  expect(await headersOf({ mayWait: true })).toMatchObject({ 'rollbook-priority': 'BULK', authorization: 'Bearer the-token' });
  expect(await headersOf()).not.toHaveProperty('rollbook-priority');
});
