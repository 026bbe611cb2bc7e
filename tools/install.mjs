// Runs before npm start, test, import and bench, on whatever Node is there (20 or newer): installs what the lock says when
// node_modules is missing or older than it. The pinned Node is one of the installed packages, and first on PATH afterwards.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const stamp = join(root, 'node_modules', '.rollbook-lock');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    console.error(`Rollbook needs Node 20 or newer to install itself; this is ${process.version}.`);
    process.exit(1);
  }
  const started = Date.now();
  console.log('Installing the packages that package-lock.json names (about a minute, once) ...');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    console.error('npm ci failed; its own message is above. Nothing was started.');
    process.exit(npm.status ?? 1);
  }
  writeFileSync(stamp, lock);
  console.log(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}
