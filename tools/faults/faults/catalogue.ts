import type { Fault } from './fault.js';
import { messageFaults } from './message-faults.js';
import { networkFaults } from './network-faults.js';
import { processFaults } from './process-faults.js';

export const allFaults: readonly Fault[] = [...processFaults, ...networkFaults, ...messageFaults];

/** One of every sort and one for every process: what can be tried while somebody waits. */
const inShort = [
  'kill gateway',
  'kill task',
  'kill storage',
  'kill ml-bridge',
  'kill engine-1',
  'stop engine-1',
  'restart rabbitmq',
  'kill postgres',
  'kill s3',
  'half-open database',
  'reset broker',
  'latency store',
  'duplicate facts',
  'stale worker words',
  'poison',
];

export const fewFaults: readonly Fault[] = allFaults.filter(({ name }) => inShort.includes(name));

/** The faults whose names contain one of the words. Throws when there is none. */
export function faultsNamed(words: readonly string[], known: readonly Fault[] = allFaults): Fault[] {
  const found = known.filter(({ name }) => words.some((word) => name.includes(word)));
  if (found.length > 0) return found;
  throw new Error(`No such fault; there are: ${known.map(({ name }) => name).join(', ')}`);
}
