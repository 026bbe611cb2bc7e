import { Worker } from 'node:worker_threads';
import { SheetUnprintable, type Sheet } from './typesetter.ts';

/** Typesetters in threads of their own, so that who asks goes on answering meanwhile. */
export interface Typesetters {
  /** As `Typesetter.pdf`. */
  pdf(sheet: Sheet): Promise<Uint8Array>;
  /** Ends the threads; what they still had is refused. */
  close(): Promise<void>;
}

interface Answer {
  readonly id: number;
  readonly bytes?: Uint8Array;
  readonly unprintable?: string;
}

/**
 * @param templates the folder of the templates
 * @param threads how many sheets are set at the same time; each takes about 100 MB of memory
 */
export function openTypesetters(templates: string, threads: number): Typesetters {
  const all = Array.from({ length: threads }, () => openThread(templates));
  return {
    pdf: (sheet) => all.reduce((least, thread) => (thread.waiting() < least.waiting() ? thread : least)).pdf(sheet),
    close: async () => void (await Promise.all(all.map(({ close }) => close()))),
  };
}

/** One thread. It begins with the first sheet, and anew with the next one if it ended by a fault. */
function openThread(templates: string) {
  const waiting = new Map<number, { resolve: (bytes: Uint8Array) => void; reject: (error: Error) => void }>();
  let thread: Worker | undefined;
  let asked = 0;
  const refuseAll = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const begin = () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { templates } });
    worker.on('message', ({ id, bytes, unprintable }: Answer) => {
      const asker = waiting.get(id)!;
      waiting.delete(id);
      if (bytes) asker.resolve(bytes);
      else asker.reject(new SheetUnprintable(unprintable));
      if (!waiting.size) worker.unref();
    });
    worker.on('error', (error) => refuseAll(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => {
      if (thread === worker) thread = undefined;
      refuseAll(new Error('The typesetter ended before the document was set.'));
    });
    return worker;
  };
  return {
    waiting: () => waiting.size,
    pdf: (sheet: Sheet) =>
      new Promise<Uint8Array>((resolve, reject) => {
        const id = asked++;
        waiting.set(id, { resolve, reject });
        thread ??= begin();
        thread.ref();
        thread.postMessage({ id, sheet });
      }),
    close: async () => {
      await thread?.terminate();
    },
  };
}
