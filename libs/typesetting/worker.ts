import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { freeSheets, openTypesetter, SheetUnprintable, type Sheet } from './typesetter.ts';

const { pdf } = openTypesetter((workerData as { templates: string }).templates);
// Documents can wait, who waits for an answer cannot. On Linux this is the thread's own priority; elsewhere it would be the whole process's.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW);

const collectAfter = 50;
let set = 0;

parentPort!.on('message', ({ id, sheet }: { id: number; sheet: Sheet }) => {
  try {
    const bytes = new Uint8Array(pdf(sheet)); // a copy of its own, which can change hands
    parentPort!.postMessage({ id, bytes }, [bytes.buffer]);
  } catch (error) {
    if (!(error instanceof SheetUnprintable)) throw error; // the thread ends, and with it what waits for it
    parentPort!.postMessage({ id, unprintable: error.message });
  }
  if (++set % collectAfter === 0) void freeSheets();
});
