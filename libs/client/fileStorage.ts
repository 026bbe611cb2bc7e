import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { mkdir, open, readFile, rename, truncate, type FileHandle } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { aborted, applied, isOpen, type Changes, type OutboxStorage, type Records, type Stored } from './storage.ts';

/** The journal is written anew when it is longer than this, and four times as long as what it still tells. */
const longBytes = 1_000_000;

/**
 * A folder in which a Node program keeps outboxes, each step durable before it resolves: a journal of checked lines, written anew by atomic
 * rename when it is long. One program at a time. A last line that was torn by a crash was never acknowledged and is cut off; a line that
 * is damaged is put aside into `damaged.jsonl`. Rejects when another program uses the folder, or it cannot be written.
 */
export async function fileStorage(dir: string): Promise<OutboxStorage & { close(): Promise<void> }> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const unlock = lock(join(dir, 'lock'));
  try {
    return await openJournal(dir, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function openJournal(dir: string, unlock: () => void) {
  const path = join(dir, 'journal.jsonl');
  const rooms = await recover(dir, path);
  let file = await open(path, 'a', 0o600);
  await syncFolder(dir);
  let [length, live] = [(await file.stat()).size, 0];
  let turn: Promise<unknown> = Promise.resolve();
  const leaders = new Map<string, Promise<void>>();
  const roomOf = (person: string): Records => rooms.get(person) ?? new Map<string, Stored>();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.catch(() => undefined).then(work);
    turn = done;
    return done;
  };

  async function append(line: string): Promise<void> {
    try {
      await writeAll(file, line);
      await file.datasync();
      length += Buffer.byteLength(line);
    } catch (error) {
      // Part of the line may stand there: nothing may follow it.
      await truncate(path, length);
      throw error;
    }
  }

  async function writeAnew(): Promise<void> {
    const lines = [...rooms].map(([person, records]) => lineOf(person, [...records])).join('');
    const fresh = await open(`${path}.new`, 'w', 0o600);
    await writeAll(fresh, lines);
    await fresh.sync();
    await fresh.close();
    await rename(`${path}.new`, path);
    await syncFolder(dir);
    await file.close();
    file = await open(path, 'a', 0o600);
    length = live = Buffer.byteLength(lines);
  }

  return {
    read: async (person: string) => roomOf(person),
    update: (person: string, step: (records: Records) => Changes) =>
      inTurn(async () => {
        const changes = JSON.parse(JSON.stringify([...step(roomOf(person))])) as [string, Stored | null][];
        if (changes.length) await append(lineOf(person, changes));
        const after = applied(roomOf(person), new Map(changes));
        rooms.set(person, after);
        if (length > longBytes && length > 4 * live) await writeAnew();
        return after;
      }),
    others: async (person: string) => [...rooms].filter(([other, records]) => other !== person && isOpen(records)).length,
    lead(person: string, until: AbortSignal) {
      const before = leaders.get(person) ?? Promise.resolve();
      leaders.set(
        person,
        before.then(() => aborted(until)),
      );
      return before;
    },
    watch: () => () => undefined,
    close: () =>
      inTurn(async () => {
        await file.close();
        unlock();
      }),
  };
}

const checksum = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
const lineOf = (person: string, changes: [string, Stored | null][]) => {
  const text = JSON.stringify([person, changes]);
  return `${checksum(text)} ${text}\n`;
};

/** Reads the journal; leaves it so that the next line can follow. */
async function recover(dir: string, path: string): Promise<Map<string, Records>> {
  const rooms = new Map<string, Records>();
  if (!existsSync(path)) return rooms;
  const bytes = await readFile(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  const damaged: string[] = [];
  for (const line of bytes.subarray(0, end).toString().split('\n').slice(0, -1)) {
    const text = line.slice(17);
    if (checksum(text) !== line.slice(0, 16)) {
      damaged.push(line);
      continue;
    }
    const [person, changes] = JSON.parse(text) as [string, [string, Stored | null][]];
    rooms.set(person, applied(rooms.get(person) ?? new Map<string, Stored>(), new Map(changes)));
  }
  if (damaged.length) await keepAside(join(dir, 'damaged.jsonl'), damaged);
  if (end < bytes.length) await truncate(path, end);
  return rooms;
}

async function keepAside(path: string, lines: string[]): Promise<void> {
  const file = await open(path, 'a', 0o600);
  await writeAll(file, lines.map((line) => `${line}\n`).join(''));
  await file.sync();
  await file.close();
}

async function writeAll(file: FileHandle, text: string): Promise<void> {
  let rest = Buffer.from(text);
  while (rest.length) rest = rest.subarray((await file.write(rest)).bytesWritten);
}

async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return; // a folder cannot be opened there, and needs not be
  const folder = await open(dir, 'r');
  await folder.sync();
  await folder.close();
}

const held = new Set<string>();

/** Two programs that write one journal would spoil it. A lock of a program that has died, or of before the computer was started, is none. */
function lock(path: string): () => void {
  if (existsSync(path)) {
    const holder = Number(readFileSync(path, 'utf8'));
    const sinceStart = statSync(path).mtimeMs > Date.now() - uptime() * 1000;
    if (held.has(path) || (holder !== process.pid && sinceStart && isRunning(holder)))
      throw new Error(`The outboxes in ${path.slice(0, -5)} are in use by process ${holder}. If that is none of yours, remove ${path}.`);
    rmSync(path);
  }
  const file = openSync(path, 'wx', 0o600);
  writeSync(file, String(process.pid));
  closeSync(file);
  held.add(path);
  return () => {
    held.delete(path);
    rmSync(path, { force: true });
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
