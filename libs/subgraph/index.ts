/** How a service runs: SDL, resolvers and entities in; an in-process executor or an HTTP server out. */
export { defineSubgraph, type BatchHand, type Hand, type Resolvers, type Slice, type SubgraphDefinition } from './definition.ts';
export { batch, type Context, type Transaction } from './context.ts';
export { type BulkTransaction } from './database.ts';
export { openSubgraph, type Subgraph, type SubgraphOptions } from './subgraph.ts';
export { clockFrom, serveSubgraph, runService, type ServedSubgraph } from './server.ts';
export { signRequest, signService } from './token.ts';
export { columnsOf, recorded } from './columns.ts';
export { connectionOf, pageArguments, type Connection, type PageArguments } from './connections.ts';
export { sdlOf } from './sdl.ts';
export { setting, integerSetting } from './settings.ts';
export { openLog } from './log.ts';
export {
  forgetImport,
  importRows,
  type AppliedRows,
  type ImportAnswer,
  type ImportDifference,
  type ImportInput,
  type ImportRefusal,
} from './imports.ts';
