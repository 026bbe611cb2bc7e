import { aborted, applied, isOpen, type Changes, type OutboxStorage, type Records, type Stored } from './storage.ts';

/** As much of a browser as this needs, so that it can be tried without one. */
export interface Browser {
  readonly indexedDB: { open(name: string, version: number): Asked<Database> & { onupgradeneeded: (() => void) | null } };
  readonly IDBKeyRange: { bound(from: unknown, to: unknown): unknown };
  readonly localStorage?: {
    readonly length: number;
    key(n: number): string | null;
    getItem(key: string): string | null;
    setItem(key: string, text: string): void;
    removeItem(key: string): void;
  };
  readonly navigator?: {
    readonly locks?: { request(name: string, options: { signal: AbortSignal }, held: () => Promise<void>): Promise<unknown> };
  };
  readonly BroadcastChannel?: new (name: string) => Channel;
}
interface Channel {
  onmessage: ((event: { data: unknown }) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}
interface Asked<T> {
  readonly result: T;
  readonly error: unknown;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}
interface Database {
  createObjectStore(name: string): unknown;
  transaction(store: string, mode: 'readonly' | 'readwrite', options?: { durability: 'strict' }): Transaction;
  onclose: (() => void) | null;
  onversionchange: (() => void) | null;
  close(): void;
}
interface Transaction {
  readonly error: unknown;
  objectStore(name: string): Store;
  abort(): void;
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
}
interface Store {
  getAll(range?: unknown): Asked<Stored[]>;
  getAllKeys(range?: unknown): Asked<[person: string, key: string][]>;
  put(record: Stored, key: [string, string]): unknown;
  delete(key: [string, string]): unknown;
}

const records = 'records';
const heard = <T>(asked: Asked<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error as Error);
  });

/**
 * Keeps outboxes in a browser: in IndexedDB, each step on the disk before it resolves, and what is typed also in localStorage at once, for
 * the moments between two steps. One tab of a person sends (Web Locks, where the browser has them); the others hear of it.
 *
 * @param name of the database, the same for all pages of the front end
 */
export function browserStorage(name: string, browser: Browser = globalThis as unknown as Browser): OutboxStorage {
  const { IDBKeyRange, localStorage, navigator, BroadcastChannel } = browser;
  const watching = new Map<() => void, { person: string; again: (lost: boolean) => void }>();
  const channel = BroadcastChannel && new BroadcastChannel(name);
  if (channel) channel.onmessage = ({ data }) => tell(data as string, false);
  let database: Promise<Database> | undefined;
  let opened = false;
  let lost = false;

  function tell(person: string | undefined, gone: boolean): void {
    for (const one of watching.values()) if (person === undefined || one.person === person) one.again(gone);
  }

  function connect(): Promise<Database> {
    const asked = browser.indexedDB.open(name, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(records);
      // It was here before: somebody has cleared the data of this site under our feet.
      lost = opened;
    };
    const forget = () => void (database = undefined);
    return heard(asked).then(
      (connected) => {
        opened = true;
        connected.onclose = forget;
        connected.onversionchange = () => {
          connected.close();
          forget();
        };
        return connected;
      },
      (error) => {
        forget();
        throw error;
      },
    );
  }

  /** A transaction on the one store; on a new connection when the old one was closed by the browser. */
  async function begin(mode: 'readonly' | 'readwrite'): Promise<Transaction> {
    for (let again = true; ; again = false)
      try {
        return (await (database ??= connect())).transaction(records, mode, { durability: 'strict' });
      } catch (error) {
        database = undefined;
        if (!again) throw error;
      }
  }

  const rangeOf = (person: string) => IDBKeyRange.bound([person], [person, []]);
  /** Calls back within the transaction: a promise between two requests would end it in old browsers. */
  function readIn(store: Store, person: string, then: (found: Map<string, Stored>) => void): void {
    const keys = store.getAllKeys(rangeOf(person));
    const values = store.getAll(rangeOf(person));
    values.onsuccess = () => then(new Map(keys.result.map(([, key], n) => [key, values.result[n]!])));
  }

  const prefixOf = (person: string) => `${name}/${encodeURIComponent(person)}/`;

  return {
    async read(person) {
      const store = (await begin('readonly')).objectStore(records);
      const [keys, values] = await Promise.all([heard(store.getAllKeys(rangeOf(person))), heard(store.getAll(rangeOf(person)))]);
      return new Map(keys.map(([, key], n) => [key, values[n]!]));
    },

    async update(person: string, step: (found: Records) => Changes) {
      const transaction = await begin('readwrite');
      const store = transaction.objectStore(records);
      let done: Records = new Map();
      let wrote = false;
      await new Promise<void>((resolve, reject) => {
        let fault: unknown;
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject((fault ?? transaction.error) as Error);
        readIn(store, person, (found) => {
          try {
            const changes = step(found);
            for (const [key, record] of changes)
              if (record) store.put(record, [person, key]);
              else store.delete([person, key]);
            done = applied(found, changes);
            wrote = changes.size > 0;
          } catch (error) {
            fault = error;
            transaction.abort();
          }
        });
      });
      if (wrote) channel?.postMessage(person);
      if (lost) tell(undefined, true);
      lost = false;
      return done;
    },

    async others(person) {
      const store = (await begin('readonly')).objectStore(records);
      const [keys, values] = await Promise.all([heard(store.getAllKeys()), heard(store.getAll())]);
      const open = keys.filter(([other], n) => other !== person && isOpen(new Map([['', values[n]!]])));
      return new Set(open.map(([other]) => other)).size;
    },

    lead(person, until) {
      const locks = navigator?.locks;
      if (!locks) return Promise.resolve();
      return new Promise((resolve) => {
        const held = () => {
          resolve();
          return aborted(until);
        };
        // Called off while it waited for another tab; or locks are forbidden here, and two tabs that send do no harm.
        locks.request(prefixOf(person), { signal: until }, held).catch(() => resolve());
      });
    },

    watch(person, again) {
      const stop = () => void watching.delete(stop);
      watching.set(stop, { person, again });
      return stop;
    },

    jot(person, key, note) {
      try {
        if (note) localStorage?.setItem(prefixOf(person) + key, JSON.stringify(note));
        else localStorage?.removeItem(prefixOf(person) + key);
      } catch {
        // Full, or forbidden: the database holds it in a moment.
      }
    },

    jotted(person) {
      const keys = Array.from({ length: localStorage?.length ?? 0 }, (_, n) => localStorage!.key(n)!);
      return keys.filter((key) => key.startsWith(prefixOf(person))).map((key) => JSON.parse(localStorage!.getItem(key)!) as object);
    },
  };
}
