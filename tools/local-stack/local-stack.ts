import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ObjectStore } from './object-store.js';
import { outsideServers } from './outside.js';
import { requireOutsideAnswers } from './outside-answers.js';
import { Children } from './processes/children.js';
import { endOrphans } from './processes/orphans.js';
import type { Supervised } from './processes/supervised.js';
import { shown } from './setup-problem.js';
import type { StackContext } from './stack-context.js';
import {
  startBroker,
  startDatabase,
  startObjectStore,
  type BrokerCoordinates,
  type DatabaseCoordinates,
  type TakeDown,
} from './stack-parts.js';
import { neededForData, requireSpace } from './state/disk-space.js';
import { requireFolder } from './state/folders.js';
import { lockStack, type Lock } from './state/stack-lock.js';
import { StackState } from './state/stack-state.js';
import { removeAbandonedStacks, throwawayPrefix } from './state/throwaway.js';

/** Where the servers of a stack are and how each service reaches them. Plain data: it can be handed to another process. */
export interface StackCoordinates {
  dataDir: string;
  database: DatabaseCoordinates;
  broker: BrokerCoordinates;
  objectStore: ObjectStore;
  /** What the auth service signs with. */
  authSecret: string;
  /** What the task service derives the secrets of webhooks from. */
  webhooksSecret: string;
}

export interface LocalStack extends StackCoordinates {
  /** The servers that are ours, to be killed or restarted in tests: `postgres`, `epmd`, `rabbitmq` (or `rabbitmq-1`, …), `s3`. */
  servers: ReadonlyMap<string, Supervised>;
  /** Ends every server of ours; a throw-away stack removes its data. Can be called again. */
  stop(): Promise<void>;
}

export interface LocalStackOptions {
  /** Where data, ports, secrets and logs are kept. A throw-away stack has a temporary folder unless one is given. */
  dataDir?: string;
  /** For tests: fast, forgotten at the end, with RabbitMQ's management interface and an administrator. */
  throwaway?: boolean;
  log?: (line: string) => void;
  /** Gives the start up. A stack that has started is ended by `stop` alone, in its place among others. */
  signal?: AbortSignal;
  /** Where servers from outside are named; the process's own environment unless told. */
  env?: NodeJS.ProcessEnv;
  /** Nodes of RabbitMQ, one unless told; several are for tests, and have a balancer before them. */
  brokerNodes?: number;
}

/**
 * Starts a private PostgreSQL, RabbitMQ and S3 server, or uses those that the environment names, and makes the databases, roles,
 * users and vhosts of the product in them. Throws a SetupProblem that says what to do when something is in the way.
 */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const { signal, throwaway = false, log = () => undefined, env = process.env } = options;
  const outside = outsideServers(env);
  await requireOutsideAnswers(outside);
  const dataDir = path.resolve(options.dataDir ?? temporaryFolder());
  await requireSpace(dataDir, neededForData, 'set DATA_DIR to a folder with more');
  requireFolder(dataDir, 'set DATA_DIR to a folder of yours');
  const running = new RunningServers(dataDir, throwaway, lockStack(dataDir));
  const stop = (): Promise<void> => running.stop();
  const giveUp = (): void => void stop();
  signal?.addEventListener('abort', giveUp);
  try {
    const orphans = await endOrphans(dataDir);
    if (orphans.length > 0) log(`Ended what an earlier run left behind: ${orphans.join(', ')}`);
    signal?.throwIfAborted();
    const context: StackContext = {
      dataDir,
      state: StackState.open(dataDir),
      children: running.children,
      throwaway,
      log,
    };
    const [database, broker, objectStore] = await Promise.all([
      startDatabase(context, outside, running),
      startBroker(context, outside, running, options.brokerNodes),
      startObjectStore(context, outside, env, running),
    ]);
    signal?.throwIfAborted();
    return {
      dataDir,
      database,
      broker,
      objectStore,
      authSecret: env.AUTH_SECRET || context.state.secret('auth'),
      webhooksSecret: env.WEBHOOKS_SECRET || context.state.secret('webhooks'),
      servers: running.servers,
      stop,
    };
  } catch (error) {
    await stop();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

function temporaryFolder(): string {
  removeAbandonedStacks(tmpdir());
  return mkdtempSync(path.join(tmpdir(), throwawayPrefix));
}

/** What a stack has to take down, in whatever state its start is. */
class RunningServers implements TakeDown {
  readonly servers = new Map<string, Supervised>();
  readonly children: Children;
  private readonly steps: (() => Promise<void>)[] = [];
  private stopped: Promise<void> | undefined;
  private readonly onExit = (): void => {
    this.children.killAll();
    rmSync(this.dataDir, { recursive: true, force: true });
  };

  constructor(
    private readonly dataDir: string,
    private readonly throwaway: boolean,
    private readonly lock: Lock,
  ) {
    this.children = new Children(dataDir);
    if (throwaway) process.once('exit', this.onExit);
  }

  server(name: string, server: Supervised): void {
    this.servers.set(name, server);
  }

  step(step: () => Promise<void>): void {
    this.steps.push(step);
  }

  stop(): Promise<void> {
    return (this.stopped ??= this.takeDown());
  }

  private async takeDown(): Promise<void> {
    for (const step of this.steps) await step().catch((error: unknown) => console.error(shown(error)));
    const epmd = this.servers.get('epmd');
    await Promise.all([...this.servers.values()].filter((server) => server !== epmd).map((server) => server.stop()));
    await epmd?.stop(); // RabbitMQ signs off there
    await this.children.close();
    this.lock.release();
    if (!this.throwaway) return;
    process.off('exit', this.onExit);
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
