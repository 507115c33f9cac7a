/**
 * `npm run demo | start | test | …` on a bare machine: checks Node, installs packages when they are missing or have changed, compiles,
 * runs. Plain JavaScript without dependencies, since there is nothing else yet. It ends as its program ends, and never before it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const programs = {
  start: 'dist/tools/start.js',
  demo: 'dist/tools/demo/main.js',
  test: 'node_modules/jest/bin/jest.js',
  'test:faults': 'dist/tools/faults/main.js',
  'dead-letters': 'dist/tools/dead-letters/main.js',
  lathe: 'dist/tools/lathe/main.js',
};
const withChannel = ['inherit', 'inherit', 'inherit', 'ipc'];
const inRoot = (...names) => path.join(root, ...names);
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const canDieWithParent = process.platform === 'linux' && spawnSync('setpriv', ['--version']).status === 0;

/** A person can put this right; shown without a stack. */
class Problem extends Error {}

let current;
let asked;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    asked ??= signal;
    current?.kill(signal);
  });
}

/** Runs a program in the project until it ends; it is told when we are asked to end, and dies when we are killed. */
function run(file, args, stdio = 'inherit') {
  if (asked) return Promise.resolve({ code: null, signal: asked });
  const [command, ...rest] = canDieWithParent
    ? ['setpriv', '--pdeathsig', 'TERM', '--', file, ...args]
    : [file, ...args];
  return new Promise((resolve, reject) => {
    current = spawn(command, rest, { cwd: root, stdio });
    current.once('error', (error) => reject(new Problem(`${file} could not be started: ${error.message}`)));
    current.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

async function step(title, file, args, stdio) {
  const since = performance.now();
  const { code, signal } = await run(file, args, stdio);
  if (asked) await endLike({ code: null, signal: asked });
  if (code !== 0) throw new Problem(`${title} failed (${signal ?? `exit code ${code}`}); the reason is above.`);
  console.log(`${title}: ${seconds(since)}`);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Problem(
    `Lathe needs Node.js 20.19 or newer; this is ${process.version}. See https://nodejs.org/en/download`,
  );
}

/** What the installed packages were installed from: the lock file, on this kind of machine. */
function wantedPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(inRoot('package-lock.json')))
    .digest('hex');
  return `${lock} ${process.platform}-${process.arch}\n`;
}

async function install() {
  const stamp = inRoot('node_modules', '.lathe-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wantedPackages()) return;
  console.log('Installing packages with npm, a minute or so …');
  const flags = [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--include=dev',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const { npm_execpath: npm } = process.env;
  const [file, args] = npm?.endsWith('.js') ? [process.execPath, [npm, ...flags]] : ['npm', flags];
  await step('Installing packages', file, args, ['inherit', 'ignore', 'inherit']);
  writeFileSync(stamp, wantedPackages());
}

const compile = () => step('Compiling', process.execPath, ['node_modules/ts7/bin/tsc', '-p', 'tsconfig.json']);

/** One at a time prepares the checkout: two launchers side by side must not write the same files. */
async function alone(work) {
  requireOwn('dist');
  const lock = inRoot('dist', 'launch.lock');
  let told = false;
  while (!takeLock(lock)) {
    if (!told) console.log('Another launcher prepares this checkout; waiting for it …');
    told = true;
    await delay(200);
    if (asked) await endLike({ code: null, signal: asked });
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** The checkout is somebody else's, or read-only: nothing can be installed or compiled in it. */
function requireOwn(folder) {
  try {
    mkdirSync(inRoot(folder), { recursive: true });
    accessSync(inRoot(folder), constants.W_OK);
  } catch (error) {
    throw new Problem(
      `${inRoot(folder)} cannot be written to (${error.code}). Run this as the user whom the checkout belongs to, or in a clone of your own.`,
    );
  }
}

/** link(2) succeeds for exactly one of several, and what it links is written already. */
function takeLock(lock) {
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isRunning(holderOf(lock))) rmSync(lock, { force: true });
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

function holderOf(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return process.pid; // released in this moment: look again
  }
}

function isRunning(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Ends as a program ended: with its exit code, or by its signal, so that whoever started us sees the same. */
function endLike({ code, signal }) {
  if (!signal) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  setTimeout(() => process.exit(1), 1000); // the signal was one that does not end us
  return new Promise(() => {});
}

async function main() {
  const [name, ...args] = process.argv.slice(2);
  if (!Object.hasOwn(programs, name ?? '')) throw new Problem(`Usage: npm run ${Object.keys(programs).join(' | ')}`);
  checkNode();
  await alone(async () => {
    await install();
    await compile();
  });
  // With a message channel the program learns of our end also where the kernel does not tell it (not Linux).
  const [flags, stdio] = name === 'test' ? [[], 'inherit'] : [['--enable-source-maps'], withChannel];
  await endLike(await run(process.execPath, [...flags, programs[name], ...args], stdio));
}

main().catch((error) => {
  console.error(error instanceof Problem ? error.message : error);
  process.exit(1);
});
