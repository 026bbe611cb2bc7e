import { existsSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';

const megabyte = 1024 * 1024;
/** Three segments of PostgreSQL's log: enough to recover and to answer reads while everything else on the disk is full. */
const reserveMb = 48;
/** Below this nothing more is saved. */
const neededMb = 2 * reserveMb;

const fileIn = (dir: string) => join(dir, 'rollbook.reserve');

/** What is free on the disk of a data directory (of the directory above it, before it is made), the reserve counted. */
function freeMb(dir: string): number {
  let place = dir;
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = statfsSync(place);
  const reserve = existsSync(fileIn(dir)) ? statSync(fileIn(dir)).size : 0;
  return Math.floor((bavail * bsize + reserve) / megabyte);
}

export const hasRoom = (dir: string) => freeMb(dir) >= neededMb;

/** Keeps room back, in a file; answers false when there is not that much. */
export function keepReserve(dir: string): boolean {
  const file = fileIn(dir);
  if (existsSync(file) && statSync(file).size === reserveMb * megabyte) return true;
  try {
    writeFileSync(file, randomBytes(reserveMb * megabyte)); // what cannot be compressed really takes the room
    return true;
  } catch (error) {
    giveReserve(dir);
    if (['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code!)) return false;
    throw error;
  }
}

export function giveReserve(dir: string): void {
  rmSync(fileIn(dir), { force: true });
}

/** For an operator: what is full, and how much room it lacks. */
export function fullDisk(dir: string): string {
  return `The disk that holds ${dir} is full. Make room on it: at least ${Math.max(neededMb - freeMb(dir), 1)} MB.`;
}
