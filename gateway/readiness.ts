import { request } from 'undici';

const patienceMs = 1_000;
const rememberMs = 1_000;

/**
 * Which services do not answer, asked of their `/readyz`: the gateway answers without them, but not what is theirs. However many
 * ask, each service is asked once a second.
 *
 * @param urls where the services are, by name; those in this process are not asked
 */
export function missingServices(urls: Readonly<Record<string, string>>): () => Promise<string[]> {
  let asked: { atMs: number; answer: Promise<string[]> } | undefined;
  return () => {
    if (!asked || Date.now() - asked.atMs >= rememberMs) asked = { atMs: Date.now(), answer: ask() };
    return asked.answer;
  };

  async function ask(): Promise<string[]> {
    const ready = await Promise.all(Object.entries(urls).map(async ([name, url]) => ((await isReady(url)) ? [] : [name])));
    return ready.flat();
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await request(new URL('/readyz', url), { signal: AbortSignal.timeout(patienceMs) });
    await response.body.dump();
    return response.statusCode === 200;
  } catch {
    return false; // that it does not answer is the answer
  }
}
