/**
 * Which supplies (what was earned) go to which demands (what is required), so that as much as possible is fulfilled and nothing is used
 * twice: a maximum flow, found by augmenting paths. Amounts are whole numbers. Demands are served in their order, and a demand that has been
 * served is never served less to serve a later one; it may be served by other supplies then.
 */
export interface Fulfilment {
  /** How much of each demand is fulfilled. */
  readonly served: readonly number[];
  /** By demand and supply, how much of the supply goes there. */
  readonly flow: readonly (readonly number[])[];
}

export interface Task {
  readonly demands: readonly number[];
  readonly supplies: readonly number[];
  /** May the supply serve the demand? */
  readonly fits: (demand: number, supply: number) => boolean;
}

/** @param from what was found with fewer supplies (the first of them): nothing that was fulfilled is lost */
export function fulfil({ demands, supplies, fits }: Task, from?: Fulfilment): Fulfilment {
  const flow = demands.map((_, d) => supplies.map((_, s) => from?.flow[d]?.[s] ?? 0));
  const served = flow.map((row) => row.reduce((sum, amount) => sum + amount, 0));
  const left = supplies.map((amount, s) => amount - flow.reduce((sum, row) => sum + row[s]!, 0));
  for (let d = 0; d < demands.length; d++)
    while (served[d]! < demands[d]!) {
      const path = pathTo(d, { flow, left, fits });
      if (!path) break;
      served[d]! += push(path, demands[d]! - served[d]!, flow, left);
    }
  return { served, flow };
}

/** A supply that comes to a demand; all but the last is taken from the demand that follows. */
interface Step {
  readonly demand: number;
  readonly supply: number;
  readonly before: Step | null;
}

interface Now {
  readonly flow: readonly number[][];
  readonly left: readonly number[];
  readonly fits: Task['fits'];
}

/** The shortest way to something that is left over: directly, or by taking from a demand that can be served otherwise. */
function pathTo(wanted: number, { flow, left, fits }: Now): Step | null {
  const seen = new Set([wanted]);
  const waiting: { demand: number; before: Step | null }[] = [{ demand: wanted, before: null }];
  for (let next = waiting.shift(); next; next = waiting.shift())
    for (let supply = 0; supply < left.length; supply++) {
      const { demand, before } = next;
      if (!fits(demand, supply)) continue;
      const step = { demand, supply, before };
      if (left[supply]! > 0) return step;
      for (let other = 0; other < flow.length; other++)
        if (!seen.has(other) && flow[other]![supply]! > 0) {
          seen.add(other);
          waiting.push({ demand: other, before: step });
        }
    }
  return null;
}

/** Sends as much along the path as it bears; answers how much. */
function push(path: Step, most: number, flow: number[][], left: number[]): number {
  let amount = Math.min(most, left[path.supply]!);
  for (let step = path; step.before; step = step.before) amount = Math.min(amount, flow[step.demand]![step.before.supply]!);
  left[path.supply]! -= amount;
  for (let step: Step | null = path; step; step = step.before) {
    flow[step.demand]![step.supply]! += amount;
    if (step.before) flow[step.demand]![step.before.supply]! -= amount;
  }
  return amount;
}
