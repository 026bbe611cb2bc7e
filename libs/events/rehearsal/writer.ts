import { countOn, inTransaction, open } from './ledger.ts';

/**
 * A process that counts until `count` of its facts are told; started again after it was killed, it goes on where its database says it
 * was. Arguments: the database, its own name, how many, the counters it shares with others.
 */
const [url, name, count, ...counters] = process.argv.slice(2) as [string, string, string, ...string[]];
process.once('disconnect', () => process.exit()); // never outlives its test,
process.channel?.unref(); // and does not wait for it when it is done
const pool = open(url, name, 1);
const { rows } = await pool.query<{ n: number }>(`select count(*)::int as n from outbox where payload ->> 'by' = $1`, [name]);
for (let n = rows[0]!.n; n < Number(count); n++) {
  const counter = counters[n % counters.length]!;
  await inTransaction(pool, async (client) => {
    // Every third transaction has its number in the server long before it writes, as one that waited for something has.
    if (n % 3 === 0) await client.query('select pg_current_xact_id(), pg_sleep(random() * 0.004)');
    await countOn(client, counter, name);
  });
}
await pool.end();
