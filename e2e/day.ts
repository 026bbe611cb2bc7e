import { describe } from '@jest/globals';
import { demoDirectory, fiveProcesses, oneProcess, type System } from './topologies.ts';

/** Runs the same claims against Rollbook in one process and in five, each over a demo district of its own. */
export function inBothTopologies(
  claims: (open: () => Promise<{ system: System; dir: string }>, reopen: (dir: string) => Promise<System>) => void,
): void {
  describe.each([
    ['one process', oneProcess],
    ['five processes', fiveProcesses],
  ] as const)('%s', (_, start) => {
    claims(
      async () => {
        const { dir } = await demoDirectory();
        return { dir, system: await start(dir) };
      },
      (dir) => start(dir),
    );
  });
}
