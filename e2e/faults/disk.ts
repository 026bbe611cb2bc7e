/** A disk of its own for a district: ext4 in a file, mounted by loop, where only this process and its children see it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const megabyte = 1024 * 1024;

export class Disk {
  readonly image: string;
  /** Where it is mounted. */
  readonly dir: string;
  readonly #ballast: string;

  constructor(image: string) {
    this.image = image;
    this.dir = `${image}.mounted`;
    this.#ballast = join(this.dir, 'ballast');
  }

  /** Makes the file system. Its tables are written at once: ext4 would go on for minutes in the background. */
  format(megabytes: number): void {
    writeFileSync(this.image, '');
    truncateSync(this.image, megabytes * megabyte);
    execFileSync('mkfs.ext4', ['-q', '-m', '0', '-E', 'lazy_itable_init=0,lazy_journal_init=0', this.image]);
  }

  mount(): void {
    mkdirSync(this.dir, { recursive: true });
    execFileSync('mount', ['-o', 'loop', this.image, this.dir]);
  }

  /** Also when somebody still has a file open there: the loop device goes with the last of them. */
  unmount(): void {
    spawnSync('umount', ['--lazy', this.dir]);
  }

  flush(): void {
    execFileSync('sync', ['--file-system', this.dir]);
  }

  /**
   * Copies the disk as it would be found after a power cut: what programs wrote and nobody synchronized is in the memory of the mounted
   * file system, not in the image. Nothing may reach the disk during the copy, or it would be of two instants; then it is made again.
   */
  async copyAsAfterPowerCut(to: Disk): Promise<void> {
    const device = execFileSync('findmnt', ['-no', 'SOURCE', this.dir], { encoding: 'utf8' }).trim();
    const written = () => {
      const [reads, , , , writes, , , , inFlight] = readFileSync(`/sys/block/${basename(device)}/stat`, 'utf8')
        .trim()
        .split(/ +/);
      return inFlight === '0' && reads ? writes : null;
    };
    for (let tries = 0; tries < 50; tries++) {
      const before = written();
      if (before !== null) {
        execFileSync('cp', ['--sparse=always', this.image, to.image]);
        if (written() === before) return;
      }
      await pause(100);
    }
    throw new Error('The disk did not come to rest, so it could not be copied as of one instant.');
  }

  /** Takes all room but so much. */
  fillUpTo(freeMb: number): void {
    const { bavail, bsize } = statfsSync(this.dir);
    const taken = bavail * bsize - freeMb * megabyte;
    if (taken > 0) execFileSync('fallocate', ['-l', String(taken), this.#ballast]);
  }

  makeRoom(): void {
    rmSync(this.#ballast, { force: true });
  }
}
