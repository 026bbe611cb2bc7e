/** Signs somebody in on a development system: `npm run sign-in -- teacher`, or with a person's id. Prints the token alone. */
import { isUuid } from '@rollbook/school';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dataDirectory, runningAt } from './dataDirectory.ts';
import { GraphClient } from './importing/graphClient.ts';
import { openIssuer } from './issuer.ts';
import { importingAdministrator, readPersonas, signInsOf } from './signIns.ts';
import type { Viewer } from '@rollbook/school';

const dir = dataDirectory(undefined);
const [who] = process.argv.slice(2);
const personas = readPersonas(dir);
const url = await runningAt(dir);
if (!url)
  fail(
    existsSync(join(dir, 'development-key.json')) // written at the first start
      ? `No Rollbook is running on ${dir}. Start it with npm start, then sign in.`
      : `There is no district in ${dir} yet. npm start makes one; with another directory, set ROLLBOOK_DATA to it for both commands.`,
  );
const issuer = await openIssuer(dir);
const client = new GraphClient(url, await issuer.sign(importingAdministrator));
const accessOf = async (id: string) =>
  (
    await client.ask<{ accessOf: Viewer }>('query ($id: ID!) { accessOf(personId: $id) { subject grants { role schoolId } students } }', {
      id,
    })
  ).accessOf;
const persona = isUuid(who) ? { name: 'person', description: who, personId: who } : personas.find(({ name }) => name === who);
if (!persona) fail(whom());
try {
  const [signIn] = await signInsOf([persona], accessOf, issuer);
  console.log(signIn!.token);
} catch (error) {
  fail((error as Error).message);
}
await client.close();

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function whom(): string {
  if (personas.length) return `Name one of ${personas.map(({ name }) => name).join(', ')}, or a person's id.`;
  return `This district has no demo persons. Name a person's id, or bring a district in: npm run import -- <package>.`;
}
