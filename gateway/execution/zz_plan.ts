import { CompiledGateway } from './gateway.ts';
import { composeSupergraph, localDataSources, school } from './sampleSchool.ts';
import { requestContext } from './requestContext.ts';
const src = localDataSources(school);
const g = new CompiledGateway({
  supergraphSdl: composeSupergraph(school),
  dataSource: (n) => {
    const s = src(n);
    return {
      process: async (o: any) => {
        console.log(n, o.request.query, JSON.stringify(o.request.variables));
        return s.process(o);
      },
    };
  },
});
await g.load({ apollo: {} });
for (const q of process.argv.slice(2)) console.log(JSON.stringify(await g.executor(requestContext(q, {}))));
