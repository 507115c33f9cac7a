import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'amqplib';
import { Client } from 'pg';
import { sharedTestStack } from '../test-stack/shared-stack.js';
import { startLocalStack, type LocalStack, type StackCoordinates } from './local-stack.js';
import { answersOk } from './object-store.js';
import { isRunning, type ProcessRecord } from './processes/process-identity.js';
import { projectRoot } from './state/folders.js';

// These tests start stacks of their own: the shared one must not be stopped. Servers of the environment would be used instead of ours.
const env = {};
const temporary = (): string => mkdtempSync(path.join(tmpdir(), 'lathe-stack-spec-'));
const portOf = (url: string): number => Number(new URL(url).port);

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function onBroker<Result>(
  url: string,
  use: (connection: Awaited<ReturnType<typeof connect>>) => Promise<Result>,
) {
  const connection = await connect(url);
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

const park = (url: string, text: string): Promise<void> =>
  onBroker(url, async (connection) => {
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue('auth.parked', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    channel.publish('', 'auth.parked', Buffer.from(text), { persistent: true });
    await channel.waitForConfirms();
  });

const takeParked = (url: string): Promise<string | undefined> =>
  onBroker(url, async (connection) => {
    const message = await (await connection.createChannel()).get('auth.parked', { noAck: true });
    return message ? message.content.toString() : undefined;
  });

const records = (dataDir: string): ProcessRecord[] =>
  readdirSync(path.join(dataDir, 'children')).map(
    (name) => JSON.parse(readFileSync(path.join(dataDir, 'children', name), 'utf8')) as ProcessRecord,
  );

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(50);
}

describe('a stack that keeps its data', () => {
  const dataDir = temporary();
  const lines: string[] = [];
  let stack: LocalStack;
  const start = async (): Promise<LocalStack> =>
    (stack = await startLocalStack({ dataDir, env, log: (line) => lines.push(line) }));
  beforeAll(start, 60_000);
  afterAll(async () => {
    await stack.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('answers on all three servers, to the services only', async () => {
    expect(await query(stack.database.urls.task, 'SELECT current_schema() AS schema')).toEqual([{ schema: 'task' }]);
    await onBroker(stack.broker.workerUrls.engine, (connection) => connection.createChannel());
    expect(await answersOk(`${stack.objectStore.endpoint}/_health`)).toBe(true);
    expect(stack.broker.admin).toBeUndefined();
  });

  it('has roles that cannot read each other', async () => {
    await query(stack.database.urls.auth, 'CREATE TABLE secrets (id int)');
    await expect(query(stack.database.urls.task, 'SELECT * FROM auth.secrets')).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('refuses a second launcher', async () => {
    await expect(startLocalStack({ dataDir, env })).rejects.toThrow(`already running on ${dataDir}`);
  });

  it('starts a server again that dies, on the same port', async () => {
    const before = stack.servers.get('s3')?.pid;
    stack.servers.get('s3')?.kill('SIGKILL');
    await until(() => lines.includes('The S3 server runs again'));
    expect(lines.join('\n')).toContain('The S3 server died (SIGKILL)');
    expect(stack.servers.get('s3')?.pid).not.toBe(before);
    expect(await answersOk(`${stack.objectStore.endpoint}/_health`)).toBe(true);
  });

  it('has the same data, ports and passwords after a restart, and another port where one is taken', async () => {
    await query(stack.database.urls.task, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await park(stack.broker.urls.auth, 'still here');
    const first = stack;
    await first.stop();
    const intruder: Server = createServer().listen(portOf(first.objectStore.endpoint), '127.0.0.1');
    const second = await start();
    intruder.close();
    expect(await query(first.database.urls.task, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(await takeParked(first.broker.urls.auth)).toBe('still here');
    expect(portOf(second.objectStore.endpoint)).not.toBe(portOf(first.objectStore.endpoint));
  }, 60_000);
});

describe('a launcher that is killed', () => {
  const dataDir = temporary();
  let launcher: ChildProcess;
  const launch = async (): Promise<StackCoordinates> => {
    const program = path.join(projectRoot(), 'dist', 'tools', 'local-stack', 'main.js');
    const { PATH, HOME, LATHE_CACHE_DIR } = process.env;
    const environment = { PATH, HOME, LATHE_CACHE_DIR, DATA_DIR: dataDir };
    launcher = fork(program, { cwd: projectRoot(), stdio: 'ignore', env: environment, execArgv: [] });
    const [coordinates] = (await once(launcher, 'message')) as [StackCoordinates];
    return coordinates;
  };
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  it('leaves no process behind, and the next one starts on its data', async () => {
    const first = await launch();
    await query(first.database.urls.task, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const children = records(dataDir);
    expect(children.filter(isRunning)).toHaveLength(4);
    launcher.kill('SIGKILL');
    await until(() => !children.some(isRunning));
    expect(existsSync(path.join(dataDir, 'stack.lock'))).toBe(true);

    const second = await launch();
    expect(await query(second.database.urls.task, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    const ended = once(launcher, 'exit');
    launcher.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect([readdirSync(path.join(dataDir, 'children')), existsSync(path.join(dataDir, 'stack.lock'))]).toEqual([
      [],
      false,
    ]);
  }, 60_000);
});

describe('a throw-away stack on servers from outside', () => {
  it('starts nothing, uses roles and a database of its own, and takes them away', async () => {
    const outside = sharedTestStack();
    const { endpoint, accessKey, secretKey } = outside.objectStore;
    const stack = await startLocalStack({
      throwaway: true,
      env: {
        DATABASE_URL: outside.database.adminUrl,
        RABBITMQ_URL: outside.broker.urls.task,
        ML_RABBITMQ_URL: outside.broker.workerUrls.engine,
        S3_ENDPOINT: endpoint,
        S3_ACCESS_KEY: accessKey,
        S3_SECRET_KEY: secretKey,
      },
    });
    expect(stack.servers.size).toBe(0);
    expect(stack.broker.urls.gateway).toBe(outside.broker.urls.task);
    expect(stack.broker.workerUrls['ml-bridge']).toBe(outside.broker.workerUrls.engine);
    const database = new URL(stack.database.urls.auth).pathname.slice(1);
    expect(await query(stack.database.urls.auth, 'SELECT current_schema() AS schema')).toEqual([{ schema: 'auth' }]);
    const left = `SELECT FROM pg_database WHERE datname = '${database}' UNION ALL SELECT FROM pg_roles WHERE rolname LIKE '${database}%'`;
    expect(await query(outside.database.adminUrl, left)).toHaveLength(5);
    await stack.stop();
    expect(await query(outside.database.adminUrl, left)).toHaveLength(0);
    expect(existsSync(stack.dataDir)).toBe(false);
  });

  it('needs room on the disk', async () => {
    await expect(startLocalStack({ dataDir: '/proc/none', env })).rejects.toThrow(
      'Not enough disk space at /proc/none',
    );
  });
});
