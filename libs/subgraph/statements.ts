import { ask, inOnePacket, type Pool, type Statement } from '@rollbook/postgres';
import type { Viewer } from '@rollbook/school';

/** One statement that is a unit of work of its own: the hot path of a save. */
export interface OneStatement {
  readonly viewer: Viewer;
  readonly statement: Statement;
  /**
   * What it locks, when it may share a transaction with others: statements that lock in the order of these texts never wait for one
   * another in a circle. Without it, it goes alone.
   */
  readonly locks?: string | undefined;
}

interface Waiting {
  readonly work: OneStatement;
  done(rows: unknown[]): void;
  failed(error: unknown): void;
}

/** The most statements in one transaction. */
const together = 16;

/** A transaction at work for longer than this may be waiting for somebody's lock: the next ones go past it on another connection. */
const patienceMs = 10;

/**
 * Runs statements, each in its viewer's name, each answered once it is committed. When nothing is at work a statement goes alone, in
 * one packet. Those that come meanwhile go together: one transaction and one flush to disk for up to 16 saves of different people, once
 * the one at work is done, has taken long, or 16 are there. When one of them fails, nothing of the 16 was kept, and each is run again by
 * itself.
 */
export function statementsOn(
  pool: Pool,
  options: { connections: number; setViewer(viewer: Viewer): Statement; isLost(error: unknown): boolean },
) {
  const { connections, setViewer, isLost } = options;
  const waiting: Waiting[] = [];
  let busy = 0;
  let lastBegunMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  async function transaction(works: readonly OneStatement[]): Promise<unknown[][]> {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      inOnePacket(client);
      const begun = client.query('begin');
      const rows = works.map((work) => [ask(client, setViewer(work.viewer)), ask<unknown>(client, work.statement)] as const);
      const outcomes = await Promise.allSettled([begun, ...rows.flat(), client.query('commit')]);
      const fault = outcomes.find((outcome) => outcome.status === 'rejected');
      if (fault) throw fault.reason;
      return await Promise.all(rows.map(([, answered]) => answered));
    } catch (error) {
      if (isLost(error)) broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async function share(works: Waiting[]): Promise<void> {
    const [first] = works as [Waiting];
    if (works.length === 1) return void (await transaction([first.work]).then(([rows]) => first.done(rows!), first.failed));
    const inOrder = works.toSorted((a, b) => (a.work.locks! < b.work.locks! ? -1 : 1));
    try {
      const rows = await transaction(inOrder.map(({ work }) => work));
      inOrder.forEach(({ done }, i) => done(rows[i]!));
    } catch (error) {
      // Whether a lost connection had committed nobody knows: who sent it asks again with the same save's id.
      if (isLost(error)) inOrder.forEach(({ failed }) => failed(error));
      else for (const each of inOrder) await share([each]);
    }
  }

  /** How many from the first on may share; 0 when the first goes alone. */
  function sharing(): number {
    const alone = waiting.findIndex(({ work }) => work.locks === undefined);
    return Math.min(together, alone < 0 ? waiting.length : alone);
  }

  function fill(): void {
    while (busy < connections && waiting.length) {
      const count = sharing();
      const impatientInMs = lastBegunMs + patienceMs - performance.now();
      if (busy && count && count < together && impatientInMs > 0) {
        timer ??= setTimeout(() => ((timer = undefined), fill()), impatientInMs);
        return;
      }
      busy++;
      lastBegunMs = performance.now();
      void share(waiting.splice(0, count || 1)).finally(() => {
        busy--;
        fill();
      });
    }
  }

  return (work: OneStatement): Promise<unknown[]> =>
    new Promise((done, failed) => {
      waiting.push({ work, done, failed });
      fill();
    });
}
