/** The gateway as its documentation shows it: @apollo/gateway with its own executor and data source, on Apollo Server with its defaults. */
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { supergraphSdl, verifierOf } from '@rollbook/gateway';
import type { Viewer } from '@rollbook/school';
import { setting } from '@rollbook/subgraph';
import { signRequest } from '@rollbook/subgraph/token.ts';

interface StockContext {
  viewer?: Viewer;
}
const verify = verifierOf({ issuer: setting('ISSUER'), keys: { jwksUrl: setting('JWKS_URL') } });
const gateway = new ApolloGateway({
  supergraphSdl: supergraphSdl(),
  buildService: ({ name }) =>
    new RemoteGraphQLDataSource<StockContext>({
      url: new URL('/graphql', setting(`${name.toUpperCase()}_URL`)).href,
      async willSendRequest({ request, context }) {
        if (context.viewer)
          request.http?.headers.set('authorization', `Bearer ${await signRequest(setting('GATEWAY_SECRET'), name, context.viewer)}`);
      },
    }),
});
const server = new ApolloServer<StockContext>({ gateway });
const { url } = await startStandaloneServer(server, {
  listen: { port: Number(setting('PORT')), host: '127.0.0.1' },
  context: async ({ req }) => ({ viewer: await verify(req.headers.authorization) }),
});
process.send!({ url });
process.once('disconnect', () => process.exit(0));
