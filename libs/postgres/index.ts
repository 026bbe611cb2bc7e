/** Where a database comes from: the embedded server, a URL, or (in tests) a cloned template. */
export { startPostgres, PostgresStartError, type EmbeddedPostgres } from './embedded.ts';
export { ensureDatabase, type DatabaseUrls } from './databases.ts';
export { assertDurable, NotDurableError } from './durability.ts';
export { ask, type Statement } from './ask.ts';
export { inOnePacket, openPool, type Pool, type PoolClient } from './pool.ts';
