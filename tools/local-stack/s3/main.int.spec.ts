import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';
import { send, signed, type RawReply, type RawRequest } from './contract/signed-request.js';

const credentials = { accessKey: 'someone', secretKey: 'something' };
const here = path.dirname(expect.getState().testPath ?? '');

const ask = (endpoint: URL, request: RawRequest): Promise<RawReply> =>
  send(endpoint, signed({ endpoint, credentials }, request));

describe('the process of the S3 store', () => {
  let root: string;
  let program: string;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 's3-main-'));
    program = path.join(root, 'main.mjs');
    buildSync({
      entryPoints: [path.join(here, 'main.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
    });
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(root, { recursive: true });
  });

  function run(args: string[], env: Record<string, string>): ChildProcess {
    const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  }

  async function start(): Promise<{ child: ChildProcess; endpoint: URL }> {
    const keys = { S3_ACCESS_KEY: credentials.accessKey, S3_SECRET_KEY: credentials.secretKey };
    const child = run(['--dir', path.join(root, 'data'), '--port', '0'], keys);
    if (!child.stdout) throw new Error('no output');
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    return { child, endpoint: new URL(line.replace('S3 store listening on ', '')) };
  }

  it('keeps what it acknowledged when it is killed, and ends quietly when it is told to', async () => {
    const { child, endpoint } = await start();
    await ask(endpoint, { method: 'PUT', path: '/models' });
    const acknowledged: string[] = [];
    const writer = async (name: number): Promise<void> => {
      for (let count = 0; count < 500; count += 1) {
        const place = `/models/${name}-${count}`;
        const { status } = await ask(endpoint, { method: 'PUT', path: place, body: place });
        if (status === 200) acknowledged.push(place);
        if (acknowledged.length === 100) child.kill('SIGKILL');
      }
    };
    const ended = once(child, 'exit');
    await Promise.allSettled(Array.from({ length: 10 }, (_, name) => writer(name)));
    await ended;

    const second = await start();
    const replies = await Promise.all(
      acknowledged.map((place) => ask(second.endpoint, { method: 'GET', path: place })),
    );
    expect(acknowledged.length).toBeGreaterThanOrEqual(100);
    expect(replies.map(({ text }) => text)).toEqual(acknowledged);
    const exit = once(second.child, 'exit');
    second.child.kill('SIGTERM');
    await expect(exit).resolves.toEqual([0, null]);
  });

  it.each([
    ['without a folder', [], { S3_ACCESS_KEY: 'a', S3_SECRET_KEY: 'b' }, 'Usage'],
    ['without keys', ['--dir', 'unused'], {}, 'needs an access key'],
  ])('does not start %s and says why', async (_what, args, env, reason) => {
    const child = run(args, env);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await expect(once(child, 'close')).resolves.toEqual([1, null]);
    expect(said).toContain(reason);
  });
});
