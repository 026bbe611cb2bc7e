import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { request } from 'undici';

/** Where a district on this machine keeps its databases, keys and sign-ins. */
export function dataDirectory(given: string | undefined): string {
  const dir = resolve(given ?? process.env['ROLLBOOK_DATA'] ?? join(import.meta.dirname, '..', '..', '.rollbook'));
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return dir;
}

const addressFile = (dir: string) => join(dir, 'address');

/** Notes where the running district answers, for the other commands. */
export function noteAddress(dir: string, url: string): void {
  writeFileSync(addressFile(dir), url);
}

export function forgetAddress(dir: string): void {
  rmSync(addressFile(dir), { force: true });
}

/** The address of the district that runs on this data directory; null when none answers there. */
export async function runningAt(dir: string): Promise<string | null> {
  if (!existsSync(addressFile(dir))) return null;
  const url = readFileSync(addressFile(dir), 'utf8');
  try {
    const { statusCode, body } = await request(new URL('/livez', url), { headersTimeout: 2_000 });
    await body.dump();
    return statusCode === 200 ? url : null;
  } catch {
    return null; // it was killed and could not remove its note
  }
}
