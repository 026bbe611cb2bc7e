/** What is stored: plain data of JSON. `open` as long as a person's work hangs on it; what is not open is only a convenience. */
export interface Stored {
  readonly open: boolean;
}
export type Records = ReadonlyMap<string, Stored>;
/** What a step changes: a record by its key, or null to remove it. */
export type Changes = ReadonlyMap<string, Stored | null>;

/** Where the work of people is kept on this computer. Each person's is a room of its own. */
export interface OutboxStorage {
  /** All records of a person, as they were last made durable. */
  read(person: string): Promise<Records>;
  /**
   * One step, all of it or nothing, that no other step of this person comes between, in whatever tab. `step` sees the records as they are
   * and must not wait. Resolves with the records after it once they are durable; rejects, with nothing changed, when they cannot be.
   */
  update(person: string, step: (records: Records) => Changes): Promise<Records>;
  /** How many other people's work waits here. */
  others(person: string): Promise<number>;
  /** Waits until this outbox is the one that sends this person's work. Two that send do no harm, but double work. */
  lead(person: string, until: AbortSignal): Promise<void>;
  /** Tells when another tab has changed something of this person, or when what was stored was lost; returns how to stop it. */
  watch(person: string, changed: (lost?: boolean) => void): () => void;
  /** A second, fast copy of what was typed, at once and as well as it can; null forgets it. */
  jot?(person: string, key: string, note: object | null): void;
  /** What was jotted and not forgotten. */
  jotted?(person: string): object[];
}

/** The records after a step, and whether anybody's work hangs on some of them. */
export function applied(records: Records, changes: Changes): Map<string, Stored> {
  const after = new Map(records);
  for (const [key, record] of changes)
    if (record) after.set(key, record);
    else after.delete(key);
  return after;
}
export const isOpen = (records: Records): boolean => [...records.values()].some(({ open }) => open);

/** Resolves when a signal is given. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));

/** Keeps nothing beyond the program: for tests, and for pages that may store nothing. Several outboxes on it are like tabs. */
export function memoryStorage(): OutboxStorage {
  const rooms = new Map<string, Records>();
  const watchers = new Map<string, Set<() => void>>();
  const leaders = new Map<string, Promise<void>>();
  const roomOf = (person: string) => rooms.get(person) ?? new Map<string, Stored>();
  return {
    read: async (person) => roomOf(person),
    async update(person, step) {
      const records = roomOf(person);
      // As JSON, like every storage: what a program does later to an object that it gave must not change what was stored.
      const changes = new Map(JSON.parse(JSON.stringify([...step(records)])) as [string, Stored | null][]);
      const after = applied(records, changes);
      rooms.set(person, after);
      if (changes.size) watchers.get(person)?.forEach((changed) => changed());
      return after;
    },
    others: async (person) => [...rooms].filter(([other, records]) => other !== person && isOpen(records)).length,
    lead(person, until) {
      const before = leaders.get(person) ?? Promise.resolve();
      leaders.set(
        person,
        before.then(() => aborted(until)),
      );
      return before;
    },
    watch(person, changed) {
      const watching = watchers.get(person) ?? new Set();
      watchers.set(person, watching.add(changed));
      return () => void watching.delete(changed);
    },
  };
}
