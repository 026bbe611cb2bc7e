/* eslint-disable @typescript-eslint/no-explicit-any -- answers are as the graph says; the assertions are their types */
import { afterAll } from '@jest/globals';
import { openDistrict } from '@rollbook/district/district.ts';
import { settleDemo } from '@rollbook/district/demo/settle.ts';
import { openDistrictProcesses } from '@rollbook/district/processes.ts';
import { readPersonas } from '@rollbook/district/signIns.ts';
import { openDatabases } from '@rollbook/district/databases.ts';
import type { Viewer } from '@rollbook/school';
import { clockFrom, openLog } from '@rollbook/subgraph';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { request } from 'undici';

/** The system under test, seen from outside: an address, tokens, and (only to check answers against) the databases. */
export interface System {
  readonly name: string;
  readonly url: string;
  /** Of a demo persona: teacher, counselor, clerk, principal, parent, student, administrator, vendor. */
  token(persona: string): Promise<string>;
  tokenFor(viewer: Viewer): Promise<string>;
  /** Stops one service, if this topology can; answers whether it did. */
  stopService?(name: string): Promise<void>;
  startService?(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly data: any;
  readonly errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  readonly headers: Record<string, string | string[] | undefined>;
}

export async function ask(system: { url: string }, token: string | null, query: string, variables: object = {}): Promise<Answer> {
  return post(system, token, JSON.stringify({ query, variables }));
}

export async function post(system: { url: string }, token: string | null, body: string, contentType = 'application/json'): Promise<Answer> {
  const response = await request(`${system.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': contentType, ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body,
  });
  const json = (await response.body.json()) as { data?: unknown; errors?: Answer['errors'] };
  return { status: response.statusCode, data: json.data, ...(json.errors ? { errors: json.errors } : {}), headers: response.headers };
}

/** The whole suite lives on a Wednesday in November, at ten in the morning in Los Angeles, whatever day it is run on. */
export const today = '2026-11-18';
const startsAt = `${today}T18:00:00Z`;
const now = clockFrom(startsAt, openLog('silent'));

const open = new Set<Promise<{ close(): Promise<void> }>>();

/** Waits for what is being opened, and closes it after the test file if nobody has: also when a test failed, or did not wait for it. */
export async function openedUntilTheEnd<T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> {
  open.add(opening);
  const opened = await opening.catch((error: unknown) => {
    open.delete(opening);
    throw error;
  });
  return {
    ...opened,
    close: () => {
      open.delete(opening);
      return opened.close();
    },
  };
}

afterAll(async () => {
  for (const opening of open) await (await opening.catch(() => null))?.close();
}, 60_000);

/** A directory with a small demo district in it, made once for a test file. */
export async function demoDirectory(students = 150): Promise<{ dir: string; remove(): void }> {
  const dir = mkdtempSync(join(tmpdir(), 'rollbook-e2e-'));
  const district = await openedUntilTheEnd(openDistrict({ dir, port: 0, log: quiet, now }));
  await settleDemo(district, dir, { students, schools: 3, today }, () => undefined);
  await district.close();
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

const quiet = openLog('fatal');

export async function oneProcess(dir: string): Promise<System> {
  const district = await openedUntilTheEnd(openDistrict({ dir, port: 0, log: quiet, now }));
  const tokens = new Map((await district.signIns()).map(({ name, token }) => [name, token]));
  return {
    name: 'one process',
    url: district.url,
    token: async (persona) => tokens.get(persona)!,
    tokenFor: (viewer) => district.issuer.sign(viewer),
    close: () => district.close(),
  };
}

export async function fiveProcesses(dir: string): Promise<System> {
  const district = await openedUntilTheEnd(openDistrictProcesses({ dir, port: 0, logLevel: 'fatal', rehearsalNow: startsAt }));
  const personas = new Map(readPersonas(dir).map((persona) => [persona.name, persona]));
  return {
    name: 'five processes',
    url: district.url,
    async token(name) {
      const { personId } = personas.get(name)!;
      return district.issuer.sign(personId ? await district.accessOf(personId) : vendor);
    },
    tokenFor: (viewer) => district.issuer.sign(viewer),
    async stopService(name) {
      const child = district.processes[name]!;
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGKILL');
      await ended;
    },
    startService: (name) => district.restart(name),
    close: () => district.close(),
  };
}

const vendor: Viewer = { subject: '00000000-0000-8000-8000-00000000000b', grants: [{ role: 'VENDOR', schoolId: null }], students: [] };

/** What is really in the databases of a directory whose system is closed: opened for a moment, as its administrator. */
export async function inDatabases<T>(
  dir: string,
  work: (sql: (service: string, text: string, params?: unknown[]) => Promise<any[]>) => Promise<T>,
): Promise<T> {
  const databases = await openedUntilTheEnd(openDatabases(dir).then((opened) => ({ ...opened, close: () => opened.stop() })));
  const clients = new Map<string, pg.Client>();
  try {
    return await work(async (service, text, params = []) => {
      let client = clients.get(service);
      if (!client) {
        client = new pg.Client({ connectionString: databases.urls[service]!.app });
        await client.connect();
        await client.query(
          `select set_config('rollbook.district', 'on', false), set_config('rollbook.subject', '00000000-0000-8000-8000-000000000000', false)`,
        );
        clients.set(service, client);
      }
      return (await client.query(text, params)).rows;
    });
  } finally {
    for (const client of clients.values()) await client.end();
    await databases.close();
  }
}
