/** The thread of a proof: solves one integer programme, and tells its parent each better value and bound as they are found. */
import { parentPort, workerData } from 'node:worker_threads';
import * as highsModule from 'highs';

const { text, seconds } = workerData as { text: string; seconds: number };
// The package types its loader as CommonJS does; to an ES module it is the default export.
const highs = await (highsModule.default as unknown as (typeof highsModule.default)['default'])();
using model = highs.createModel({ format: 'lp', data: text });
// Every worth is a multiple of ten: two different ones are never closer.
model.options.set({ time_limit: seconds, mip_rel_gap: 0, mip_abs_gap: 9, output_flag: false });
model.run({
  [highs.constants.callbackType.mipLogging]: ({ data }) => {
    if (data.mip_primal_bound !== undefined && Number.isFinite(data.mip_primal_bound))
      parentPort!.postMessage({ value: Math.round(data.mip_primal_bound) });
    if (data.mip_dual_bound !== undefined && Number.isFinite(data.mip_dual_bound)) parentPort!.postMessage({ bound: data.mip_dual_bound });
    return undefined;
  },
});
const proved = model.getModelStatus() === highs.constants.modelStatus.optimal;
const value = Math.round(model.getObjectiveValue());
parentPort!.postMessage(proved ? { value, bound: value, proved } : { proved });
