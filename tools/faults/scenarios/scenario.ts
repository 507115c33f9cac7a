import type { WorkerEvent } from '#worker-contract';
import type { Customer } from '../load/customer.js';
import type { Ledger } from '../load/ledger.js';
import { bigTask } from '../load/requests.js';
import type { BrokerTap } from '../system/broker-tap.js';
import { engineNames, type FaultySystem } from '../system/faulty-system.js';
import { signalTree } from '../system/process-tree.js';

/** A story in which one guard decides how it ends. Everything around it is sound. */
export interface Scenario {
  guard: 'fencing' | 'inbox' | 'ack-after-commit';
  /** The module, below `broken`, that takes the guard away. */
  breaker: 'no-fencing' | 'no-inbox' | 'ack-before-commit';
  play(stage: Stage): Promise<void>;
}

export interface Stage {
  system: FaultySystem;
  ledger: Ledger;
  customer: Customer;
}

/** A task whose engine was killed in the middle of its first attempt. */
export interface Orphan {
  taskId: string;
  /** How the worker that is gone had accepted it. */
  accepted: WorkerEvent;
  /** Resolves when the task has been seen through. */
  ended: Promise<unknown>;
}

/** Orders a big task and kills the engine that has begun it. */
export async function orphanedTask({ system, customer }: Stage): Promise<Orphan> {
  const since = Date.now();
  const ended = customer.order('watch', bigTask);
  const accepted = await accepting(system.tap, ({ attempt }) => attempt === 1, since);
  await system.tap.hear(
    ({ type, body }) => type === 'generation.progressed' && String(body).includes(accepted.task_id),
  );
  const engine = engineNames.find((name) => accepted.worker_id.includes(`:${system.process(name).pid}:`));
  if (!engine) throw new Error(`no engine is ${accepted.worker_id}`);
  signalTree(system.process(engine).pid!, 'SIGKILL');
  return { taskId: accepted.task_id, accepted, ended };
}

/** The first `accepted` since a time that passes the check. */
export async function accepting(
  tap: BrokerTap,
  check: (word: WorkerEvent) => boolean,
  since: number,
): Promise<WorkerEvent> {
  const isIt = (word: WorkerEvent): boolean => word.type === 'accepted' && check(word);
  const { body } = await tap.hear(({ vhost, body: said }) => vhost === 'ml' && isIt(wordIn(said)), {
    since,
    limitMs: 60_000,
  });
  return wordIn(body);
}

const wordIn = (body: Buffer): WorkerEvent => JSON.parse(String(body)) as WorkerEvent;
