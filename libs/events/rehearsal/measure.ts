import { startPostgres } from '@rollbook/postgres';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { follow } from '../inbox.ts';
import { watchOutbox } from '../outbox.ts';
import { countOn, inTransaction, open, openLedger } from './ledger.ts';

/** How fast facts are told, relayed and applied on this machine, on a durable server. `node rehearsal/measure.ts` prints it. */
const home = mkdtempSync(join(tmpdir(), 'rollbook-events-'));
const server = await startPostgres({ dir: join(home, 'data') });
process.env['ROLLBOOK_TEST_POSTGRES'] = server.url('postgres');
const [source, listener] = [await openLedger(), await openLedger()];
const telling = open(source.app, 'telling', 17);
const own = open(listener.app, 'own', 2);
const outbox = watchOutbox(telling);
const facts = 20_000;

async function seconds(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

const told = await seconds(async () => {
  await Promise.all(
    Array.from({ length: 16 }, async (_, w) => {
      for (let n = 0; n < facts / 16; n++) await inTransaction(telling, (client) => countOn(client, `counter ${w}`));
    }),
  );
});

const sentAt = new Map<string, number>();
const delays: number[] = [];
const following = follow({
  source: 'ledger',
  feed: outbox.feed,
  handlers: {
    Counted: async (tx, { id, aggregate, payload }) => {
      const { n } = payload as { n: number };
      await tx.query('insert into heard (aggregate, n, event_id) values ($1, $2, $3)', [aggregate, n, id]);
      const sent = sentAt.get(`${aggregate} ${n}`);
      if (sent) delays.push(performance.now() - sent);
    },
  },
  transaction: (work) => inTransaction(own, (client) => work({ query: async (sql, params) => (await client.query(sql, params)).rows })),
  log: pino({ level: 'silent' }),
});
const until = async (position: number) => {
  while (following.position < position) await new Promise((next) => setTimeout(next, 1));
};
const applied = await seconds(() => until(facts));

for (let n = 1; n <= 500; n++) {
  sentAt.set(`one ${n}`, performance.now());
  await inTransaction(telling, (client) => countOn(client, 'one'));
  await until(facts + n);
}
delays.sort((a, b) => a - b);

console.log(`PostgreSQL durable, ${availableParallelism()} CPUs shared by everything, ${facts} facts
told, one a transaction, 16 connections: ${Math.round(facts / told)}/s
relayed and applied, a backlog, one listener, one insert each: ${Math.round(facts / applied)}/s
from before the transaction that tells to the hand that hears: median ${delays[250]!.toFixed(1)} ms, 99 % ${delays[495]!.toFixed(1)} ms`);

await following.stop();
await outbox.stop();
await Promise.all([telling.end(), own.end()]);
await server.stop();
rmSync(home, { recursive: true });
