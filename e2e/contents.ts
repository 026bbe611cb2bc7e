import { inDatabases } from './topologies.ts';

const internal = ['import_batch', 'import_seen', 'outbox', 'inbox', 'feed_position', 'history', 'mikro_orm_migrations', 'migration_text'];

/** Receipts, and the mark of how far they were read, hold numbers of transactions, which no two runs share. */
const receipts = ['save', 'roll_save', 'transcript_pickup'];

/**
 * What four databases hold, table by table: how many rows, and a hash of them that does not depend on when they were written nor on ids that
 * were born here (version 7); imported ids are derived and count.
 */
export async function contentsOf(dir: string): Promise<Record<string, { rows: number; hash: string }>> {
  return inDatabases(dir, async (sql) => {
    const contents: Record<string, { rows: number; hash: string }> = {};
    for (const service of ['student', 'scheduling', 'grading', 'attendance']) {
      const tables = await sql(
        service,
        `select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> all($1) order by 1`,
        [internal],
      );
      for (const { table_name } of tables) {
        const [row] = await sql(
          service,
          `with texts as (
             select regexp_replace(regexp_replace(t::text, '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}', 'id', 'g'),
                                   '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d[.0-9]*[+-]\\d\\d', 'instant', 'g') as text
               from ${table_name} t)
           select count(*)::int as rows, coalesce(md5(string_agg(text, E'\\n' order by text collate "C")), '') as hash from texts`,
        );
        contents[`${service}.${table_name}`] = receipts.includes(table_name) ? { rows: row.rows, hash: 'not compared' } : row;
      }
    }
    return contents;
  });
}
