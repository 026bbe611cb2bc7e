import { parse, type OperationDefinitionNode } from 'graphql';
import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { TurnedAway } from './incoming.ts';
import type { OwnOperation } from './warmUp.ts';

/** What a development system offers that a district's own must not: tokens for the asking, and a page to try the graph on. */
export interface Development {
  /** Who can sign in, for the explorer's menu. */
  signIns(): Promise<readonly { readonly name: string; readonly description: string; readonly token: string }[]>;
  /** Values for the variables of operations, by the variable's name: `{ date: '2026-11-18' }`, a school day with something to see. */
  defaults?(): Promise<Readonly<Record<string, unknown>>>;
}

const require = createRequire(import.meta.url);
const installed = (name: string, path: string) => join(dirname(require.resolve(`${name}/package.json`)), path);
const own = (file: string) => join(import.meta.dirname, 'explorer', file);

/** The page, GraphiQL and what it needs, served from here: a school's network may not reach a CDN. */
const files: Readonly<Record<string, { file: string; type: string }>> = {
  '/': { file: own('page.html'), type: 'text/html' },
  '/explorer/page.js': { file: own('page.js'), type: 'text/javascript' },
  '/explorer/page.css': { file: own('page.css'), type: 'text/css' },
  '/explorer/react.js': { file: installed('react', 'umd/react.production.min.js'), type: 'text/javascript' },
  '/explorer/react-dom.js': { file: installed('react-dom', 'umd/react-dom.production.min.js'), type: 'text/javascript' },
  '/explorer/graphiql.js': { file: installed('graphiql', 'graphiql.min.js'), type: 'text/javascript' },
  '/explorer/graphiql.css': { file: installed('graphiql', 'graphiql.min.css'), type: 'text/css' },
};

const headers = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // GraphiQL sets styles on elements, and has its fonts and images inline; scripts come from files only.
  'content-security-policy':
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** Answers the explorer's own addresses; false for any other. Development systems only. */
export async function explorer(
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
  { development, operations }: { development: Development; operations: readonly OwnOperation[] },
): Promise<boolean> {
  const file = Object.hasOwn(files, pathname) ? files[pathname] : undefined;
  if (!file && pathname !== '/explorer/start') return false;
  refuseOtherNames(request.headers.host);
  if (file) {
    response.writeHead(200, { ...headers, 'content-type': `${file.type}; charset=utf-8`, 'cache-control': 'no-cache' });
    await pipeline(createReadStream(file.file), response);
    return true;
  }
  const [signIns, defaults] = await Promise.all([development.signIns(), development.defaults?.() ?? { date: lastWeekday(new Date()) }]);
  const start = { signIns, operations: operations.map((operation) => toStartFrom(operation, defaults)).sort(questionsFirst) };
  response.writeHead(200, { ...headers, 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(start));
  return true;
}

/**
 * The tokens are for this machine. A page elsewhere could give its own name this machine's address ("DNS rebinding") and read
 * them as its own; so the explorer answers to an address or to localhost, never to another name.
 */
function refuseOtherNames(host = ''): void {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  if (name === 'localhost' || name.endsWith('.localhost') || isIP(name)) return;
  throw new TurnedAway(
    421,
    'MISDIRECTED',
    'The explorer is not at this name. Open it by the address that Rollbook showed when it started.',
  );
}

interface Offered extends OwnOperation {
  readonly kind: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An operation with a value for each variable that has none of its own: from the defaults by its name, or null to be filled in. */
function toStartFrom({ name, query }: OwnOperation, defaults: Readonly<Record<string, unknown>>): Offered {
  const { definitions } = parse(query);
  const operation = definitions.find((definition): definition is OperationDefinitionNode => definition.kind === 'OperationDefinition');
  const open = (operation?.variableDefinitions ?? []).filter(({ defaultValue }) => !defaultValue);
  const values = open.map(({ variable }) => [variable.name.value, defaults[variable.name.value] ?? null]);
  return { name, query, kind: operation?.operation ?? 'query', variables: Object.fromEntries(values) };
}

/** Who opens the page starts with something to see, not with something to save. */
function questionsFirst(a: Offered, b: Offered): number {
  return Number(a.kind !== 'query') - Number(b.kind !== 'query');
}

/** That day on this machine, as `2026-11-18`; of a weekend, the Friday before, when there was school. */
export function lastWeekday(now: Date): string {
  const weekday = now.getDay();
  const back = weekday === 0 ? 2 : weekday === 6 ? 1 : 0;
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - back).toLocaleDateString('en-CA');
}
