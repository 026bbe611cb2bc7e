import { execute, parse, printSchema, specifiedRules, validate } from 'graphql';
import { CompiledGateway } from './gateway.ts';
import { randomNumbers, randomOperation } from './randomOperations.ts';
import { requestContext } from './requestContext.ts';
import { composeSupergraph, localDataSources, monolith, school, someIds } from './sampleSchool.ts';
const N = Number(process.argv[2] ?? 500),
  seed = Number(process.argv[3] ?? 1);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const cfg = { supergraphSdl: composeSupergraph(school), dataSource: localDataSources(school), logger: quiet };
const why: any = {};
const gateway = new CompiledGateway({
    ...cfg,
    onRefused: (_n, r) => {
      why[r] = (why[r] ?? 0) + 1;
    },
  }),
  stock = new CompiledGateway({ ...cfg, executor: 'stock' });
await gateway.load({ apollo: {} });
await stock.load({ apollo: {} });
const whole = monolith(printSchema(gateway.schema), school);
const random = randomNumbers(seed);
const list: [number, string][] = [];
let written = 0,
  bad = 0,
  stockBad = 0,
  stockBadHereGood = 0,
  shown = 0,
  refusedByRules = 0;
const t0 = performance.now();
let slow = 0,
  maxT = 0,
  maxS = '';
const rules = [...specifiedRules, ...gateway.validationRules];
for (let i = 0; i < N;) {
  const op = randomOperation(gateway.schema, someIds, random);
  written++;
  const doc = parse(op.source);
  if (validate(gateway.schema, doc, specifiedRules).length) continue;
  if (validate(gateway.schema, doc, gateway.validationRules).length) {
    refusedByRules++;
    continue;
  }
  i++;
  const want = await execute({ schema: whole, document: doc, variableValues: op.variables });
  const t = performance.now();
  let got: any;
  try {
    got = await gateway.executor(requestContext(op.source, op));
  } catch (e) {
    got = { thrown: String(e), stack: (e as Error).stack };
  }
  const dt = performance.now() - t;
  if (dt > maxT) {
    maxT = dt;
    maxS = op.source;
  }
  if (dt > 100) slow++;
  let st: any;
  if (process.env.STOCK)
    try {
      st = await stock.executor(requestContext(op.source, op));
    } catch (e) {
      st = { thrown: String(e) };
    }
  const d = (r: any) => JSON.stringify({ d: r.data, e: Boolean(r.errors?.length) });
  const dd = (r: any) => JSON.stringify(r.data);
  const ok = d(got) === d(want);
  if (st) {
    const sok = dd(st) === dd(want);
    if (!sok) {
      stockBad++;
      if (ok) stockBadHereGood++;
    }
  }
  if (!ok) {
    bad++;
    list.push([
      op.source.length,
      [
        '-----',
        i,
        '\n' + op.source,
        JSON.stringify(op.variables),
        '\nwant',
        d(want),
        JSON.stringify(want.errors?.map((e) => [e.message, e.path])),
        '\ngot ',
        d(got),
        JSON.stringify(got.errors ?? got),
        st ? '\nstock ' + dd(st) : '',
      ].join(' '),
    ]);
  }
}
list.sort((a, b) => a[0] - b[0]);
for (const [, t] of list.slice(0, Number(process.env.SHOW ?? 5))) console.log(t);
console.log({
  N,
  written,
  refusedByRules,
  bad,
  stockBad,
  stockBadHereGood,
  ms: performance.now() - t0,
  slow,
  maxT,
  why,
  stats: gateway.stats,
});
