import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processIdentity } from './local-stack/processes/process-identity.js';
import { projectRoot } from './local-stack/state/folders.js';

/** A checkout in which npm, the compiler and Jest only write down that they were called. */
let checkout: string;
const at = (...names: string[]): string => path.join(checkout, ...names);
const calls = (): string[] => (existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8').trim().split('\n') : []);
const noting = (name: string, more = ''): string =>
  `require('node:fs').appendFileSync('calls', '${name} ' + process.argv.slice(2).join(' ') + '\\n');${more}`;

function put(file: string, content: string): void {
  mkdirSync(path.dirname(at(file)), { recursive: true });
  writeFileSync(at(file), content);
}

beforeEach(() => {
  checkout = mkdtempSync(path.join(tmpdir(), 'lathe-launch-'));
  mkdirSync(at('tools'));
  copyFileSync(path.join(projectRoot(), 'tools', 'launch.mjs'), at('tools', 'launch.mjs'));
  put('package-lock.json', '{}');
  put('npm.js', noting('npm', `require('node:fs').mkdirSync('node_modules', { recursive: true })`));
  put('node_modules/ts7/bin/tsc', noting('compile'));
  put('node_modules/jest/bin/jest.js', noting('jest', 'process.exitCode = 7'));
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

function launch(...args: string[]): ChildProcess {
  return spawn(process.execPath, [at('tools', 'launch.mjs'), ...args], {
    env: { ...process.env, npm_execpath: at('npm.js') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function outcome(child: ChildProcess): Promise<{ code: unknown; signal: unknown; said: string }> {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (said += String(text)));
  const [code, signal] = (await once(child, 'close')) as unknown[];
  return { code, signal, said };
}

/** A program that says when it runs, and how it was asked to end. */
const lasting = `
  const fs = require('node:fs');
  process.on('SIGINT', () => { fs.appendFileSync('calls', 'SIGINT\\n'); setTimeout(() => process.exit(0), 100); });
  setInterval(() => {}, 1000);
  fs.writeFileSync('running', String(process.pid));`;

async function runningPid(): Promise<number> {
  while (!existsSync(at('running')) || readFileSync(at('running'), 'utf8') === '') await delay(10);
  return Number(readFileSync(at('running'), 'utf8'));
}

describe('the launcher', () => {
  it('installs, compiles, runs the tests with the arguments given, and ends with their exit code', async () => {
    const { code, said } = await outcome(launch('test', 'libs/mesh', '--verbose'));
    expect(code).toBe(7);
    expect(calls().map((call) => call.split(' ')[0])).toEqual(['npm', 'compile', 'jest']);
    expect(calls()[0]).toMatch(/^npm install --no-save --ignore-scripts /);
    expect(calls()[2]).toBe('jest libs/mesh --verbose');
    expect(said).toMatch(/Compiling: \d/);
  });

  it('installs again only when the lock file has changed', async () => {
    await outcome(launch('test'));
    await outcome(launch('test'));
    put('package-lock.json', '{"lockfileVersion": 3}');
    await outcome(launch('test'));
    expect(calls().map((call) => call.split(' ')[0])).toEqual([
      'npm',
      'compile',
      'jest',
      'compile',
      'jest',
      'npm',
      'compile',
      'jest',
    ]);
  });

  it('stops before the program when the compiler fails', async () => {
    put('node_modules/ts7/bin/tsc', 'console.error("TS1005"); process.exitCode = 2');
    const { code, said } = await outcome(launch('test'));
    expect({ code, ran: calls().length }).toEqual({ code: 1, ran: 1 });
    expect(said).toMatch(/TS1005[\s\S]*Compiling failed \(exit code 2\)/);
  });

  it('compiles one at a time when two launchers run side by side', async () => {
    put('node_modules/ts7/bin/tsc', noting('begin', `setTimeout(() => { ${noting('end')} }, 300)`));
    await Promise.all([outcome(launch('test')), outcome(launch('test'))]);
    const compiling = calls()
      .map((call) => call.trim().split(' ')[0])
      .filter((name) => name === 'begin' || name === 'end');
    expect(compiling).toEqual(['begin', 'end', 'begin', 'end']);
  });

  it('passes Ctrl-C on and waits for the end in order', async () => {
    put('dist/tools/start.js', lasting);
    const child = launch('start');
    const ended = outcome(child);
    await runningPid();
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 0, signal: null });
    expect(calls().at(-1)).toBe('SIGINT');
  });

  it('takes its program along when it is killed', async () => {
    put('dist/tools/start.js', lasting);
    const child = launch('start');
    const pid = await runningPid();
    child.kill('SIGKILL');
    while (processIdentity(pid)) await delay(10);
    expect(processIdentity(pid)).toBeUndefined();
  });

  it('says in one line that the checkout cannot be written to', async () => {
    put('dist', 'a file where the folder should be');
    const { code, said } = await outcome(launch('test'));
    expect({ code, lines: said.trim().split('\n').length }).toEqual({ code: 1, lines: 1 });
    expect(said).toMatch(/dist cannot be written to \(EEXIST\)\. Run this as the user/);
  });

  it('says what it can run', async () => {
    const said = 'Usage: npm run start | demo | test | test:faults | dead-letters | lathe\n';
    expect(await outcome(launch('nothing'))).toMatchObject({ code: 1, said });
  });
});
