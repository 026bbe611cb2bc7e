import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { cloneDatabase } from '@rollbook/postgres/testing.ts';
import { openPool, type DatabaseUrls } from '@rollbook/postgres';
import { migrate, migrationsOf } from '@rollbook/subgraph/migrate.ts';
import type { TestSubgraph } from '@rollbook/subgraph/testing.ts';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scheduling } from '../../subgraph.ts';
import { counselor, id, north, openSchools, openSection, principal, southPrincipal } from '../../testing.ts';
import { useEngine } from './running.ts';

const home = mkdtempSync(join(tmpdir(), 'rollbook-runs-'));
const orders = join(home, 'orders');
const standIn = new URL(`./standIn.testing.ts?orders=${orders}`, import.meta.url).href;
const library = new URL('./engine.ts', import.meta.url).href;

let database: DatabaseUrls & { drop(): Promise<void> };
let service: TestSubgraph;
let section: string;
let plans = 0;
/** Milliseconds until something that is waited for is taken not to come, on a machine with other work to do. */
const patience = 45_000;
/** Of a test that waits for several things, two processes among them. */
const severalTimes = 5 * patience;
const children = new Set<ChildProcess>();
beforeAll(async () => {
  const version = migrationsOf(scheduling)
    .map(({ sql }) => sql)
    .join('\n');
  database = await cloneDatabase(scheduling.name, version, (fresh) => migrate(scheduling, fresh));
  service = await openSchools({ urls: database });
  section = await openSection(service, { number: 'A1', seatLimit: 30 });
  await service.sql(`insert into request_sheet (id, school_id, student_id, school_year) values ($1, $2, $3, 2027)`, [
    id('sheet', 1),
    north,
    id('student', 1),
  ]);
  await service.sql(
    `insert into course_request (id, sheet_id, school_id, student_id, school_year, course_id, priority, place, source) values ($5, $1, $2, $3, 2027, $4, 1, 1, 'ENTERED')`,
    [id('sheet', 1), north, id('student', 1), id('course', 1), id('request', 1)],
  );
});
beforeEach(() => {
  useEngine(standIn);
  writeFileSync(orders, 'go on');
});
afterEach(async () => {
  for (const child of children) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});
afterAll(async () => {
  await service.close();
  await database.drop();
  rmSync(home, { recursive: true });
});

const verb = (name: string, answer = 'id') =>
  `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${answer} } }`;
const does = async (name: string, input: object, answer?: string) => (await service.data(counselor, verb(name, answer), { input }))[name];
const code = (name: string, input: object) => service.code(counselor, verb(name), { input });

const plan = (): Promise<string> =>
  does('addScenario', { schoolId: north, schoolYear: 2027, name: `Plan ${++plans}` }).then((made) => made.id);
const start = (scenarioId: string, more: object = {}): Promise<string> =>
  does('startRun', { scenarioId, kind: 'BUILD', seconds: 600, ...more }).then((run) => run.id);
const look = `status best bound unmet secondsLeft gapPercent checkpointAt failure applied endedAt startedBy { id } scenario { revision }`;
const seen = async (run: string) => (await service.data(counselor, `{ scheduleRun(id: "${run}") { ${look} } }`))['scheduleRun'];
/** What the database says, without taking the run up by asking for it. */
const stored = async (run: string) =>
  (
    await service.sql(
      `select status, attempts, checkpoint_at, (checkpoint ->> 'done')::int as done, best from schedule_run where id = $1`,
      [run],
    )
  )[0]!;
/** Asks again until it holds. How long that takes is the machine's affair; the test's own limit ends what never comes. */
async function until<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  for (const deadline = Date.now() + patience; Date.now() < deadline;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`It did not come so far: ${JSON.stringify(await ask())}`);
}
const over = (run: string) =>
  until(
    () => seen(run),
    ({ endedAt }) => endedAt !== null,
  );
const meetings = async (scenarioId: string) =>
  (
    await service.data(
      counselor,
      `{ scenario(id: "${scenarioId}") { revision sections { nodes { meetings { period { name } } seatsTaken } } changes { nodes { id what madeBy { id } } } } }`,
    )
  )['scenario'];

describe('a run', () => {
  test('tells how far it is, keeps its best, and in the end its proposal is in the scenario as one change that can be taken back', async () => {
    const scenario = await plan();
    const run = await start(scenario);
    const going = await until(
      () => seen(run),
      ({ best, checkpointAt }) => best > 1 && checkpointAt !== null,
    );
    expect(going).toMatchObject({
      status: 'RUNNING',
      bound: 1_000_000,
      unmet: 1,
      secondsLeft: 600,
      applied: false,
      startedBy: { id: counselor.subject },
    });
    expect((await seen(run)).gapPercent).toBeCloseTo(100 - going.best / 10_000, 1);
    const further = await until(
      () => stored(run),
      ({ done }) => done > 40,
    );
    expect(further['checkpoint_at']).not.toBeNull();
    expect(await meetings(scenario)).toMatchObject({ revision: 0, sections: { nodes: [{ meetings: null }] } });

    writeFileSync(orders, 'end');
    expect(await over(run)).toMatchObject({ status: 'DONE', unmet: 0, applied: true, secondsLeft: 0, failure: null });
    const after = await meetings(scenario);
    expect(after).toMatchObject({
      revision: 1,
      sections: { nodes: [{ meetings: [{ period: { name: '3' } }, { period: { name: '3' } }], seatsTaken: 1 }] },
    });
    expect(after.changes.nodes).toEqual([
      { id: expect.any(String), what: 'Built: 1 sections placed, 1 students seated', madeBy: { id: counselor.subject } },
    ]);
    await does('undoScenarioChange', { scenarioId: scenario, changeId: after.changes.nodes[0].id });
    expect(await meetings(scenario)).toMatchObject({ revision: 2, sections: { nodes: [{ meetings: null, seatsTaken: 0 }] } });
  });

  test('whose scenario was changed meanwhile waits to be applied by somebody who knows', async () => {
    const scenario = await plan();
    const run = await start(scenario);
    await does('changeScenarioSection', { scenarioId: scenario, sectionId: section, revision: 0, seats: 7 }, 'revision');
    expect(await code('applyRun', { runId: run, baseRevision: 1 })).toBe('NOTHING_PROPOSED');
    writeFileSync(orders, 'end');
    expect(await over(run)).toMatchObject({ status: 'DONE', applied: false });
    expect(await meetings(scenario)).toMatchObject({ revision: 1, sections: { nodes: [{ meetings: null }] } });
    expect(await code('applyRun', { runId: run, baseRevision: 0 })).toBe('CHANGED_MEANWHILE');
    await does('applyRun', { runId: run, baseRevision: 1 });
    expect(await meetings(scenario)).toMatchObject({ revision: 2, sections: { nodes: [{ meetings: [{}, {}] }] } });
  });

  test('is one at a time on a scenario, and only the school’s own', async () => {
    const scenario = await plan();
    const run = await start(scenario);
    expect(await code('startRun', { scenarioId: scenario, kind: 'LOAD', seconds: 5 })).toBe('RUNNING_ALREADY');
    expect(await service.data(southPrincipal, `{ scheduleRun(id: "${run}") { id } }`)).toEqual({ scheduleRun: null });
    expect(await service.code(southPrincipal, verb('cancelRun'), { input: { runId: run } })).toBe('NOT_FOUND');
    await does('cancelRun', { runId: run });
    expect(await code('cancelRun', { runId: run })).toBe('RUN_OVER');
    expect(await code('startRun', { scenarioId: scenario, kind: 'LOAD', seconds: 0 })).toBe('SECONDS_INVALID');
  });

  test.each(['go on', 'deaf'])('that is cancelled keeps its best, also when the work does not listen (%s)', async (order) => {
    writeFileSync(orders, order);
    const scenario = await plan();
    const run = await start(scenario);
    await until(
      () => stored(run),
      ({ done }) => done > 10,
    );
    expect(await does('cancelRun', { runId: run }, 'status applied')).toEqual({ status: 'CANCELLED', applied: false });
    expect((await seen(run)).best).toBeGreaterThan(10);
    await does('applyRun', { runId: run, baseRevision: 0 });
    expect(await meetings(scenario)).toMatchObject({ revision: 1, sections: { nodes: [{ meetings: [{}, {}], seatsTaken: 1 }] } });
  });

  test('that is cancelled while the school is still read is over at once', async () => {
    const owner = openPool(database.owner, { max: 1, name: 'test' });
    const scenario = await plan();
    const client = await owner.connect();
    try {
      await client.query('begin');
      await client.query('lock table request_sheet');
      const starting = start(scenario);
      const [run] = await until(
        () => service.sql(`select id from schedule_run where scenario_id = $1 and status = 'RUNNING'`, [scenario]),
        (rows) => rows.length > 0,
      );
      expect(await does('cancelRun', { runId: run!['id'] }, 'status')).toEqual({ status: 'CANCELLED' });
      await client.query('commit');
      expect(await starting).toBe(run!['id']);
      expect(await stored(run!['id'] as string)).toMatchObject({ status: 'CANCELLED', best: null });
      expect(await code('applyRun', { runId: run!['id'], baseRevision: 0 })).toBe('NOTHING_PROPOSED');
    } finally {
      client.release();
      await owner.end();
    }
  });

  test('that breaks ends as failed, with the reason, and leaves the scenario as it was', async () => {
    const scenario = await plan();
    writeFileSync(orders, 'break');
    expect(await over(await start(scenario))).toMatchObject({ status: 'FAILED', failure: 'The run broke: out of ideas', applied: false });
    expect(await meetings(scenario)).toMatchObject({ revision: 0 });
  });

  test('for which the disk has no room ends as failed and says so; what was kept before is not lost', async () => {
    const owner = openPool(database.owner, { max: 1, name: 'test' });
    const scenario = await plan();
    const run = await start(scenario);
    await until(
      () => stored(run),
      ({ done }) => done > 1,
    );
    await owner.query(`create function no_room() returns trigger language plpgsql as $$ begin
      if new.checkpoint is distinct from old.checkpoint then raise exception 'no space left on device' using errcode = '53100'; end if; return new; end $$`);
    await owner.query('create trigger no_room before update on schedule_run for each row execute function no_room()');
    try {
      const { status, failure } = await over(run);
      expect({ status, failure }).toEqual({
        status: 'FAILED',
        failure: expect.stringContaining('The disk that holds the database is full'),
      });
      expect((await stored(run)).done).toBeGreaterThan(1);
      expect(await meetings(scenario)).toMatchObject({ revision: 0 });
    } finally {
      await owner.query('drop trigger no_room on schedule_run');
      await owner.end();
    }
  });
});

describe('a service that is killed', () => {
  async function otherService(): Promise<(query: string) => Promise<{ startRun: { id: string } }>> {
    const child = fork(new URL('./service.testing.ts', import.meta.url), [database.app, database.owner, standIn], {
      execArgv: [],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    children.add(child);
    child.once('exit', () => children.delete(child));
    await once(child, 'message');
    return async (query) => {
      child.send({ viewer: principal, query });
      const [answer] = (await once(child, 'message')) as [{ data: { startRun: { id: string } }; errors?: unknown }];
      expect(answer.errors).toBeUndefined();
      return answer.data;
    };
  }
  const killAll = async () => {
    for (const child of children) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  };

  test(
    'leaves a run that another one goes on with from the checkpoint, and never two at once',
    async () => {
      const scenario = await plan();
      const ask = await otherService();
      const { startRun } = await ask(`mutation { startRun(input: { scenarioId: "${scenario}", kind: BUILD, seconds: 600 }) { id } }`);
      await until(
        () => stored(startRun.id),
        ({ done }) => done > 1,
      );
      // Asked for here, it stays there.
      expect(await seen(startRun.id)).toMatchObject({ status: 'RUNNING' });
      expect((await stored(startRun.id))['attempts']).toBe(1);
      await killAll();

      // So far that no run from the beginning gets there while this test lasts.
      const kept = 500_000;
      await service.sql(`update schedule_run set checkpoint = jsonb_set(checkpoint, '{done}', to_jsonb($2::int)) where id = $1`, [
        startRun.id,
        kept,
      ]);
      // Both see it left at the same moment.
      const again = await otherService();
      const asking = `{ scheduleRun(id: "${startRun.id}") { status } }`;
      await until(
        async () => (await Promise.all([seen(startRun.id), again(asking)])) && stored(startRun.id),
        ({ attempts }) => attempts > 1,
      );
      await until(
        () => stored(startRun.id),
        ({ done }) => done > kept,
      );
      expect(await stored(startRun.id)).toMatchObject({ attempts: 2, status: 'RUNNING' });
      const [{ best }] = (await service.sql('select best from schedule_run where id = $1', [startRun.id])) as [{ best: number }];
      expect(best).toBeGreaterThan(kept);
      writeFileSync(orders, 'end');
      expect(await over(startRun.id)).toMatchObject({ status: 'DONE', applied: true });
      expect(await meetings(scenario)).toMatchObject({ revision: 1, changes: { nodes: [{ madeBy: { id: principal.subject } }] } });
    },
    severalTimes,
  );

  test(
    'leaves it to a service that nobody has asked for it',
    async () => {
      const ask = await otherService();
      const { startRun } = await ask(`mutation { startRun(input: { scenarioId: "${await plan()}", kind: BUILD, seconds: 600 }) { id } }`);
      await until(
        () => stored(startRun.id),
        ({ done }) => done > 1,
      );
      await killAll();
      await until(
        () => stored(startRun.id),
        ({ attempts }) => attempts === 2,
      );
      writeFileSync(orders, 'end');
      await until(
        () => stored(startRun.id),
        ({ status }) => status === 'DONE',
      );
    },
    severalTimes,
  );

  test('or one that is alive is told by another that a run shall end', async () => {
    const scenario = await plan();
    const ask = await otherService();
    const { startRun } = await ask(`mutation { startRun(input: { scenarioId: "${scenario}", kind: BUILD, seconds: 600 }) { id } }`);
    await until(
      () => stored(startRun.id),
      ({ done }) => done > 1,
    );
    await does('cancelRun', { runId: startRun.id }, 'status');
    expect(await over(startRun.id)).toMatchObject({ status: 'CANCELLED' });
  });
});

test('the library builds and loads: sections get their places, and whoever asked gets a seat', async () => {
  useEngine(library);
  const scenario = await plan();
  expect(await over(await start(scenario, { kind: 'BUILD', seconds: 1, seed: 7 }))).toMatchObject({
    status: 'DONE',
    applied: true,
    unmet: 0,
    best: 10_000,
    bound: 10_000,
  });
  expect(await meetings(scenario)).toMatchObject({ sections: { nodes: [{ meetings: [{}, {}], seatsTaken: 1 }] } });
  await does('setScenarioSeats', { scenarioId: scenario, studentId: id('student', 1), sectionIds: [], seenSectionIds: [section] });
  expect(await over(await start(scenario, { kind: 'LOAD', seconds: 1 }))).toMatchObject({ status: 'DONE', applied: true, unmet: 0 });
  expect(await meetings(scenario)).toMatchObject({ sections: { nodes: [{ seatsTaken: 1 }] } });
  const { scenario: seen } = await service.data(counselor, `{ scenario(id: "${scenario}") { faults { code } } }`);
  expect(seen.faults).toEqual([]);
});
