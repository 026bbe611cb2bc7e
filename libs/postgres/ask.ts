import { createRequire } from 'node:module';
import pg from 'pg';
import type { PoolClient } from './pool.ts';

/** A named statement is prepared once for each connection; without a name it is parsed each time. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * The rows of one statement. What columns a named statement answers is asked once for each connection, and read once: said again with
 * every answer, it was a good part of what a service does for a class list.
 */
export async function ask<Row>(client: PoolClient, { name, text, values }: Statement): Promise<Row[]> {
  const config = { text, values: [...values], ...(name && { name }) };
  try {
    return await new Promise<Row[]>((answered, failed) => {
      const asked = new Asked(config, (error, result) => (error ? failed(error) : answered(result!.rows as Row[])));
      client.query(asked as unknown as pg.Submittable);
    });
  } catch (error) {
    Error.captureStackTrace(error as Error); // with the place that asked, not that of the socket which brought the answer
    throw error;
  }
}

/** The parts of pg's Query, Result and Connection that the columns pass through (pg 8.23; pool.test.ts fails when they change). */
interface Columns {
  fields: unknown;
  _parsers: unknown;
  _prebuiltEmptyResultObject: unknown;
}
interface Wire {
  bind(options: object): void;
  execute(options: object): void;
  sync(): void;
}
interface QueryParts {
  name: string | undefined;
  values: unknown[];
  _result: Columns;
  _accumulateRows: boolean;
  prepare(connection: Wire): void;
  handleRowDescription(message: object): void;
}
type Answered = (error: Error | null, result?: { rows: unknown[] }) => void;
const Query = pg.Query as unknown as new (config: object, answered: Answered) => QueryParts;
const { prepareValue } = createRequire(import.meta.url)('pg/lib/utils.js') as { prepareValue(value: unknown): unknown };

const known = new WeakMap<Wire, Map<string, Columns>>();

class Asked extends Query {
  #connection: Wire | undefined;

  override prepare(connection: Wire): void {
    this.#connection = connection;
    const columns = this.name && known.get(connection)?.get(this.name);
    if (!columns) return super.prepare(connection);
    Object.assign(this._result, columns);
    this._accumulateRows = true;
    connection.bind({ portal: '', statement: this.name, values: this.values, valueMapper: prepareValue });
    connection.execute({ portal: '' });
    connection.sync();
  }

  override handleRowDescription(message: object): void {
    super.handleRowDescription(message);
    if (!this.name || !this.#connection) return;
    const { fields, _parsers, _prebuiltEmptyResultObject } = this._result;
    const statements = known.get(this.#connection) ?? new Map<string, Columns>();
    known.set(this.#connection, statements.set(this.name, { fields, _parsers, _prebuiltEmptyResultObject }));
  }
}
