export default async function teardown() {
  await globalThis.rollbookTestServer?.stop();
}
