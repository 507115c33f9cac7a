import { engineCount, gatewayPlace } from './gateway-place.js';
import type { Place, ServiceName } from './service-environment.js';
import { StackState } from './state/stack-state.js';

const services = ['gateway', 'auth', 'task', 'storage', 'ml-bridge'] as const;

export interface ServicePlaces {
  /** Where the API is for everybody: the one gateway, or the balancer before several. */
  api: Place;
  /** Every process: `gateway`, or `gateway-1` and `gateway-2`, … */
  processes: Map<string, Place>;
}

/** The API where the person wants it, everybody else on a loopback port, the same as last time where possible. */
export async function choosePlaces(dataDir: string, env: NodeJS.ProcessEnv, replicas: number): Promise<ServicePlaces> {
  const api = await gatewayPlace(env);
  const state = StackState.open(dataDir);
  const processes = new Map<string, Place>();
  for (const name of [...services.flatMap((service) => numbered(service, replicas)), ...engines(env)]) {
    processes.set(name, name === 'gateway' ? api : { host: '127.0.0.1', port: await state.port(name) });
  }
  return { api, processes };
}

/** The service that a process is one of: `task` of `task-2`. */
export const serviceOf = (name: string): ServiceName => name.replace(/-\d+$/, '') as ServiceName;

const numbered = (service: string, replicas: number): string[] =>
  replicas === 1 ? [service] : Array.from({ length: replicas }, (_, index) => `${service}-${index + 1}`);

const engines = (env: NodeJS.ProcessEnv): string[] =>
  Array.from({ length: engineCount(env) }, (_, index) => `engine-${index + 1}`);
