import type { FileName, Version } from './columns.ts';
import { inspect } from './contents.ts';
import type { ReadOptions } from './contents.ts';
import { isRefused, PackageError } from './issues.ts';
import type { Issue } from './issues.ts';
import type { Mode } from './manifest.ts';
import { passesOver } from './passes.ts';
import type { JudgedRow } from './rows.ts';

/** An opened package. Close it when done. */
export interface Package {
  version: Version;
  /** How each file is to be taken: bulk replaces everything, delta updates what it names, absent says nothing. */
  mode: Record<FileName, Mode>;
  /** The system the package comes from, as far as its manifest says. */
  source: { systemName?: string; systemCode?: string };
  /** What was repaired or is worth a warning in the package, its manifest and its headers. */
  issues: Issue[];
  /**
   * The rows of one file, in its order; none when it is absent. A row whose issues include a refused one must be skipped: it may
   * be a duplicate, point to nothing, or hold nothing at all. Throws PackageError when the file cannot be read to its end.
   */
  rows(file: FileName): AsyncIterable<JudgedRow>;
  close(): Promise<void>;
}

/**
 * Opens a OneRoster package (1.1 or 1.2, zip or folder) to read its rows. Nothing is unpacked to disk, and files of any size are
 * read in blocks. Throws PackageError when the package as a whole cannot be read, or a file in it by its header.
 */
export async function openPackage(path: string, options: ReadOptions = {}): Promise<Package> {
  const contents = await inspect(path, options);
  if (contents.log.issues.some(isRefused)) {
    await contents.close();
    throw new PackageError(contents.log.issues);
  }
  const passes = passesOver(contents);
  return {
    version: contents.version,
    mode: contents.mode,
    source: contents.source,
    issues: contents.log.issues,
    async *rows(file) {
      for await (const block of passes.pass(file)) yield* block;
    },
    async close() {
      passes.close();
      await contents.close();
    },
  };
}
