import { existsSync } from 'node:fs';
import path from 'node:path';
import { addressOf, engineCount, gatewayPlace } from './gateway-place.js';
import type { LocalStack } from './local-stack.js';
import { answersOk } from './object-store.js';
import { Children } from './processes/children.js';
import { Supervised } from './processes/supervised.js';
import { serviceEnvironment, type Place, type ServiceName } from './service-environment.js';
import { SetupProblem } from './setup-problem.js';
import { projectRoot } from './state/folders.js';
import { StackState } from './state/stack-state.js';

export interface ServicesOptions {
  /** PORT and HOST of the API, ENGINE_PROCESSES, and every setting of the services; the process's own environment unless told. */
  env?: NodeJS.ProcessEnv;
  log?: (line: string) => void;
  /** Gives the start up, and stops the stack with it. Services that have started are ended by `stop` alone. */
  signal?: AbortSignal;
}

export interface RunningServices {
  /** Where the API answers. */
  gatewayUrl: string;
  /** Every process: `gateway`, `auth`, `task`, `storage`, `ml-bridge`, `engine-1`, … */
  processes: ReadonlyMap<string, Supervised>;
  /** Ends the services in order, the API first, and then the stack they run on. Can be called again. */
  stop(): Promise<void>;
}

const services = ['gateway', 'auth', 'task', 'storage', 'ml-bridge'] as const;

/**
 * Starts every service from `dist` as a process of its own and resolves when all of them are ready. One that dies later is reported and
 * started again. Throws a SetupProblem with the end of the log when one cannot be started; the stack is stopped then.
 */
export async function startServices(stack: LocalStack, options: ServicesOptions = {}): Promise<RunningServices> {
  const { env = process.env, log = () => undefined, signal } = options;
  const children = new Children(stack.dataDir);
  const processes = new Map<string, Supervised>();
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= stopAll(processes, children).then(() => stack.stop()));
  const giveUp = (): void => void stop();
  signal?.addEventListener('abort', giveUp);
  try {
    const places = await choosePlaces(stack, env);
    for (const [name, place] of places)
      processes.set(name, superviseService(name, place, { stack, env, children, log }));
    signal?.throwIfAborted();
    await Promise.all([...processes.values()].map((service) => service.start()));
    return { gatewayUrl: addressOf(places.get('gateway')!), processes, stop };
  } catch (error) {
    await stop();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

/** The API where the person wants it, everybody else on a loopback port, the same as last time where possible. */
async function choosePlaces(stack: LocalStack, env: NodeJS.ProcessEnv): Promise<Map<string, Place>> {
  const engines = Array.from({ length: engineCount(env) }, (_, index) => `engine-${index + 1}`);
  const places = new Map([['gateway', await gatewayPlace(env)]]);
  const state = StackState.open(stack.dataDir);
  for (const name of [...services.slice(1), ...engines]) {
    places.set(name, { host: '127.0.0.1', port: await state.port(name) });
  }
  return places;
}

interface Surroundings {
  stack: LocalStack;
  env: NodeJS.ProcessEnv;
  children: Children;
  log: (line: string) => void;
}

function superviseService(name: string, place: Place, { stack, env, children, log }: Surroundings): Supervised {
  const service = (name.startsWith('engine-') ? 'engine' : name) as ServiceName;
  const program = path.join(projectRoot(), 'dist', 'apps', service, 'src', 'main.js');
  if (!existsSync(program)) throw new SetupProblem(`${program} is missing: run "npm run build" first.`);
  const environment = serviceEnvironment(service, stack, place, env);
  return new Supervised({
    title: `Service ${name}`,
    launch: () =>
      children.start({
        name,
        file: process.execPath,
        args: ['--enable-source-maps', program],
        env: environment,
        cwd: projectRoot(),
        stopSignal: 'SIGTERM',
      }),
    answers: () => answersOk(`${addressOf(place)}/health/ready`),
    startTimeoutMs: 120_000,
    stopGraceMs: 30_000,
    restarts: true,
    report: log,
  });
}

/** The API first: what it still has to answer needs the others. */
async function stopAll(processes: ReadonlyMap<string, Supervised>, children: Children): Promise<void> {
  await processes.get('gateway')?.stop();
  await Promise.all([...processes.values()].map((service) => service.stop()));
  await children.close();
}
