/** One schema for schools: who may come in, what they may ask at once, and which service answers what. */
export { openGateway, type Gateway, type GatewayOptions, type Source } from './server.ts';
export { verifierOf, type KeySource, type Verify } from './viewer.ts';
export { supergraphSdl, subgraphNames, type SubgraphName } from './supergraph.ts';
