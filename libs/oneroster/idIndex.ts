import { hash, randomBytes } from 'node:crypto';
import { Pages, wordsPerPage } from './pages.ts';

/** Of each id the first 128 bits of a SHA-256, which tell any ids apart that will ever meet in one package, and its number. */
const wordsPerPrint = 4;
const wordsPerId = wordsPerPrint + 1;
const most = Math.floor((wordsPerPage - 1) / wordsPerId);
/** Ids for each page when their number is doubled; far enough below `most` that chance alone never fills a page before. */
const usual = 130;

/** So that nobody can send ids that were made to meet in one page. */
const salt = randomBytes(8).toString('hex');
const print = new Int32Array(wordsPerPrint);

/**
 * A set of ids that numbers them in the order they came, in a fixed amount of memory (8 MB) however many they are: up to about 270,000
 * ids are held in memory, and of more the rest on disk (see Pages). Exact in any case.
 *
 * The ids are in pages by the first bits of their print. When the pages get full, there are twice as many, and each page's ids go, by one
 * bit more, to two pages. A page begins with how many ids are in it.
 */
export class IdIndex {
  size = 0;
  readonly #pages: Pages;
  #bits = 0;

  constructor(mostHeldPages?: number) {
    this.#pages = new Pages(mostHeldPages);
  }

  /** Adds an id and gives its number; -1 when it is there already. */
  add(id: string): number {
    takePrint(id);
    if (placeOf(this.#pages.page(pageOf(print[0]!, this.#bits), 'read')) >= 0) return -1;
    while (this.size >= usual * 2 ** this.#bits || this.#pages.page(pageOf(print[0]!, this.#bits), 'read')[0] === most) this.#double();
    const page = this.#pages.page(pageOf(print[0]!, this.#bits), 'write');
    const at = 1 + page[0]! * wordsPerId;
    page.set(print, at);
    page[at + wordsPerPrint] = this.size;
    page[0]! += 1;
    return this.size++;
  }

  /** The number of an id, or -1 when it is not there. */
  numberOf(id: string): number {
    takePrint(id);
    const page = this.#pages.page(pageOf(print[0]!, this.#bits), 'read');
    const at = placeOf(page);
    return at < 0 ? -1 : page[at + wordsPerPrint]!;
  }

  close(): void {
    this.#pages.close();
  }

  /** From the last page to the first, because what was page n becomes pages 2n and 2n + 1. */
  #double(): void {
    this.#bits += 1;
    for (let number = 2 ** (this.#bits - 1) - 1; number >= 0; number--) {
      const old = this.#pages.page(number, 'read').slice();
      const halves = [this.#pages.page(number * 2, 'write'), this.#pages.page(number * 2 + 1, 'write')] as const;
      for (const half of halves) half[0] = 0;
      for (let at = 1; at < 1 + old[0]! * wordsPerId; at += wordsPerId) {
        const half = halves[pageOf(old[at]!, this.#bits) & 1]!;
        half.set(old.subarray(at, at + wordsPerId), 1 + half[0]! * wordsPerId);
        half[0]! += 1;
      }
    }
  }
}

const pageOf = (first: number, bits: number): number => (bits === 0 ? 0 : first >>> (32 - bits));

/** Where in the page the id is whose print was taken last; -1 when it is not there. */
function placeOf(page: Int32Array): number {
  const end = 1 + page[0]! * wordsPerId;
  const first = print[0];
  for (let at = 1; at < end; at += wordsPerId) {
    if (page[at] !== first) continue;
    if (page[at + 1] === print[1] && page[at + 2] === print[2] && page[at + 3] === print[3]) return at;
  }
  return -1;
}

function takePrint(id: string): void {
  const digest = hash('sha256', salt + id, 'latin1'); // one character per byte: three times faster to come by than a Buffer
  for (let word = 0, at = 0; word < wordsPerPrint; word++, at += 4) {
    print[word] =
      digest.charCodeAt(at) | (digest.charCodeAt(at + 1) << 8) | (digest.charCodeAt(at + 2) << 16) | (digest.charCodeAt(at + 3) << 24);
  }
}
