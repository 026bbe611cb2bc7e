/** What a machine needs for a fault to be made on it. */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';

export const faults = ['power-cut', 'disk-full', 'eio', 'clock'] as const;
export type Fault = (typeof faults)[number];

const programs: Record<Fault, readonly string[]> = {
  'power-cut': ['mkfs.ext4', 'mount', 'umount', 'findmnt', 'sync'],
  'disk-full': ['mkfs.ext4', 'mount', 'umount', 'fallocate', 'sync'],
  eio: ['strace'],
  clock: [],
};

/** What is in the way of making this fault; nothing when it can be made. */
export function obstacleTo(fault: Fault): string {
  if (process.platform !== 'linux') return `this is ${process.platform}, and the faults are made with means of Linux`;
  if (process.getuid?.() !== 0) return 'only root can mount disks and inject faults';
  const missing = programs[fault].find((program) => spawnSync(program, ['--version']).error);
  if (missing) return `${missing} is not installed`;
  if (fault === 'clock' && !fakeTime()) return 'libfaketime is not installed (apt-get install faketime)';
  const tried = spawnSync('unshare', ['--mount', 'true'], { encoding: 'utf8' });
  if (tried.status !== 0) return `no mounts of its own can be had here: ${(tried.stderr || String(tried.error)).trim()}`;
  return fault === 'clock' || fault === 'eio' || existsSync('/dev/loop-control') ? '' : 'there are no loop devices';
}

/** The library that shows a program another time. */
export function fakeTime(): string | undefined {
  return globSync('/usr/lib/*/faketime/libfaketimeMT.so.1')[0];
}
