/** Five ways to break the promise, around the real system: the checker must find each. */
import type { Ask, Server } from './databases.ts';
import type { Fault } from './faults.ts';
import { verbOf, type SaveInput } from './history.ts';
import type { Answered, Forward } from './proxy.ts';

export interface Variant {
  readonly name: string;
  readonly faults: readonly Fault[];
  /** Breaks the databases of the run. */
  readonly prepare?: (server: Server) => Promise<void>;
  /** Answers in the graph's place. */
  readonly inPlace?: (body: string, forward: Forward) => Promise<Answered>;
  /** Teachers' programs send each attempt under an id of its own. */
  readonly forgetsSaveIds?: boolean;
}

/** Says "saved" at once and forwards afterwards, once. */
async function acknowledgeFromMemory(body: string, forward: Forward): Promise<Answered> {
  const { query, variables } = JSON.parse(body) as { query: string; variables: { input: SaveInput } };
  const verb = verbOf(query);
  if (!verb) return forward();
  void forward().catch(() => undefined);
  const { input } = variables;
  const saved = { outcome: 'SAVED', code: null, message: null, current: null };
  const rows = (input.cells ?? []).map((cell) => ({ ...cell, ...saved, revision: cell.baseRevision + 1 }));
  const answer = {
    ...saved,
    replayed: false,
    receivedAt: '2026-11-18T18:00:00Z',
    revision: (input.baseRevision ?? 0) + 1,
    rows,
    roll: null,
  };
  const text = JSON.stringify({ data: { [verb]: answer } });
  return { status: 200, text, headers: { 'content-type': 'application/json' } };
}

/** Puts a function of a database in place again, with its text changed. */
async function change(ask: Ask, service: string, name: string, from: RegExp, to: string): Promise<void> {
  const [found] = await ask<{ text: string }>(service, 'select pg_get_functiondef(oid) as text from pg_proc where proname = $1', [name]);
  const changed = found!.text.replace(from, to);
  if (changed === found!.text) throw new Error(`${name} is no longer what this variant breaks; look for the new place.`);
  await ask(service, changed);
}

const saves = ['save_marks', 'save_scores'];

async function lastWriteWins({ ask }: Server): Promise<void> {
  for (const name of saves) await change(ask, 'grading', name, / and m\.revision = c\.base/, '');
}

/** The receipt is committed by another connection, before the cells are written. */
async function receiptApart({ ask, url }: Server): Promise<void> {
  const { username, password, port } = new URL(url('rollbook_grading'));
  const connection = `host=127.0.0.1 port=${port} dbname=rollbook_grading user=${username} password=${password}`;
  await ask('grading', 'create extension if not exists dblink');
  await ask(
    'grading',
    `create function receipt_apart() returns trigger language plpgsql security definer as $$ begin
       if pg_has_role(session_user, 'pg_read_all_data', 'member') then return new; end if;
       perform dblink_exec('${connection}', format('insert into save select * from json_populate_record(null::save, %L)', to_json(new)));
       perform pg_sleep(0.05);
       return null;
     end $$`,
  );
  await ask('grading', 'create trigger receipt_apart before insert on save for each row execute function receipt_apart()');
  const inOne = /(insert into save \([^;]*on conflict \(id\) do nothing;)\s*if not found then([^;]*;\s*return;\s*end if;)/;
  for (const name of saves) await change(ask, 'grading', name, inOne, 'if exists (select from save s where s.id = p_save) then$2\n$1');
}

/** After the services have looked: they would refuse to serve. */
async function commitLater({ ask }: Server): Promise<void> {
  await ask('postgres', 'alter system set synchronous_commit = off');
  await ask('postgres', 'select pg_reload_conf()');
}

const unsafeWay: readonly Fault[] = ['drop answer', 'reset', 'drop request', 'duplicate'];

export const variants: readonly Variant[] = [
  { name: 'acknowledge-from-memory', faults: ['kill part', 'terminate backends', 'delay'], inPlace: acknowledgeFromMemory },
  { name: 'retry-without-key', faults: unsafeWay, forgetsSaveIds: true },
  { name: 'receipt-in-another-transaction', faults: ['terminate backends'], prepare: receiptApart },
  { name: 'synchronous-commit-off', faults: ['kill postgres'], prepare: commitLater },
  { name: 'last-write-wins', faults: ['delay', 'drop answer'], prepare: lastWriteWins },
];
