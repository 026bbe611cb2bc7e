import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';

/** What a figure was measured on. */
export function machine(): { cpu: string; cores: number; memoryGb: number; node: string } {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}

const ticksPerSecond = 100; // USER_HZ, which Linux fixes for /proc

/** CPU milliseconds, user and system, that processes have used so far (Linux). */
export function cpuMsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return sum + ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
  }, 0);
}

/** The most memory a process has held, in MiB (Linux). */
export function peakMbOf(pid: number): number {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The processes that a process has started and that still run, theirs included; none of one that has ended (Linux). */
export function childrenOf(pid: number): number[] {
  const children = unlessEnded(() => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim(), '');
  return children ? children.split(' ').flatMap((child) => [Number(child), ...childrenOf(Number(child))]) : [];
}

/** CPU milliseconds of a process, of those that it has started, and of those of them that have ended (Linux). */
export function cpuMsOfFamily(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  const ended = ((Number(fields[13]) + Number(fields[14])) * 1000) / ticksPerSecond;
  return childrenOf(pid).reduce((sum, child) => sum + unlessEnded(() => cpuMsOf([child]), 0), cpuMsOf([pid]) + ended);
}

/** A process may end after it was listed; then the kernel says ENOENT, or ESRCH. */
function unlessEnded<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return otherwise;
    throw error;
  }
}

/** CPU milliseconds that all cores together have been busy since the machine started, whoever they worked for. */
export function busyMs(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}
