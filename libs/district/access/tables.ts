import type { Viewer } from '@rollbook/school';
import type { SubgraphDefinition } from '@rollbook/subgraph';
import type { Findings } from './judge.ts';
import type { Row } from './records.ts';
import { secretsIn } from './secrets.ts';
import type { Town } from './town.ts';
import { rowsShow } from './verdicts.ts';
import type { Person } from './viewers.ts';

/** What everybody can read of every table in SQL, without any resolver between: no other school's secrets, no other child's rows. */
export async function scanTables(
  services: readonly SubgraphDefinition[],
  town: Town,
  viewers: readonly Person[],
  findings: Findings,
): Promise<void> {
  for (const { name } of services)
    for (const { who, viewer } of viewers)
      for (const [table, rows] of await tablesAs(viewer, town, name))
        for (const row of rows) judgeRow(row, `${name}: ${who} reads in the table ${table}`, viewer, town, findings);
}

async function tablesAs(viewer: Viewer, { checked }: Town, service: string): Promise<[table: string, rows: Row[]][]> {
  return checked[service]!.database.transaction(viewer, null, async ({ query }) => {
    const tables = await query<{ name: string }>(
      `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relrowsecurity`,
    );
    const read: [string, Row[]][] = [];
    for (const { name } of tables)
      read.push([name, (await query<{ row: Row }>(`select to_jsonb(t) as row from ${name} t`)).map(({ row }) => row)]);
    return read;
  });
}

function judgeRow(row: Row, reads: string, viewer: Viewer, { records }: Town, findings: Findings): void {
  findings.cells += 1;
  for (const { fieldClass, of } of secretsIn(JSON.stringify(row)))
    if (of !== viewer.subject && !records.aboutId(of).some((about) => rowsShow(viewer, about)))
      findings.leaks.add(`${reads} the ${fieldClass} secret of ${of}`);
  const student = row['student_id'];
  if (typeof student !== 'string' || records.aboutId(student).some((about) => rowsShow(viewer, about))) return;
  const school = row['school_id'];
  const isOwnSchools = typeof school === 'string' && viewer.grants.some((grant) => grant.schoolId === school);
  if (!isOwnSchools) findings.leaks.add(`${reads} a row about student ${student}`);
}
