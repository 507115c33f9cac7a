import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { StackCoordinates } from '../local-stack/local-stack.js';

// Jest loads this file outside its module system: whatever it imports at run time must be JavaScript already, so it imports nothing of ours.

interface GlobalConfig {
  rootDir: string;
  onlyChanged: boolean;
  findRelatedTests: boolean;
  testPathPatterns: { toExecutor(options: { rootDir: string }): { isMatch(file: string): boolean } };
}

declare global {
  /** The process that holds the servers, for globalTeardown. */
  var testStackProcess: ChildProcess | undefined;
}

const needsServers = /\.(int|e2e)\.spec\.ts$/;

/**
 * One throw-away stack for a whole run of Jest, in a process of its own, which ends with its servers and data however Jest ends.
 * Only when a selected test needs servers (`*.int.spec.ts`, `*.e2e.spec.ts`). The coordinates are in `TEST_STACK` as JSON and, for the
 * administrator of each server, in TEST_DATABASE_URL, TEST_RABBITMQ_URL, TEST_RABBITMQ_MANAGEMENT_URL, TEST_S3_*. A `TEST_STACK` that
 * is already set is used instead.
 */
export default async function globalSetup(config: GlobalConfig, project: { roots: string[] }): Promise<void> {
  if (!process.env.TEST_STACK) {
    if (!selectsServerTests(config, project.roots)) return;
    process.env.TEST_STACK = JSON.stringify(await startServers(config.rootDir));
  }
  const { database, broker, objectStore } = JSON.parse(process.env.TEST_STACK) as StackCoordinates;
  Object.assign(process.env, {
    TEST_DATABASE_URL: database.adminUrl,
    TEST_RABBITMQ_URL: broker.admin?.url ?? '',
    TEST_RABBITMQ_MANAGEMENT_URL: broker.admin?.managementUrl ?? '',
    TEST_S3_ENDPOINT: objectStore.endpoint,
    TEST_S3_ACCESS_KEY: objectStore.accessKey,
    TEST_S3_SECRET_KEY: objectStore.secretKey,
  });
}

function selectsServerTests(
  { rootDir, onlyChanged, findRelatedTests, testPathPatterns }: GlobalConfig,
  roots: string[],
): boolean {
  if (onlyChanged || findRelatedTests) return true;
  const selected = testPathPatterns.toExecutor({ rootDir });
  return roots
    .flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => path.join(root, name)))
    .some((file) => needsServers.test(file) && selected.isMatch(file));
}

function startServers(rootDir: string): Promise<StackCoordinates> {
  const program = path.join(rootDir, 'dist', 'tools', 'local-stack', 'main.js');
  if (!existsSync(program))
    spawnSync(process.execPath, ['node_modules/ts7/bin/tsc', '-p', 'tsconfig.json'], { cwd: rootDir });
  const stack = fork(program, ['--throwaway'], {
    cwd: rootDir,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
  });
  globalThis.testStackProcess = stack;
  let said = '';
  let ready = false;
  stack.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (ready) process.stderr.write(text); // a server died in the middle of the tests
    said += text;
  });
  return new Promise((resolve, reject) => {
    stack.once('message', (coordinates) => {
      ready = true;
      resolve(coordinates as StackCoordinates);
    });
    stack.once('exit', () => reject(new Error(`the servers for the tests could not be started:\n${said}`)));
  });
}
