import { Pool } from 'undici';

export interface Asked {
  readonly url: string;
  readonly token: string;
  readonly body: string;
}

/** Sends the same operation `count` times, `concurrency` at once, over connections that are kept open; answers the last body. */
export async function drive({ url, token, body }: Asked, count: number, concurrency: number): Promise<string> {
  const pool = new Pool(new URL(url).origin, { connections: concurrency });
  let left = count;
  let last = '';
  const one = async () => {
    while (left-- > 0) {
      const response = await pool.request({
        method: 'POST',
        path: '/graphql',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body,
      });
      last = await response.body.text();
      if (response.statusCode !== 200) throw new Error(`HTTP ${response.statusCode}: ${last.slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  await pool.close();
  return last;
}
