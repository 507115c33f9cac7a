import { existsSync } from 'node:fs';
import path from 'node:path';
import { addressOf } from './gateway-place.js';
import { prepareHaproxy } from './haproxy/haproxy.js';
import type { LocalStack } from './local-stack.js';
import { answersOk } from './object-store.js';
import { Children } from './processes/children.js';
import { Supervised } from './processes/supervised.js';
import { serviceEnvironment, type Place } from './service-environment.js';
import { choosePlaces, serviceOf, type ServicePlaces } from './service-places.js';
import { SetupProblem } from './setup-problem.js';
import { projectRoot } from './state/folders.js';

export interface ServicesOptions {
  /** PORT and HOST of the API, ENGINE_PROCESSES, and every setting of the services; the process's own environment unless told. */
  env?: NodeJS.ProcessEnv;
  log?: (line: string) => void;
  /** Gives the start up, and stops the stack with it. Services that have started are ended by `stop` alone. */
  signal?: AbortSignal;
  /**
   * How many processes of each service, one unless told; engines are ENGINE_PROCESSES. Several gateways have a balancer before them,
   * HAProxy, which shares requests out in turn.
   */
  replicas?: number;
}

export interface RunningServices {
  /** Where the API answers. */
  gatewayUrl: string;
  /** Where each gateway answers; the same where there is one. */
  gatewayUrls: readonly string[];
  /** Every process: `gateway`, `auth`, `task`, `storage`, `ml-bridge`, `engine-1`, …; of several `task-1`, `task-2`, and `balancer`. */
  processes: ReadonlyMap<string, Supervised>;
  /** Ends the services in order, the API first, and then the stack they run on. Can be called again. */
  stop(): Promise<void>;
}

/**
 * Starts every service from `dist` as a process of its own and resolves when all of them are ready. One that dies later is reported and
 * started again. Throws a SetupProblem with the end of the log when one cannot be started; the stack is stopped then.
 */
export async function startServices(stack: LocalStack, options: ServicesOptions = {}): Promise<RunningServices> {
  const { env = process.env, log = () => undefined, signal, replicas = 1 } = options;
  const children = new Children(stack.dataDir);
  const processes = new Map<string, Supervised>();
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= stopAll(processes, children).then(() => stack.stop()));
  const giveUp = (): void => void stop();
  signal?.addEventListener('abort', giveUp);
  try {
    const places = await choosePlaces(stack.dataDir, env, replicas);
    const surroundings = { stack, env: replicas > 1 ? { TRUST_PROXY: '127.0.0.1', ...env } : env, children, log };
    for (const [name, place] of places.processes) processes.set(name, superviseService(name, place, surroundings));
    signal?.throwIfAborted();
    await Promise.all([...processes.values()].map((service) => service.start()));
    if (replicas > 1) await startBalancer(places, surroundings, processes);
    return { gatewayUrl: addressOf(places.api), gatewayUrls: gatewaysOf(places).map(addressOf), processes, stop };
  } catch (error) {
    await stop();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

interface Surroundings {
  stack: LocalStack;
  env: NodeJS.ProcessEnv;
  children: Children;
  log: (line: string) => void;
}

function superviseService(name: string, place: Place, { stack, env, children, log }: Surroundings): Supervised {
  const service = serviceOf(name);
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

const gatewaysOf = ({ processes }: ServicePlaces): Place[] =>
  [...processes].filter(([name]) => serviceOf(name) === 'gateway').map(([, place]) => place);

async function startBalancer(
  places: ServicePlaces,
  { stack: { dataDir }, children, log }: Surroundings,
  processes: Map<string, Supervised>,
): Promise<void> {
  const servers = gatewaysOf(places).map(({ port }, index) => ({ name: `gateway-${index + 1}`, port }));
  const frontend = { name: 'api', port: places.api.port, mode: 'http', servers } as const;
  const balancer = await prepareHaproxy({ dataDir, children, log }, 'balancer', [frontend]);
  processes.set('balancer', balancer);
  await balancer.start();
}

/** The API first: what it still has to answer needs the others. */
async function stopAll(processes: ReadonlyMap<string, Supervised>, children: Children): Promise<void> {
  const gateways = [...processes].filter(([name]) => serviceOf(name) === 'gateway');
  await Promise.all(gateways.map(([, gateway]) => gateway.stop()));
  await Promise.all([...processes.values()].map((service) => service.stop()));
  await children.close();
}
