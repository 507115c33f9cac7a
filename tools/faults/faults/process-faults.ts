import { setTimeout as delay } from 'node:timers/promises';
import type { FaultySystem } from '../system/faulty-system.js';
import { signalTree } from '../system/process-tree.js';
import type { Supervised } from '../../local-stack/processes/supervised.js';
import type { Fault } from './fault.js';

/** What asks each server to end in order; services take SIGTERM. */
const orderlySignals: Record<string, NodeJS.Signals> = { postgres: 'SIGINT', rabbitmq: 'SIGTERM', s3: 'SIGTERM' };

export const services = ['gateway', 'auth', 'task', 'storage', 'ml-bridge', 'engine-1'] as const;
export const servers = ['rabbitmq', 'postgres', 's3'] as const;

/** Longer than a lease: whoever holds a task through it has lost it. */
const longerThanALease = [7000, 9000] as const;
const aMoment = [500, 3000] as const;

/** kill -9, a stop that it does not notice, and a restart in order, of every process there is. */
export const processFaults: Fault[] = [...services, ...servers].flatMap((name) => [
  kill(name),
  stop(name),
  restart(name),
]);

function kill(name: string): Fault {
  return {
    name: `kill ${name}`,
    lasts: aMoment,
    inject: async (system) => {
      const target = system.process(name);
      if (target.pid !== undefined) signalTree(target.pid, 'SIGKILL');
      await untilGone(target);
    },
    heal: (system) => startAgain(system.process(name)),
  };
}

function stop(name: string): Fault {
  const signal = (how: NodeJS.Signals) => async (system: FaultySystem) => {
    const { pid } = system.process(name);
    if (pid !== undefined) signalTree(pid, how);
  };
  const lasts = name.startsWith('engine') || name === 'ml-bridge' ? longerThanALease : ([1000, 6000] as const);
  return { name: `stop ${name}`, lasts, inject: signal('SIGSTOP'), heal: signal('SIGCONT') };
}

function restart(name: string): Fault {
  return {
    name: `restart ${name}`,
    lasts: [0, 1000],
    inject: async (system) => {
      const target = system.process(name);
      const signal = orderlySignals[name];
      if (!signal) return target.stop();
      target.kill(signal);
      await untilGone(target);
    },
    heal: (system) => startAgain(system.process(name)),
  };
}

/** Services come back by themselves, some time; servers of a throw-away stack do not. */
async function startAgain(target: Supervised): Promise<void> {
  if (target.pid === undefined) await target.stop();
  await target.start();
}

async function untilGone(target: Supervised): Promise<void> {
  const before = target.pid;
  for (const end = Date.now() + 40_000; target.pid !== undefined && target.pid === before; await delay(20)) {
    if (Date.now() > end) throw new Error('the process did not end within 40 s');
  }
}
