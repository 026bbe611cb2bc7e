import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  /** Shows how far a named step is; `total` 0 when it is not known. */
  show(step: string, done: number, total: number): void;
  end(): void;
}

/** A bar on a terminal; elsewhere (a log, CI) a plain line when a step begins and at every tenth of it. */
export function progress(out: NodeJS.WriteStream = process.stdout): Progress {
  return out.isTTY ? bars(out) : lines(out);
}

function bars(out: NodeJS.WriteStream): Progress {
  let bar: SingleBar | undefined;
  let current = '';
  const end = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    show(step, done, total) {
      if (step !== current) {
        end();
        current = step;
        bar = new SingleBar(
          { format: `  ${step.padEnd(22)} {bar} {value}/{total}`, stream: out, hideCursor: true },
          Presets.shades_classic,
        );
        bar.start(total, done);
      }
      bar?.setTotal(Math.max(total, done));
      bar?.update(done);
    },
    end,
  };
}

function lines(out: NodeJS.WriteStream): Progress {
  let current = '';
  let told = -1;
  return {
    show(step, done, total) {
      const tenth = total ? Math.floor((done / total) * 10) : 0;
      if (step === current && tenth <= told) return;
      [current, told] = [step, tenth];
      out.write(total ? `  ${step}: ${done} of ${total}\n` : `  ${step} ...\n`);
    },
    end: () => undefined,
  };
}
