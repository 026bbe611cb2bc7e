import { IdIndex } from './idIndex.ts';

/** Who is whose parent among orgs or sessions, kept as numbers: they are as many as a district has schools and terms, not people. */
export class Ancestry {
  readonly #ids = new IdIndex();
  readonly #parents: number[] = [];

  add(id: string, parent: string): void {
    const child = this.#numberOf(id);
    this.#parents[child] = this.#numberOf(parent);
  }

  /** Tells of an id whether one comes back to it by going from parent to parent. Ask when all are added. */
  loops(): (id: string) => boolean {
    const isInLoop = new Uint8Array(this.#parents.length);
    const seenFrom = new Int32Array(this.#parents.length); // 0: not yet
    for (let start = 0; start < this.#parents.length; start++) {
      let at = start;
      for (; at >= 0 && seenFrom[at] === 0; at = this.#parents[at]!) seenFrom[at] = start + 1;
      if (at < 0 || seenFrom[at] !== start + 1) continue;
      for (; !isInLoop[at]; at = this.#parents[at]!) isInLoop[at] = 1;
    }
    return (id) => {
      const number = this.#ids.numberOf(id);
      return number >= 0 && isInLoop[number] === 1;
    };
  }

  close(): void {
    this.#ids.close();
  }

  #numberOf(id: string): number {
    const known = this.#ids.numberOf(id);
    if (known >= 0) return known;
    this.#parents.push(-1);
    return this.#ids.add(id);
  }
}
