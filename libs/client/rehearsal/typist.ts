import { openOutbox } from '../outbox.ts';
import { fileStorage } from '../fileStorage.ts';

/** A program that types without end, and says of each edit when it is durable. Its graph never answers. */
const [dir = '', from = '0'] = process.argv.slice(2);
const storage = await fileStorage(dir);
const graph = { request: () => new Promise<never>(() => undefined) };
const outbox = await openOutbox({ storage, graph, person: 'miller', gatherMs: 1 });
for (let n = Number(from); ; n++) {
  const cell = { kind: 'mark', sectionId: `s${n % 3}`, gradingPeriodId: 'g', studentId: `${n % 40}` } as const;
  const stored = outbox.edit(cell, { value: String(n), comment: 'x'.repeat(n % 2_000) }, { revision: 0 });
  void stored.then(() => process.send!([n, cell]));
  if (n % 4 === 0) await stored;
}
