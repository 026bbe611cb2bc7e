/**
 * A service as a newcomer to federation would run it: the same schema, resolvers and database on Apollo Server with its defaults, in a process of
 * its own. The environment is that of services/<name>/main.ts, and SERVICE names it.
 */
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { services } from '@rollbook/district/services.ts';
import { openContext, type Context } from '@rollbook/subgraph/context.ts';
import { clockFrom, openLog, openSubgraph, setting } from '@rollbook/subgraph';
import { verifyCaller } from '@rollbook/subgraph/token.ts';

const definition = services.find(({ name }) => name === setting('SERVICE'))!;
const log = openLog('warn');
const now = clockFrom(process.env['REHEARSAL_NOW'], log);
const subgraph = await openSubgraph(definition, { urls: { app: setting('DATABASE_URL'), owner: setting('DATABASE_OWNER_URL') }, log, now });
// Apollo Server hands its plugins a copy of the context, so what ends it is carried in it.
type StockContext = Context & { end(): void };
const server = new ApolloServer<StockContext>({
  schema: subgraph.schema,
  plugins: [{ requestDidStart: async () => ({ willSendResponse: async ({ contextValue }) => contextValue.end() }) }],
});
const { url } = await startStandaloneServer(server, {
  listen: { port: Number(setting('PORT')), host: '127.0.0.1' },
  context: async ({ req }) => {
    const caller = await verifyCaller(setting('GATEWAY_SECRET'), definition.name, req.headers.authorization);
    if (!('viewer' in caller)) throw new Error('A request needs a viewer.');
    const { context, end } = openContext(subgraph.database, caller.viewer, log, now);
    return { ...context, end };
  },
});
process.send!({ url });
process.once('disconnect', () => process.exit(0));
