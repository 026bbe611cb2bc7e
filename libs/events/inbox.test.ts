import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Pool } from '@rollbook/postgres';
import { pino } from 'pino';
import { follow, type Handlers } from './inbox.ts';
import { pause, tell, watchOutbox, type Feed } from './outbox.ts';
import { faultsIn, heardIn, inTransaction, open, openLedger, type Ledger } from './rehearsal/ledger.ts';

const never = new AbortController().signal;
const log = pino({ level: 'silent' });
interface Tx {
  query<Row>(sql: string, params: unknown[]): Promise<Row[]>;
}

let source: Ledger;
let listener: Ledger;
let telling: Pool;
let own: Pool;
let outbox: ReturnType<typeof watchOutbox>;
beforeAll(async () => {
  source = await openLedger();
  listener = await openLedger();
  telling = open(source.app, 'telling', 4);
  own = open(listener.app, 'own', 8);
  outbox = watchOutbox(telling);
});
afterAll(async () => {
  await outbox.stop();
  await Promise.all([telling.end(), own.end()]);
  await Promise.all([source.drop(), listener.drop()]);
});
beforeEach(async () => {
  await telling.query('delete from outbox');
  await own.query('delete from heard; delete from inbox; delete from feed_position');
});

const say = (...ns: number[]) =>
  tell((sql, params) => telling.query(sql, params), ns.map((n) => ({ type: 'Counted', aggregate: 'a', payload: { n } }))); // prettier-ignore
const write: Handlers<Tx>[string] = async (tx, { id, aggregate, payload }) => {
  await tx.query('insert into heard (aggregate, n, event_id) values ($1, $2, $3)', [aggregate, (payload as { n: number }).n, id]);
};
const start = (handlers: Handlers<Tx> = { Counted: write }, feed: Feed = outbox.feed) =>
  follow<Tx>({
    source: 'ledger',
    feed,
    handlers,
    transaction: (work) => inTransaction(own, (client) => work({ query: async (sql, params) => (await client.query(sql, params)).rows })),
    log,
  });
const heard = async () => (await heardIn(own)).map(({ n }) => n);
async function until(true_: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await true_())) await pause(5, never);
}

test('what was told is applied, and what is told later as well', async () => {
  await say(1, 2);
  const following = start();
  await until(() => following.position === 2);
  await say(3);
  await until(() => following.position === 3);
  expect(await heard()).toEqual([1, 2, 3]);
  expect(following.trouble).toBeNull();
  await following.stop();
});

test('after an end it goes on behind the last event that was applied', async () => {
  await say(1, 2);
  const first = start();
  await until(() => first.position === 2);
  await first.stop();
  await say(3);
  const second = start();
  await until(() => second.position === 3);
  await second.stop();
  expect(await heard()).toEqual([1, 2, 3]);
});

test('a feed that repeats itself changes nothing: each event is applied once', async () => {
  await say(1, 2, 3);
  let asked = 0;
  const forgetful: Feed = (after, ...rest) => outbox.feed(asked++ < 5 ? 0 : after, ...rest);
  const following = start({ Counted: write }, forgetful);
  await until(() => asked > 5);
  await following.stop();
  expect(await heard()).toEqual([1, 2, 3]);
});

test('events of a kind it does not know are passed over', async () => {
  await tell((sql, params) => telling.query(sql, params), [{ type: 'Sung', aggregate: 'a', payload: {} }]);
  await say(1);
  const following = start();
  await until(() => following.position === 2);
  await following.stop();
  expect(await heard()).toEqual([1]);
});

test('one that cannot be applied holds back those behind it, not those before it, and is tried until it can', async () => {
  await say(1, 2, 3, 4, 5);
  let tries = 0;
  let repaired = false;
  const following = start({
    Counted: async (tx, event) => {
      await write(tx, event);
      if ((event.payload as { n: number }).n === 3 && !repaired) {
        tries++;
        throw new Error('section 3 is not known yet');
      }
    },
  });
  await until(() => tries >= 3);
  expect(await heard()).toEqual([1, 2]);
  await until(() => following.trouble !== null);
  expect(following.trouble).toBe('section 3 is not known yet');
  await until(() => following.position === 2); // and it says how far it is
  repaired = true;
  await until(() => following.position === 5);
  await until(() => following.trouble === null);
  expect(await heard()).toEqual([1, 2, 3, 4, 5]);
  await following.stop();
});

test('an error of the database inside a hand undoes the whole of its event', async () => {
  await say(1);
  let tries = 0;
  const following = start({
    Counted: async (tx, event) => {
      await write(tx, event);
      if (++tries < 3) await tx.query('select 1 / 0', []).catch(() => undefined); // even when the hand swallows it
    },
  });
  await until(() => following.position === 1);
  await following.stop();
  expect([tries, await heard()]).toEqual([3, [1]]);
});

test('while its source cannot be asked it says so, and goes on when it can', async () => {
  await say(1);
  let down = true;
  const following = start({ Counted: write }, (...request) =>
    down ? Promise.reject(new Error('ledger answered 503')) : outbox.feed(...request),
  );
  await until(() => following.trouble === 'ledger answered 503');
  down = false;
  await until(() => following.position === 1);
  await until(() => following.trouble === null);
  await following.stop();
});

test('connections that are lost while it applies are replaced, and nothing is applied twice', async () => {
  const following = start();
  let killing = true;
  const killer = (async () => {
    while (killing) {
      await own
        .query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`)
        .catch(() => undefined);
      await pause(15, never);
    }
  })();
  for (let n = 1; n <= 200; n++) {
    await say(n);
    if (n % 20 === 0) await pause(10, never);
  }
  killing = false;
  await killer;
  await until(() => following.position === 200);
  await following.stop();
  expect(faultsIn(await heardIn(own))).toEqual([]);
  expect(await heard()).toHaveLength(200);
});

test('it ends at once while it waits, and after its present event when it applies one', async () => {
  const idle = start();
  await until(async () => (await own.query('select 1')).rowCount === 1);
  await idle.stop();
  await say(1, 2);
  let begun!: () => void;
  const inside = new Promise<void>((done) => (begun = done));
  const busy = start({
    Counted: async (tx, event) => {
      begun();
      await pause(50, never);
      await write(tx, event);
    },
  });
  await inside;
  await busy.stop();
  expect(await heard()).toEqual([1, 2]);
});
