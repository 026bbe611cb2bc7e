import { createHmac } from 'node:crypto';
import pg from 'pg';

/** Two ways into one service's database. `owner` migrates; `app` serves: it owns nothing and obeys row-level security. */
export interface DatabaseUrls {
  readonly owner: string;
  readonly app: string;
}

/**
 * Creates a service's two roles and its database when they are missing, and lets nobody else in. `adminUrl` must be allowed to
 * create roles and databases. Passwords are derived from the administrator's, so nothing more needs to be kept.
 */
export async function ensureDatabase(adminUrl: string, service: string, database = `rollbook_${service}`): Promise<DatabaseUrls> {
  const owner = `rollbook_${service}_owner`;
  const app = `rollbook_${service}`;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    // Two processes that start at once would both find the role missing.
    await admin.query('select pg_advisory_lock(hashtext($1))', [`rollbook:${service}`]);
    for (const role of [owner, app]) await ensureRole(admin, role, passwordOf(adminUrl, role));
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [database]);
    if (!rowCount) await admin.query(`create database ${pg.escapeIdentifier(database)} owner ${pg.escapeIdentifier(owner)}`);
    await closeToOthers(admin, database, [owner, app]);
  } finally {
    await admin.end();
  }
  return { owner: urlFor(adminUrl, owner, database), app: urlFor(adminUrl, app, database) };
}

async function ensureRole(admin: pg.Client, role: string, password: string): Promise<void> {
  const name = pg.escapeIdentifier(role);
  const { rowCount } = await admin.query('select 1 from pg_roles where rolname = $1', [role]);
  if (!rowCount) await admin.query(`create role ${name} login nosuperuser nocreatedb nocreaterole nobypassrls`);
  await admin.query(`alter role ${name} password ${pg.escapeLiteral(password)}`);
}

/** By default PostgreSQL lets every role connect to every database. */
export async function closeToOthers(admin: pg.Client, database: string, roles: readonly string[]): Promise<void> {
  const name = pg.escapeIdentifier(database);
  await admin.query(`revoke all on database ${name} from public`);
  for (const role of roles) await admin.query(`grant connect, temporary on database ${name} to ${pg.escapeIdentifier(role)}`);
}

function passwordOf(adminUrl: string, role: string): string {
  return createHmac('sha256', decodeURIComponent(new URL(adminUrl).password))
    .update(role)
    .digest('base64url');
}

export function urlFor(adminUrl: string, role: string, database: string): string {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = passwordOf(adminUrl, role);
  url.pathname = `/${database}`;
  return url.href;
}
