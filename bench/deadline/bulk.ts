/** Bulk work without end: the district's own package imported again, and every school's marks exported. `node bulk.ts <directory> <url>` */
import { GraphClient } from '@rollbook/district/importing/graphClient.ts';
import { importPackage } from '@rollbook/district/importing/importPackage.ts';
import { openIssuer } from '@rollbook/district/issuer.ts';
import { importingAdministrator } from '@rollbook/district/signIns.ts';
import { join } from 'node:path';
import { operations } from './model.ts';

const [dir, url] = process.argv.slice(2) as [string, string];
const token = await (await openIssuer(dir)).sign(importingAdministrator);

async function imports(): Promise<never> {
  const today = new Date().toISOString().slice(0, 10);
  for (;;)
    await importPackage(join(dir, 'demo.zip'), { url, token, strictness: 'strict', dryRun: false, timeZone: 'America/Los_Angeles', today });
}

interface Page {
  readonly sections: { readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string } };
}

async function exports(): Promise<never> {
  const graph = new GraphClient(url, token);
  const { schools } = await graph.ask<{ schools: { nodes: { id: string }[] } }>('{ schools(first: 100) { nodes { id } } }');
  for (;;)
    for (const { id: schoolId } of schools.nodes)
      for (let after: string | null = null, more = true; more;) {
        const { sections }: Page = await graph.ask<Page>(operations.report, { schoolId, after });
        ({ hasNextPage: more, endCursor: after } = sections.pageInfo);
      }
}

await Promise.race([imports(), exports()]);
