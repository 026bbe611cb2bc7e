import { Pages, wordsPerPage } from './pages.ts';

const perPage = wordsPerPage / 2;

const both = new Float64Array(1);
const halves = new Int32Array(both.buffer);

/** A list of numbers, 0 where none was set, in a fixed amount of memory however long it is (see Pages). */
export class NumberList {
  readonly #pages: Pages;

  constructor(mostHeldPages?: number) {
    this.#pages = new Pages(mostHeldPages);
  }

  at(index: number): number {
    const words = this.#pages.page(Math.floor(index / perPage), 'read');
    const place = (index % perPage) * 2;
    halves[0] = words[place]!;
    halves[1] = words[place + 1]!;
    return both[0]!;
  }

  set(index: number, value: number): void {
    const words = this.#pages.page(Math.floor(index / perPage), 'write');
    const place = (index % perPage) * 2;
    both[0] = value;
    words[place] = halves[0]!;
    words[place + 1] = halves[1]!;
  }

  close(): void {
    this.#pages.close();
  }
}
