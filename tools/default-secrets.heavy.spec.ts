import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from './local-stack/state/folders.js';

const good = 'Vb3kQ9xTz7LmWc2Rf8HnVb3kQ9xTz7LmWc2Rf8Hn';
const database = `postgres://somebody:${good}@127.0.0.1:1/lathe`;
const broker = `amqp://somebody:${good}@127.0.0.1:1/lathe`;
const store = { S3_ENDPOINT: 'http://127.0.0.1:1', S3_BUCKET: 'lathe', S3_ACCESS_KEY: 'lathe' };

/** A process, settings that are complete but for one, and that one as everybody knows it. */
const processes: [program: string, settings: Record<string, string>, wrong: Record<string, string>][] = [
  ['apps/gateway/src/main.js', {}, { RABBITMQ_URL: 'amqp://guest:guest@127.0.0.1:1/lathe' }],
  ['apps/auth/src/main.js', { DATABASE_URL: database, RABBITMQ_URL: broker }, { AUTH_SECRET: 'changeme'.repeat(4) }],
  [
    'apps/task/src/main.js',
    { RABBITMQ_URL: broker, WEBHOOKS_SECRET: good },
    { DATABASE_URL: 'postgres://lathe_task:lathe_task@127.0.0.1:1/x' },
  ],
  [
    'apps/task/src/main.js',
    { DATABASE_URL: database, RABBITMQ_URL: broker },
    { WEBHOOKS_SECRET: 'changeme'.repeat(4) },
  ],
  [
    'apps/storage/src/main.js',
    { DATABASE_URL: database, RABBITMQ_URL: broker, ...store },
    { S3_SECRET_KEY: 'minioadmin' },
  ],
  [
    'apps/ml-bridge/src/main.js',
    { DATABASE_URL: database, RABBITMQ_URL: broker },
    { ML_RABBITMQ_URL: 'amqp://ml-bridge:password@127.0.0.1:1/ml' },
  ],
  ['apps/engine/src/main.js', {}, { ML_RABBITMQ_URL: 'amqp://127.0.0.1:1/ml' }],
  ['tools/provision/main.js', {}, { ADMIN_DATABASE_URL: 'postgres://postgres:postgres@127.0.0.1:1/postgres' }],
];

/** Runs one of the built processes until it ends. */
async function run(program: string, settings: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [path.join(projectRoot(), 'dist', program)], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', PORT: '0', HOST: '127.0.0.1', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const output of [child.stdout, child.stderr])
    output.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}

describe('a process in production', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'lathe-secrets-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(processes)(
    '%s does not start with a secret that everybody knows, and names it',
    async (program, given, wrong) => {
      const [name, value] = Object.entries(wrong)[0]!;
      const { code, said } = await run(program, { ...given, ...wrong });
      expect(code).toBe(1);
      expect(said).toMatch(new RegExp(`^wrong settings:\\s+${name} .*NODE_ENV=production does not allow\\s*$`));
      expect(said).not.toContain(value);
    },
  );

  it('does not start with one from a file either', async () => {
    const AUTH_SECRET_FILE = path.join(folder, 'auth-secret');
    writeFileSync(AUTH_SECRET_FILE, 'change-me-to-something-of-32-characters\n');
    const settings = { DATABASE_URL: database, RABBITMQ_URL: broker, AUTH_SECRET_FILE };
    const { code, said } = await run('apps/auth/src/main.js', settings);
    expect(code).toBe(1);
    expect(said).toMatch(/^wrong settings:\s+AUTH_SECRET is a well-known default/);
  });
});
