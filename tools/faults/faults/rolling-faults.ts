import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceName } from '../../local-stack/service-environment.js';
import type { FaultySystem } from '../system/faulty-system.js';
import type { Fault } from './fault.js';

/** How many there are of each service when they are rolled. */
export const replicas = 2;
/** Until the balancer has asked a gateway twice, an orchestrator would not end the next one either. */
const settledAfterMs = 1500;

const services: ServiceName[] = ['gateway', 'auth', 'task', 'storage', 'ml-bridge', 'engine'];
const prefix = 'rolling restart of ';

/** What an update does: one replica after the other is ended in order and started again, of one service, or of all side by side. */
export const rollingFaults: readonly Fault[] = [
  ...services.map((service) => roll(service, [service])),
  roll('everything', services),
];

/** While somebody waits. */
export const fewRollingFaults: readonly Fault[] = rollingFaults.slice(-1);

export const isRolling = (fault: string): boolean => fault.startsWith(prefix);

function roll(name: string, rolled: readonly ServiceName[]): Fault {
  return {
    name: `${prefix}${name}`,
    lasts: [0, 0],
    inject: async (system) => {
      for (let replica = 1; replica <= replicas; replica++) {
        await Promise.all(rolled.map((service) => restart(system, `${service}-${replica}`)));
        await delay(settledAfterMs);
      }
    },
    heal: async () => {},
  };
}

/** Throws when it does not end by itself, within the grace and with 0. */
async function restart(system: FaultySystem, name: string): Promise<void> {
  const target = system.process(name);
  await target.stop();
  if (target.ending !== 'exit code 0') throw new Error(`${name} did not end in order: ${target.ending}`);
  await target.start();
}
