import { IdIndex } from '@rollbook/oneroster/idIndex.ts';
import { NumberList } from '@rollbook/oneroster/numberList.ts';
import type { RoleRow } from './mapping.ts';

const numbersPerRole = 5;
const heldPages = 256; // 1 MB: roles come in the order of the users in nearly every file

/**
 * The roles of each user, in the order they came and in a fixed amount of memory, however many users there are (see IdIndex). A role is
 * five numbers: its word, its school, its days, and the role before it of the same user. Of the words each is kept once; they are as many
 * as there are kinds of roles, schools and days.
 */
export class RolesByUser {
  readonly #users = new IdIndex();
  /** For each user's number that of the latest role, counted from 1. */
  readonly #latest = new NumberList(heldPages);
  readonly #roles = new NumberList(heldPages);
  readonly #numberOfWord = new Map<string | null, number>();
  readonly #words: (string | null)[] = [];
  #count = 0;

  add(userSourcedId: string, { role, orgSourcedId, begins, ends }: RoleRow): void {
    const known = this.#users.numberOf(userSourcedId);
    const user = known < 0 ? this.#users.add(userSourcedId) : known;
    const before = this.#latest.at(user);
    const numbers = [...[role, orgSourcedId, begins, ends].map((word) => this.#numberOf(word)), before];
    numbers.forEach((number, at) => this.#roles.set(this.#count * numbersPerRole + at, number));
    this.#latest.set(user, ++this.#count);
  }

  of(userSourcedId: string): RoleRow[] {
    const user = this.#users.numberOf(userSourcedId);
    const found: RoleRow[] = [];
    for (let at = user < 0 ? 0 : this.#latest.at(user); at > 0;) {
      const [role, orgSourcedId, begins, ends, before] = Array.from({ length: numbersPerRole }, (_, n) =>
        this.#roles.at((at - 1) * numbersPerRole + n),
      ) as [number, number, number, number, number];
      const word = (number: number) => this.#words[number]!;
      found.push({ role: word(role)!, orgSourcedId: word(orgSourcedId)!, begins: word(begins), ends: word(ends) });
      at = before;
    }
    return found.reverse();
  }

  close(): void {
    for (const each of [this.#users, this.#latest, this.#roles]) each.close();
  }

  #numberOf(word: string | null): number {
    const known = this.#numberOfWord.get(word);
    if (known !== undefined) return known;
    this.#numberOfWord.set(word, this.#words.length);
    return this.#words.push(word) - 1;
  }
}
