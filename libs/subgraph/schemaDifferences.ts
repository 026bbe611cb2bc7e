import type { Database } from './database.ts';
import type { SubgraphDefinition } from './definition.ts';

/** Tables that every service has and no slice owns. */
const ownTables = ['history', 'import_batch', 'import_seen'];
/** Of these, the ones without people in them: facts told and heard (for whole services), and the migrations' own. */
const machinery = ['outbox', 'inbox', 'feed_position', 'mikro_orm_migrations'];

interface Column {
  readonly type: string;
  readonly nullable: boolean;
  readonly primary: boolean;
}
type Tables = Map<string, Map<string, Column>>;

/** Do all migrations together make the tables that the entities describe? Each sentence names one difference; none is right. */
export async function schemaDifferences(definition: SubgraphDefinition, database: Database): Promise<string[]> {
  const described = await describedTables(definition, database);
  const made = await madeTables(database);
  const differences: string[] = [];
  for (const [table, columns] of described) {
    const found = made.get(table);
    if (!found) differences.push(`no migration makes the table ${table}`);
    else differences.push(...columnDifferences(table, columns, found));
  }
  for (const table of made.keys())
    if (!described.has(table) && ![...ownTables, ...machinery].includes(table)) differences.push(`no entity describes the table ${table}`);
  return differences;
}

function columnDifferences(table: string, described: Map<string, Column>, made: Map<string, Column>): string[] {
  const differences: string[] = [];
  for (const [name, column] of described) {
    const found = made.get(name);
    if (!found) differences.push(`no migration makes the column ${table}.${name}`);
    else
      for (const what of ['type', 'nullable', 'primary'] as const)
        if (found[what] !== column[what])
          differences.push(`${table}.${name}: ${what} is ${found[what]} in the table and ${column[what]} in the entity`);
  }
  for (const name of made.keys()) if (!described.has(name)) differences.push(`no entity describes the column ${table}.${name}`);
  return differences;
}

async function describedTables(definition: SubgraphDefinition, { orm, reads }: Database): Promise<Tables> {
  const tables: Tables = new Map();
  const types = new Set<string>();
  for (const { entities } of Object.values(definition.slices))
    for (const { meta } of entities) {
      const { tableName, properties } = orm.getMetadata().get(meta.className as never);
      const columns = new Map<string, Column>();
      for (const { persist, fieldNames, columnTypes, length, nullable, primary } of Object.values(properties))
        if (persist !== false)
          fieldNames.forEach((name, i) => {
            // The ORM writes a time without a length as one of whole seconds; the entity did not say so.
            const type = length === undefined ? columnTypes[i]!.replace(/^time\(0\)$/, 'time') : columnTypes[i]!;
            types.add(type);
            columns.set(name, { type, nullable: Boolean(nullable), primary: Boolean(primary) });
          });
      tables.set(tableName, columns);
    }
  const { rows } = await reads.query<{ type: string; full: string | null }>(
    'select type, format_type(to_regtype(type), to_regtypemod(type)) as full from unnest($1::text[]) as type',
    [[...types]],
  );
  const fullName = new Map(rows.map(({ type, full }) => [type, full ?? type]));
  for (const columns of tables.values())
    for (const [name, column] of columns) columns.set(name, { ...column, type: fullName.get(column.type)! });
  return tables;
}

async function madeTables({ reads }: Database): Promise<Tables> {
  const { rows } = await reads.query<Column & { table: string; name: string }>(
    `select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
       coalesce(a.attnum = any (k.conkey), false) as primary
     from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     order by c.relname, a.attnum`,
  );
  const tables: Tables = new Map();
  for (const { table, name, ...column } of rows) tables.set(table, (tables.get(table) ?? new Map<string, Column>()).set(name, column));
  return tables;
}

/**
 * Where the second lock is open: tables whose rows are not guarded by policies that bind their owner too, and rights of the serving
 * role that would pass them by. Each sentence names one; none is right.
 */
export async function rowLevelSecurityGaps({ reads }: Database): Promise<string[]> {
  const { rows: tables } = await reads.query<{ name: string; enabled: boolean; forced: boolean; policies: number; owned: boolean }>(
    `select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced, pg_has_role(c.relowner, 'member') as owned,
       (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by c.relname`,
  );
  const { rows: roles } = await reads.query<{ role: string; super: boolean; bypass: boolean; creates: boolean }>(
    `select rolname as role, rolsuper as super, rolbypassrls as bypass, has_schema_privilege('public', 'create') as creates
     from pg_roles where rolname = current_user`,
  );
  const gaps: string[] = [];
  for (const { name, enabled, forced, policies, owned } of tables) {
    if (owned) gaps.push(`the serving role owns ${name}`);
    if (machinery.includes(name)) continue;
    if (!enabled) gaps.push(`${name} has no row-level security`);
    if (!forced) gaps.push(`row-level security of ${name} does not bind its owner (force)`);
    if (!policies) gaps.push(`${name} has no policy`);
  }
  for (const { role, super: isSuper, bypass, creates } of roles) {
    if (isSuper) gaps.push(`the serving role ${role} is a superuser`);
    if (bypass) gaps.push(`the serving role ${role} passes row-level security by`);
    if (creates) gaps.push(`the serving role ${role} may create tables`);
  }
  return gaps;
}
