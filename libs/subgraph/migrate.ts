import { Migration, Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import type { DatabaseUrls } from '@rollbook/postgres';
import { systemViewer } from '@rollbook/school';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import pg from 'pg';
import type { SubgraphDefinition } from './definition.ts';

const ours = [
  { name: '000-base', file: join(import.meta.dirname, 'base.sql') },
  { name: '000-events', file: createRequire(import.meta.url).resolve('@rollbook/events/outbox.sql') },
];

/** The migrations of a service in order: what every service has, then its own `migrations/*.sql`. Forward only. */
export function migrationsOf(definition: SubgraphDefinition): { name: string; sql: string }[] {
  const folder = join(definition.folder, 'migrations');
  const own = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ name: name.slice(0, -'.sql'.length), file: join(folder, name) }));
  return [...ours, ...own].map(({ name, file }) => ({ name, sql: readFileSync(file, 'utf8') }));
}

/**
 * Brings a service's database to the newest migration, as its owner, and lets the serving role use what is there. All
 * migrations of one start are one transaction: a failing one leaves nothing behind. Of two processes that start at once, one waits.
 * Refuses a database whose migrations are not those of this program: one was changed or inserted later, or a newer program was here.
 */
export async function migrate(definition: SubgraphDefinition, urls: DatabaseUrls): Promise<void> {
  const migrations = migrationsOf(definition);
  const owner = new pg.Client({ connectionString: urls.owner, application_name: `${definition.name} migrations` });
  let lost: Error | undefined;
  // It waits while another connection migrates: cut off then, it has no statement that could fail, and would end the process.
  owner.on('error', (error) => (lost ??= error));
  await owner.connect();
  try {
    await owner.query(`select pg_advisory_lock(hashtext('rollbook migrations'))`);
    // In a schema of its own, where the serving role has no business.
    await owner.query(
      `create schema if not exists migrations; create table if not exists migrations.applied (name text primary key, sha256 text not null)`,
    );
    const { rows } = await owner.query<{ name: string; sha256: string }>('select name, sha256 from migrations.applied order by name');
    const fault = faultOf(migrations, rows);
    if (fault) throw new Error(`${definition.name}: ${fault}`);
    await runNew(migrations, urls.owner);
    if (lost) throw new Error(`${definition.name}: the connection that held the lock of the migrations was lost.`, { cause: lost });
    await owner.query(grantsFor(decodeURIComponent(new URL(urls.app).username)));
  } finally {
    await owner.end();
  }
}

interface NamedText {
  readonly name: string;
  readonly sql: string;
}

/** A migration that was applied is history: it is neither changed nor taken back, and none is put before it. */
function faultOf(migrations: readonly NamedText[], applied: readonly { name: string; sha256: string }[]): string | null {
  const texts = new Map(migrations.map(({ name, sql }) => [name, digestOf(sql)]));
  for (const { name, sha256 } of applied) {
    if (!texts.has(name)) return `this database has the migration ${name}, which this program does not know. Start the newer program.`;
    if (texts.get(name) !== sha256)
      return `the migration ${name} was changed after it was applied to this database. Put it back as it was, and write a new one.`;
  }
  const names = new Set(applied.map(({ name }) => name));
  const last = migrations.findLastIndex(({ name }) => names.has(name));
  const late = migrations.slice(0, Math.max(last, 0)).find(({ name }) => !names.has(name));
  return late && names.size
    ? `the migration ${late.name} comes before ${migrations[last]!.name}, which was applied to this database already. Give it a later number.`
    : null;
}

const digestOf = (sql: string) => createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');

async function runNew(migrations: readonly NamedText[], url: string): Promise<void> {
  const orm = await MikroORM.init({
    clientUrl: url,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    pool: { min: 0, max: 2 },
    migrations: {
      migrationsList: migrations.map(({ name, sql }) => ({ name, class: asMigration(name, sql) })),
      snapshot: false,
      allOrNothing: true,
      silent: true,
    },
  });
  try {
    await orm.migrator.up();
  } catch (error) {
    // Nobody gives back a connection that was cut in use, and closing waits for it: a start that failed must end, and be tried again.
    void orm.close();
    throw error;
  }
  await orm.close();
}

/** Runs in the system's name: with nobody's, row-level security would show a migration no rows to change, and it would change none. */
function asMigration(name: string, sql: string) {
  return class extends Migration {
    override up() {
      this.addSql(`select set_config('rollbook.subject', '${systemViewer.subject}', true), set_config('rollbook.district', 'on', true),
        set_config('rollbook.reason', 'migration ${name}', true)`);
      this.addSql(sql);
      this.addSql(`insert into migrations.applied values ('${name}', '${digestOf(sql)}')`);
    }
  };
}

/** `app` is one of our own role names (rollbook_student, ...), never input. */
function grantsFor(app: string): string {
  if (!/^[a-z_]+$/.test(app)) throw new Error(`The serving role must be a plain lower-case name, not "${app}".`);
  return `grant usage on schema public to ${app};
    grant select, insert, update, delete on all tables in schema public to ${app};
    grant usage on all sequences in schema public to ${app};
    grant execute on all functions in schema public to ${app};
    revoke update, delete, truncate on history from ${app};
    revoke all on mikro_orm_migrations from ${app};`;
}
