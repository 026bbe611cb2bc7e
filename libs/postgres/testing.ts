import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { closeToOthers, ensureDatabase, urlFor, type DatabaseUrls } from './databases.ts';
import { startPostgres, type EmbeddedPostgres } from './embedded.ts';

/**
 * A server for one run of tests: not durable (nothing in it outlives the run), gone afterwards. Tests of durability start
 * their own, durable one.
 */
export async function startTestServer(): Promise<EmbeddedPostgres> {
  const dir = mkdtempSync(join(tmpdir(), 'rollbook-test-'));
  rmSync(dir, { recursive: true });
  const server = await startPostgres({
    dir,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '128MB' },
  });
  return {
    ...server,
    stop: async () => {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The server that the test run started (see jest.postgres.js). */
export function testServerUrl(): string {
  const url = process.env['ROLLBOOK_TEST_POSTGRES'];
  if (!url) throw new Error('No test server: this project must use jest.postgres.config.js.');
  return url;
}

/**
 * A fresh database for one test file: a copy of a template that `migrate` filled once per run. `version` tells templates of
 * one service apart (for example the text of its migrations).
 */
export async function cloneDatabase(
  service: string,
  version: string,
  migrate: (urls: DatabaseUrls) => Promise<void>,
): Promise<DatabaseUrls & { drop(): Promise<void> }> {
  const adminUrl = testServerUrl();
  const template = `template_${service}_${createHash('sha256').update(version).digest('hex').slice(0, 12)}`;
  const copy = `test_${service}_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query('select pg_advisory_lock(hashtext($1))', [template]);
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [template]);
    if (!rowCount) {
      const building = `${template}_building`;
      await admin.query(`drop database if exists ${building}`);
      await migrate(await ensureDatabase(adminUrl, service, building));
      await admin.query(`alter database ${building} rename to ${template}`);
    }
    await admin.query(`create database ${copy} template ${template} strategy file_copy owner rollbook_${service}_owner`);
    await closeToOthers(admin, copy, [`rollbook_${service}_owner`, `rollbook_${service}`]);
  } finally {
    await admin.end();
  }
  return {
    owner: urlFor(adminUrl, `rollbook_${service}_owner`, copy),
    app: urlFor(adminUrl, `rollbook_${service}`, copy),
    drop: async () => {
      const again = new pg.Client({ connectionString: adminUrl });
      await again.connect();
      await again.query(`drop database if exists ${copy} with (force)`);
      await again.end();
    },
  };
}
