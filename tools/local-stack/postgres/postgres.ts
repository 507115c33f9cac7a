import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { Client, DatabaseError } from 'pg';
import type { Child } from '../processes/child.js';
import type { RunAs } from '../processes/command.js';
import { endProcess } from '../processes/orphans.js';
import { commandLine, processIdentity } from '../processes/process-identity.js';
import { Supervised } from '../processes/supervised.js';
import { SetupProblem } from '../setup-problem.js';
import { supervision, type StackContext } from '../stack-context.js';
import { findPostgres, type PostgresBinaries } from './postgres-binaries.js';
import { postgresRunAs } from './postgres-user.js';

const admin = 'lathe_admin';

export interface PostgresServer {
  server: Supervised;
  /** The address of its superuser, on the maintenance database. */
  adminUrl: string;
  source: string;
}

interface Cluster extends PostgresBinaries {
  context: StackContext;
  data: string;
  port: number;
  runAs: RunAs | undefined;
}

/** A private PostgreSQL on a loopback port, ready to be started; makes its data folder when there is none. */
export async function preparePostgres(context: StackContext): Promise<PostgresServer> {
  const data = path.join(context.dataDir, 'postgres');
  const versionFile = path.join(data, 'PG_VERSION');
  const dataMajor = existsSync(versionFile) ? Number(readFileSync(versionFile, 'utf8')) : undefined;
  const binaries = findPostgres(dataMajor, data);
  const cluster: Cluster = {
    ...binaries,
    context,
    data,
    port: await context.state.port('postgres'),
    runAs: postgresRunAs([binaries.folder, data]),
  };
  if (dataMajor === undefined) await initialise(cluster);
  own(data, cluster.runAs);
  const adminUrl = `postgres://${admin}:${context.state.secret('postgres')}@127.0.0.1:${cluster.port}/postgres`;
  const server = new Supervised({
    title: 'PostgreSQL',
    launch: () => launch(cluster),
    answers: () => answers(adminUrl, context.dataDir),
    ...supervision(context, 60_000),
    stopSignal: context.throwaway ? 'SIGQUIT' : undefined, // killed, it would leave shared memory behind
  });
  return { server, adminUrl, source: `PostgreSQL ${binaries.major}, ${binaries.source}` };
}

async function launch(cluster: Cluster): Promise<Child> {
  await clearPidFile(path.join(cluster.data, 'postmaster.pid'), cluster.data);
  const { throwaway } = cluster.context;
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: throwaway ? 300 : 100,
    shared_buffers: '64MB',
    ...(throwaway ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return run(cluster, 'postgres', ['-D', cluster.data, '-p', String(cluster.port), ...flags]);
}

/** Makes the data folder under another name first: one that was interrupted half-way is never taken for a whole one. */
async function initialise(cluster: Cluster): Promise<void> {
  const { context, data, runAs, major } = cluster;
  const unfinished = `${data}.new`;
  const passwordFile = path.join(context.dataDir, 'postgres.password');
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, `${context.state.secret('postgres')}\n`, { mode: 0o600 });
  for (const made of [unfinished, passwordFile]) own(made, runAs);
  // From 17 on PostgreSQL brings its own Unicode rules, the same on every machine; before that, C is the one that is.
  const locale = major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
  const flags = ['-D', unfinished, '-U', admin, `--pwfile=${passwordFile}`, '-A', 'scram-sha-256', '-E', 'UTF8'];
  const child = run(cluster, 'initdb', [...flags, '--locale=C', ...locale, '--no-sync']);
  const ending = await child.ended;
  rmSync(passwordFile, { force: true });
  if (ending !== 'exit code 0') throw new SetupProblem(`initdb ended with ${ending}:\n${child.tail()}`);
  rmSync(data, { recursive: true, force: true });
  renameSync(unfinished, data);
}

function run({ context, folder, runAs, data }: Cluster, program: string, args: string[]): Child {
  return context.children.start({
    name: program,
    file: path.join(folder, program),
    args,
    env: { PATH: process.env.PATH, HOME: data, LC_ALL: 'C', TZ: 'UTC' },
    cwd: '/',
    stopSignal: 'SIGINT', // PostgreSQL's "fast shutdown": ends sessions, writes everything
    runAs,
  });
}

/** Gives a folder or file to the user who will work with it, whoever worked with it before. */
function own(target: string, runAs: RunAs | undefined): void {
  const uid = runAs?.kind === 'user' ? runAs.uid : process.getuid?.();
  if (uid === undefined || statSync(target).uid === uid) return;
  const gid = runAs?.kind === 'user' ? runAs.gid : (process.getgid?.() ?? uid);
  if (statSync(target).isDirectory()) spawnSync('chown', ['-R', `${uid}:${gid}`, target]);
  else chownSync(target, uid, gid);
  if (statSync(target).isDirectory()) chmodSync(target, 0o700);
}

/** Ends a server that still works on this folder; removes the mark of one that is gone, whose number may be somebody else's now. */
async function clearPidFile(file: string, data: string): Promise<void> {
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const identity = processIdentity(pid);
  if (identity && commandLine(pid).includes(data)) await endProcess({ pid, identity }, 'SIGINT');
  rmSync(file, { force: true });
}

async function answers(url: string, dataDir: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === '28P01') throw lostPassword(dataDir);
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const lostPassword = (dataDir: string): SetupProblem =>
  new SetupProblem(
    `The database in ${dataDir} does not accept the password in stack.json beside it; was that file removed or replaced?\n` +
      `Put the old stack.json back, or remove ${dataDir} to start with no data.`,
  );
