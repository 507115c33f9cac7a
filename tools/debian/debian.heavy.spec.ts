import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeWith } from './describe-with.js';
import { folderOf, type Program, type Unavailable } from './find-program.js';
import { haproxyProgram } from './haproxy.js';
import { pythonProgram, pythonSet } from './python.js';
import { redisProgram } from './redis.js';

function output(program: Program | Unavailable, ...args: string[]): string {
  if ('missing' in program) throw new Error(program.missing);
  const { stdout, stderr } = spawnSync(program.file, [...program.args, ...args], {
    env: program.env,
    encoding: 'utf8',
  });
  return stdout + stderr;
}

describeWith(['haproxy', 'python', 'redis'], 'programs from Debian packages', () => {
  it('are Python with everything a worker imports, and nothing of this machine', async () => {
    const code =
      'import celery, kombu, billiard, amqp, redis, pika, ssl, ctypes, sys; print(*{m.__file__ for m in (celery, kombu, redis, pika, ssl)})';
    const files = output(await pythonProgram(), '-c', code)
      .trim()
      .split(' ');
    const folder = await folderOf(pythonSet);
    expect(files).toHaveLength(5);
    for (const file of files) expect(file).toContain('root' in folder ? folder.root : '');
  });

  it('are a HAProxy', async () => {
    expect(output(await haproxyProgram(), '-v')).toContain('HAProxy version');
  });

  it('are a Redis server', async () => {
    expect(output(await redisProgram(), '--version')).toContain('Redis server v=');
  });
});

describe('packages on a system without apt', () => {
  let cache: string;
  const { PATH, LATHE_CACHE_DIR } = process.env;
  beforeEach(() => {
    cache = mkdtempSync(path.join(tmpdir(), 'lathe-cache-'));
    Object.assign(process.env, { PATH: cache, LATHE_CACHE_DIR: cache });
  });
  afterEach(() => {
    rmSync(cache, { recursive: true, force: true });
    Object.assign(process.env, { PATH });
    if (LATHE_CACHE_DIR === undefined) delete process.env.LATHE_CACHE_DIR;
    else Object.assign(process.env, { LATHE_CACHE_DIR });
  });

  it('cannot be had, and the answer says why', async () => {
    const missing = expect.stringContaining('could not be fetched: this system has no apt-get') as string;
    expect(await pythonProgram()).toEqual({ missing });
    expect(await redisProgram()).toEqual({ missing });
  });
});
