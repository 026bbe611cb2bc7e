import { execute, parse, print, visit, printSchema, specifiedRules, validate, BREAK } from 'graphql';
import { CompiledGateway } from './gateway.ts';
import { randomNumbers, randomOperation } from './randomOperations.ts';
import { requestContext } from './requestContext.ts';
import { composeSupergraph, localDataSources, monolith, school, someIds } from './sampleSchool.ts';
const seed = Number(process.argv[2]),
  index = Number(process.argv[3]);
const cfg = { supergraphSdl: composeSupergraph(school), dataSource: localDataSources(school) };
const gateway = new CompiledGateway(cfg);
await gateway.load({ apollo: {} });
const whole = monolith(printSchema(gateway.schema), school);
const random = randomNumbers(seed);
let op: any;
for (let i = 0; i < index;) {
  op = randomOperation(gateway.schema, someIds, random);
  if (!validate(gateway.schema, parse(op.source), [...specifiedRules, ...gateway.validationRules]).length) i++;
}
const d = (r: any) => JSON.stringify({ d: r.data, e: Boolean(r.errors?.length) });
const rules = [...specifiedRules.filter((r) => !/Unused/.test(r.name)), ...gateway.validationRules];
async function bad(source: string) {
  try {
    const doc = parse(source);
    if (validate(gateway.schema, doc, rules).length) return false;
    const w = await execute({ schema: whole, document: doc, variableValues: op.variables });
    let g: any;
    try {
      g = await gateway.executor(requestContext(source, op));
    } catch {
      return false;
    }
    return d(w) !== d(g) && [d(w), d(g)];
  } catch {
    return false;
  }
}
let source = op.source;
console.log(Boolean(await bad(source)));
for (let progress = true; progress;) {
  progress = false;
  let n = 0;
  visit(parse(source), {
    enter() {
      n++;
    },
  });
  for (let k = n; k > 0; k--) {
    let i = 0;
    let out;
    try {
      out = print(
        visit(parse(source), {
          enter(node) {
            if (
              ++i === k &&
              ['Field', 'InlineFragment', 'FragmentSpread', 'Directive', 'FragmentDefinition', 'VariableDefinition', 'Argument'].includes(
                node.kind,
              )
            )
              return null;
          },
        }),
      );
    } catch {
      continue;
    }
    if (out !== source && (await bad(out))) {
      source = out;
      progress = true;
    }
    i = 0;
    try {
      out = print(
        visit(parse(source), {
          SelectionSet: {
            leave(node: any) {
              let ch = false;
              const s = node.selections.flatMap((x: any) => {
                if (x.kind === 'InlineFragment' && ++i === k) {
                  ch = true;
                  return x.selectionSet.selections;
                }
                return [x];
              });
              return ch ? { ...node, selections: s } : undefined;
            },
          },
        }),
      );
    } catch {
      continue;
    }
    if (out !== source && (await bad(out))) {
      source = out;
      progress = true;
    }
  }
}
console.log(source, op.variables, await bad(source));
