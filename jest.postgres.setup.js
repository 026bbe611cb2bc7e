import { startTestServer } from '@rollbook/postgres/testing.ts';

export default async function setup() {
  const server = await startTestServer();
  process.env.ROLLBOOK_TEST_POSTGRES = server.url('postgres');
  globalThis.rollbookTestServer = server;
}
