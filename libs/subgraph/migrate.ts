import { Migration, Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import type { DatabaseUrls } from '@rollbook/postgres';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
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
 * migrations of one start are one transaction: a failing one leaves nothing behind.
 */
export async function migrate(definition: SubgraphDefinition, urls: DatabaseUrls): Promise<void> {
  const orm = await MikroORM.init({
    clientUrl: urls.owner,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    pool: { min: 0, max: 2 },
    migrations: {
      migrationsList: migrationsOf(definition).map(({ name, sql }) => ({ name, class: asMigration(sql) })),
      snapshot: false,
      allOrNothing: true,
      silent: true,
    },
  });
  try {
    await orm.migrator.up();
    await orm.em.getConnection().execute(grantsFor(decodeURIComponent(new URL(urls.app).username)));
  } finally {
    await orm.close();
  }
}

function asMigration(sql: string) {
  return class extends Migration {
    override up() {
      this.addSql(sql);
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
