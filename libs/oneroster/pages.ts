import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const wordsPerPage = 1024;
const bytesPerPage = wordsPerPage * 4;
const held8Mb = 2048;

interface Held {
  page: number;
  words: Int32Array;
  isChanged: boolean;
}

/**
 * Any number of pages of 1,024 words of 32 bits, all zero at first, in a fixed amount of memory: 8 MB unless said otherwise. What is
 * more lies in a file of the system's folder for such (TMPDIR), which has no name, nobody else can read, and goes with the process.
 */
export class Pages {
  readonly #held: Held[] = [];
  readonly #mostHeld: number;
  #file: number | undefined;

  constructor(mostHeld = held8Mb) {
    this.#mostHeld = mostHeld;
  }

  /**
   * The words of a page, to read or to write. Each page has one place in memory, page % mostHeld, and whichever was there goes to the
   * file: so the words are this page's until another one of the same place is asked for, never the next one while two are held.
   */
  page(page: number, use: 'read' | 'write'): Int32Array {
    const place = page % this.#mostHeld;
    const held = (this.#held[place] ??= { page, words: new Int32Array(wordsPerPage), isChanged: false });
    if (held.page !== page) this.#exchange(held, page);
    held.isChanged ||= use === 'write';
    return held.words;
  }

  /** Forgets everything, and gives the disk back what it holds. */
  close(): void {
    this.#held.length = 0;
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #exchange(held: Held, page: number): void {
    try {
      this.#file ??= openNameless();
      if (held.isChanged) write(this.#file, held);
      const read = readSync(this.#file, held.words, 0, bytesPerPage, page * bytesPerPage);
      held.words.fill(0, read / 4); // the file does not reach as far as a page that was never written
    } catch (error) {
      const reason = (error as Error).message;
      throw new Error(`What must be remembered of a large package has no place in ${tmpdir()} (TMPDIR): ${reason}`, { cause: error });
    }
    held.page = page;
    held.isChanged = false;
  }
}

function write(file: number, { page, words }: Held): void {
  for (let at = 0; at < bytesPerPage;) at += writeSync(file, words, at, bytesPerPage - at, page * bytesPerPage + at);
}

function openNameless(): number {
  const path = join(tmpdir(), `oneroster-${randomUUID()}`);
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return file;
}
