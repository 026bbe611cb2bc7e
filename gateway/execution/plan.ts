/**
 * Compiles a query plan of @apollo/gateway into closures: fetch from a subgraph, name entities to the next one, merge
 * what comes back. The meaning is that of Apollo's own executor; README.md lists where it differs on purpose.
 */
import { compileFetch, describeFetch, type Fetch, type PlanSource, type Step } from './fetch.ts';
import type { PlanPath } from './json.ts';
import { NotCompilable, type PlanNode } from './planTypes.ts';
import { compileTogether } from './together.ts';

export function compilePlan(node: PlanNode, source: PlanSource, path: PlanPath = []): Step {
  switch (node.kind) {
    case 'Sequence': {
      const steps = node.nodes.map((child) => compilePlan(child, source, path));
      return async (run) => {
        for (const step of steps) await step(run);
      };
    }
    case 'Parallel': {
      const steps = compileParallel(node.nodes, source, path);
      return async (run) => {
        await Promise.all(steps.map((step) => step(run)));
      };
    }
    case 'Flatten':
      return compilePlan(node.node, source, [...path, ...node.path]);
    case 'Condition': {
      const { condition, ifClause, elseClause } = node;
      source.conditions.add(condition);
      const whenTrue = ifClause && compilePlan(ifClause, source, path);
      const whenFalse = elseClause && compilePlan(elseClause, source, path);
      return async (run) => (run.conditions[condition] ? whenTrue : whenFalse)?.(run);
    }
    case 'Fetch':
      return compileFetch(describeFetch(node, source, path), source);
    default:
      throw new NotCompilable(`a ${node.kind} node`);
  }
}

/** Entity fetches that go to one subgraph at the same time go there together; everything else by itself. */
function compileParallel(nodes: readonly PlanNode[], source: PlanSource, path: PlanPath): Step[] {
  const steps: Step[] = [];
  const bySubgraph = new Map<string, Fetch[]>();
  for (const node of nodes) {
    const fetch = entityFetchOf(node, source, path);
    if (!fetch) steps.push(compilePlan(node, source, path));
    else bySubgraph.set(fetch.node.serviceName, [...(bySubgraph.get(fetch.node.serviceName) ?? []), fetch]);
  }
  for (const fetches of bySubgraph.values())
    steps.push(...(compileTogether(fetches, source) ?? fetches.map((fetch) => compileFetch(fetch, source))));
  return steps;
}

function entityFetchOf(node: PlanNode, source: PlanSource, path: PlanPath): Fetch | undefined {
  if (node.kind === 'Flatten') return entityFetchOf(node.node, source, [...path, ...node.path]);
  return node.kind === 'Fetch' && node.requires ? describeFetch(node, source, path) : undefined;
}
