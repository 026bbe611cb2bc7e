/** The PostgreSQL of a district, as whoever looks after the machine can touch it. */
import pg from 'pg';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Asks a database past every rule. */
export async function sql<Row>(district: string, database: string, text: string, params: unknown[] = []): Promise<Row[]> {
  const [port, password] = ['port', 'password'].map((name) => readFileSync(join(district, 'postgres', `rollbook.${name}`), 'utf8'));
  const client = new pg.Client({ connectionString: `postgres://rollbook_admin:${password}@127.0.0.1:${port}/${database}` });
  client.on('error', () => undefined); // a server that ends is told by the question that it did not answer
  await client.connect();
  try {
    return (await client.query(text, params)).rows as Row[];
  } finally {
    await client.end();
  }
}

function parentOf(pid: string): number {
  try {
    // The name of the program, in parentheses, may hold anything.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1]);
  } catch {
    return 0; // it has ended meanwhile
  }
}

/** The postmaster and every process of it that there is now. */
export function processesOf(district: string): number[] {
  const postmaster = Number(readFileSync(join(district, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === postmaster);
  return [postmaster, ...children.map(Number)];
}

export function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids)
    try {
      process.kill(pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
}

const isStopped = (pid: number) => {
  try {
    return /^State:\t[TZ]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true; // it has ended
  }
};

/** Stops every process of PostgreSQL where it stands; one that is writing to the disk comes to the end of that first. */
export async function freeze(district: string): Promise<number[]> {
  for (let tries = 0; tries < 200; tries++) {
    const pids = processesOf(district);
    signal(pids, 'SIGSTOP');
    if (pids.every(isStopped)) return pids;
    await pause(10);
  }
  throw new Error('PostgreSQL could not be stopped.');
}
