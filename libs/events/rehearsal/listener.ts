import { pino } from 'pino';
import { follow } from '../inbox.ts';
import { watchOutbox } from '../outbox.ts';
import { inTransaction, open } from './ledger.ts';

/**
 * A process that hears a ledger and writes it down. Arguments: the database it hears, its own, and where it kills itself: a step, and
 * at which time it comes there.
 */
const [source, own, step = '', time = '0'] = process.argv.slice(2) as [string, string, string?, string?];
export const steps = ['before reading', 'after reading', 'inside the transaction', 'before the commit', 'after the commit'] as const;

process.once('disconnect', () => process.exit()); // never outlives its test
let times = 0;
function at(here: (typeof steps)[number]): void {
  if (here === step && ++times === Number(time)) process.kill(process.pid, 'SIGKILL');
}

const outbox = watchOutbox(open(source, 'listener reads'));
const pool = open(own, 'listener writes');
follow({
  source: 'ledger',
  feed: async (...request) => {
    at('before reading');
    const events = await outbox.feed(...request);
    if (events.length) at('after reading');
    return events;
  },
  handlers: {
    Counted: async (tx, { id, aggregate, payload }) => {
      await tx.query('insert into heard (aggregate, n, event_id) values ($1, $2, $3)', [aggregate, (payload as { n: number }).n, id]);
      at('inside the transaction');
    },
  },
  transaction: async (work) => {
    const result = await inTransaction(
      pool,
      (client) => work({ query: async (sql, params) => (await client.query(sql, params)).rows }),
      () => at('before the commit'),
    );
    at('after the commit');
    return result;
  },
  log: pino({ level: 'silent' }),
});
