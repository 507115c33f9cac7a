import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isMap, isSeq, parseDocument } from 'yaml';
import type { Program } from '../debian/find-program.js';
import { pythonProgram } from '../debian/python.js';
import type { LocalStack } from '../local-stack/local-stack.js';
import type { Child } from '../local-stack/processes/child.js';
import { Children } from '../local-stack/processes/children.js';
import { prepareRedis, type RedisServer } from '../local-stack/redis/redis.js';
import { SetupProblem } from '../local-stack/setup-problem.js';
import { projectRoot } from '../local-stack/state/folders.js';
import { StackState } from '../local-stack/state/stack-state.js';
import type { DemoOptions } from './options.js';

/** The model that the worker runs: it turns vases and bowls on the CPU (workers/python/examples/turned.py). */
export const turnedModel = 'turned';

/** A real Celery worker on a broker of its own. */
export interface CeleryEngine {
  /** What the services have to be told: the models with this one switched on, and where its broker is. */
  settings: NodeJS.ProcessEnv;
  /** Rejects with a SetupProblem when the worker ends, which it does at `stop` too. */
  failed: Promise<never>;
  stop(): Promise<void>;
}

/** Throws a SetupProblem that says what to do where Celery cannot be had. */
export async function requireCelery(log: (line: string) => void): Promise<Program> {
  const python = await pythonProgram(log);
  if (!('missing' in python)) return python;
  throw new SetupProblem(
    `${python.missing}.\nThe demo takes Python and Celery from the packages of Debian or Ubuntu. On another system, install them ` +
      'and start the worker yourself: workers/python/README.md. The demo of our own engine needs nothing:  npm run demo',
  );
}

/** Starts the worker beside a running stack, and its Redis when it is to be one. */
export async function startCeleryEngine(
  stack: LocalStack,
  python: Program,
  { broker }: DemoOptions,
  log: (line: string) => void,
): Promise<CeleryEngine> {
  const { dataDir } = stack;
  const children = new Children(dataDir);
  let redis: RedisServer | undefined;
  const stop = async (): Promise<void> => {
    await redis?.server.stop();
    await children.close();
  };
  try {
    if (broker === 'redis') redis = await startRedis(dataDir, children, log);
    const url = redis?.url ?? stack.broker.celeryUrl;
    const models = path.join(dataDir, 'models.yaml');
    const { content, queue, task } = withTurned(
      readFileSync(path.join(projectRoot(), 'config', 'models.yaml'), 'utf8'),
    );
    writeFileSync(models, content);
    const failed = endOf(startWorker(dataDir, children, python, { url, queue, task }));
    failed.catch(() => undefined); // whoever waits for models is told; at the end nobody waits
    log(`Celery: a worker for the model "${turnedModel}", through ${broker === 'redis' ? 'Redis' : 'RabbitMQ'}`);
    return { settings: { MODELS_FILE: models, CELERY_BROKER_URL: url }, failed, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The catalogue as it comes with Lathe, with the model of the demo switched on. Throws when there is no such model in it. */
export function withTurned(catalogue: string): { content: string; queue: string; task: string } {
  const document = parseDocument(catalogue);
  const models = document.get('models');
  const turned = isSeq(models) ? models.items.find((model) => isMap(model) && model.get('id') === turnedModel) : null;
  if (!isMap(turned)) throw new Error(`models.yaml has no model "${turnedModel}"`);
  turned.set('enabled', true);
  const { transport } = turned.toJSON() as { transport: { queue: string; task: string } };
  return { content: document.toString(), queue: transport.queue, task: transport.task };
}

async function startRedis(dataDir: string, children: Children, log: (line: string) => void): Promise<RedisServer> {
  const redis = await prepareRedis({ dataDir, children, log, state: StackState.open(dataDir), throwaway: true });
  await redis.server.start();
  return redis;
}

function startWorker(
  dataDir: string,
  children: Children,
  { file, args, env }: Program,
  { url, queue, task }: { url: string; queue: string; task: string },
): Child {
  const examples = path.join(projectRoot(), 'workers/python/examples');
  return children.start({
    name: 'celery',
    file,
    args: [...args, '-m', 'lathe_worker', 'turned:generate'],
    env: {
      ...env,
      PYTHONPATH: [env.PYTHONPATH, examples].join(path.delimiter),
      LATHE_TRANSPORT: 'celery',
      LATHE_URL: url,
      LATHE_QUEUE: queue,
      LATHE_TASK_NAME: task,
    },
    cwd: dataDir,
    stopSignal: 'SIGTERM',
  });
}

async function endOf(worker: Child): Promise<never> {
  const ended = await worker.ended;
  throw new SetupProblem(`The Celery worker ended (${ended}):\n${worker.tail()}`);
}
