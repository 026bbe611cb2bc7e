import { ensureDatabase, startPostgres, type DatabaseUrls } from '@rollbook/postgres';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { services } from './services.ts';

export interface Databases {
  readonly urls: Readonly<Record<string, DatabaseUrls>>;
  /** Into a service's database as the administrator, past row-level security: for measuring and repair, never for serving. */
  administratorUrl(service: string): string;
  stop(): Promise<void>;
}

/** One database a service: in the server at ROLLBOOK_POSTGRES_URL (an administrator's URL) if that is set, else in an embedded one. */
export async function openDatabases(dir: string, settings: Record<string, string> = {}): Promise<Databases> {
  mkdirSync(dir, { recursive: true });
  const given = process.env['ROLLBOOK_POSTGRES_URL'];
  const server = given ? { url: () => given, stop: async () => undefined } : await startPostgres({ dir: join(dir, 'postgres'), settings });
  const entries = services.map(async ({ name }) => [name, await ensureDatabase(server.url('postgres'), name)] as const);
  const urls = Object.fromEntries(await Promise.all(entries));
  const administratorUrl = (service: string) => {
    const url = new URL(server.url('postgres'));
    url.pathname = new URL(urls[service]!.app).pathname;
    return url.href;
  };
  return { urls, administratorUrl, stop: () => server.stop() };
}
