import type { Dirent, Stats } from 'node:fs';
import { constants } from 'node:fs';
import { lstat, open, opendir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { getFileNameLowLevel, openPromise, validateFileName } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { issue, PackageError } from './issues.ts';
import type { Code } from './issues.ts';

/** What a package may weigh. A roster of 100,000 students is about 200 MB unpacked. */
export interface Limits {
  /** Bytes of all files together, unpacked. */
  bytes: number;
  /** How many times smaller the zip of a file may be than the file; checked for files above 1 MiB. */
  ratio: number;
  entries: number;
  /** Characters in one CSV record. */
  recordCharacters: number;
}

export const defaultLimits: Limits = { bytes: 8 * 2 ** 30, ratio: 200, entries: 1000, recordCharacters: 1_000_000 };

/** A file inside the package; `open` reads it from the start, and nothing is ever unpacked to disk. */
export interface PackedFile {
  name: string;
  /** The checksum of its bytes, when it is known. */
  crc32?: number;
  open(): Promise<Readable>;
}

export interface Container {
  files: PackedFile[];
  close(): Promise<void>;
}

const refuse = (code: Code, file: string, message: string): never => {
  throw new PackageError([issue(code, 'refused', { file }, message)]);
};
const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Opens a zip or a folder. Throws PackageError when it is neither, or when it tries something that no roster does: names that
 * climb out, links, passwords, two files of one name, or more data than the limits allow.
 */
export async function openContainer(path: string, limits: Limits): Promise<Container> {
  const name = basename(path);
  const found: Stats = await stat(path).catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' || error.code === 'ENOTDIR'
      ? refuse('package.not_found', name, `there is nothing at ${path}`)
      : refuse('package.unreadable', name, `${path} cannot be read: ${reason(error)}`),
  );
  if (found.isDirectory()) return openFolder(path, limits);
  if (!found.isFile()) refuse('package.not_a_file', name, `${path} is neither a file nor a folder`);
  return openZip(path, limits);
}

async function openFolder(path: string, limits: Limits): Promise<Container> {
  const files: PackedFile[] = [];
  let bytes = 0;
  const folder = await opendir(path).catch((error) => refuse('package.unreadable', basename(path), reason(error)));
  for await (const { name } of folder as AsyncIterable<Dirent>) {
    const full = join(path, name);
    const found = await lstat(full);
    if (found.isSymbolicLink()) refuse('package.symlink', name, `${name} is a link to another place`);
    if (found.isDirectory()) {
      files.push({ name: `${name}/`, open: async () => refuse('package.not_a_file', name, `${name} is a folder`) });
    } else if (found.isFile()) {
      bytes += found.size;
      files.push({ name, open: () => openPlain(full, name) });
    } else refuse('package.not_a_file', name, `${name} is not a plain file`);
    if (files.length > limits.entries) refuse('package.too_many_entries', basename(path), `more than ${limits.entries} files`);
  }
  if (bytes > limits.bytes) refuse('package.too_large', basename(path), `the files hold ${bytes} bytes; ${limits.bytes} are allowed`);
  return { files, close: async () => {} };
}

/** Opens without following links, so that a file cannot be swapped for a link after it was looked at. */
async function openPlain(path: string, name: string): Promise<Readable> {
  try {
    const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    return handle.createReadStream();
  } catch (error) {
    return refuse('package.unreadable', name, `${name} cannot be read: ${reason(error)}`);
  }
}

async function openZip(path: string, limits: Limits): Promise<Container> {
  const name = basename(path);
  const zip = await openPromise(path, { autoClose: false, decodeStrings: false }).catch((error) =>
    refuse('package.not_a_zip', name, `${name} is not a zip file: ${reason(error)}`),
  );
  const close = async () => zip.close();
  try {
    if (zip.entryCount > limits.entries) {
      refuse('package.too_many_entries', name, `the zip holds ${zip.entryCount} files; ${limits.entries} are allowed`);
    }
    const files: PackedFile[] = [];
    const names = new Set<string>();
    let bytes = 0;
    for await (const entry of zip.eachEntry()) {
      const file = inspected(entry, limits);
      if (file.endsWith('/')) continue;
      if (names.has(file.toLowerCase())) refuse('package.duplicate_entry', file, `the zip holds ${file} twice`);
      names.add(file.toLowerCase());
      bytes += entry.uncompressedSize;
      if (bytes > limits.bytes) refuse('package.too_large', name, `unpacked, the zip would hold more than ${limits.bytes} bytes`);
      files.push({ name: file, crc32: entry.crc32, open: () => openEntry(zip, entry, file) });
    }
    return { files, close };
  } catch (error) {
    await close();
    if (error instanceof PackageError) throw error;
    return refuse('package.corrupt', name, `the list of files in the zip is damaged: ${reason(error)}`);
  }
}

/** The name of a zip entry, once nothing speaks against reading it. */
function inspected(entry: Entry, limits: Limits): string {
  const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
  const shown = name.replaceAll(/\p{Cc}/gu, '?').slice(0, 200);
  if (validateFileName(name) !== null || name.includes('\0'))
    refuse('package.unsafe_path', shown, `the name ${shown} leads out of the package`);
  const unixType = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (unixType === 0o120000) refuse('package.symlink', shown, `${shown} is a link to another place`);
  if (entry.isEncrypted()) refuse('package.encrypted', shown, `${shown} is locked with a password`);
  if (!entry.canDecodeFileData()) {
    refuse('package.unsupported_compression', shown, `${shown} is packed with method ${entry.compressionMethod}, which is not read here`);
  }
  const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize);
  if (entry.uncompressedSize > 2 ** 20 && ratio > limits.ratio) {
    refuse('package.suspicious_ratio', shown, `${shown} would unpack to ${Math.round(ratio)} times its size; ${limits.ratio} is allowed`);
  }
  return name;
}

async function openEntry(zip: ZipFile, entry: Entry, name: string): Promise<Readable> {
  try {
    return await zip.openReadStreamPromise(entry);
  } catch (error) {
    return refuse('package.corrupt', name, `${name} cannot be unpacked: ${reason(error)}`);
  }
}

/** The bytes of a packed file. A read that fails half way, or that ends with another checksum than promised, is a PackageError. */
export async function* bytesOf(file: PackedFile): AsyncGenerator<Buffer> {
  const stream = await file.open();
  try {
    let sum = 0;
    for await (const chunk of stream) {
      sum = crc32(chunk as Buffer, sum);
      yield chunk as Buffer;
    }
    if (file.crc32 !== undefined && sum !== file.crc32) refuse('package.corrupt', file.name, `the checksum of ${file.name} is wrong`);
  } catch (error) {
    if (error instanceof PackageError) throw error;
    refuse('package.corrupt', file.name, `${file.name} cannot be read to its end: ${reason(error)}`);
  }
}
