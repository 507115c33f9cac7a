import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import { LookedUpGauge } from './looked-up-gauge.js';

/** Every metric of this process, in Prometheus's names: seconds, bytes, `_total` for counters. */
export const registry = new Registry();

/** From a quick answer to the longest that anybody waits, in seconds. */
const answers = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** From a task that goes at once to one that waits for a day, in seconds. */
const tasks = [0.1, 0.5, 1, 2.5, 5, 15, 30, 60, 300, 900, 3600, 14_400, 86_400];

const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
  new Counter({ name: `lathe_${name}`, help, labelNames, registers: [registry] });

const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[], buckets: number[]) =>
  new Histogram({ name: `lathe_${name}`, help, labelNames, buckets, registers: [registry] });

const gauge = <L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): LookedUpGauge<L> =>
  new LookedUpGauge(registry, `lathe_${name}`, help, labelNames);

/**
 * What Lathe says about itself. Counters and histograms are of one process: sum them. Gauges that are read from the database are the
 * same in every replica: take the largest.
 */
export const metrics = {
  httpRequests: histogram(
    'http_request_seconds',
    'HTTP requests by route and status',
    ['method', 'route', 'status'],
    answers,
  ),
  rpcHandled: histogram(
    'rpc_handled_seconds',
    'Questions of other services that were answered',
    ['key', 'outcome'],
    answers,
  ),
  rpcCalled: histogram('rpc_called_seconds', 'Questions to other services', ['key', 'outcome'], answers),
  eventsHandled: histogram('event_handled_seconds', 'Messages that were taken in', ['key', 'outcome'], answers),
  workRounds: histogram('work_round_seconds', 'Rounds of recurring work', ['work', 'outcome'], answers),

  outboxWaiting: gauge('outbox_waiting', 'Facts that are committed and not yet with the broker'),
  outboxOldest: gauge('outbox_oldest_seconds', 'Age of the oldest of them'),
  databaseConnections: gauge('database_connections', 'Connections of this process', ['state']),
  databaseConnectionsMax: gauge('database_connections_max', 'Connections that it may hold'),
  databaseWaiting: gauge('database_waiting', 'Work that waits for a connection'),
  dependencyUp: gauge('dependency_up', '1 when a dependency answered the last probe, else 0', ['dependency']),

  tasks: gauge('tasks', 'Tasks that have not ended', ['model', 'status']),
  queueOldest: gauge('queue_oldest_seconds', 'How long the task that waits longest has waited', ['model']),
  taskWaited: histogram('task_waited_seconds', 'From the creation of a task to its hand-out', ['model'], tasks),
  taskRan: histogram('task_ran_seconds', 'From the hand-out of a task to its end', ['model', 'status'], tasks),
  tasksEnded: counter('tasks_ended_total', 'Tasks that ended', ['model', 'status']),
  attempts: counter('attempts_total', 'Attempts that ended', ['model', 'outcome']),
  leaseExpiries: counter('lease_expiries_total', 'Tasks taken back from a worker that fell silent', ['model']),
  gpuSeconds: counter('gpu_seconds_total', 'What workers say that they computed', ['model']),
  slots: gauge('slots', 'Tasks that the workers of a model can take at once', ['model']),

  uploads: histogram('upload_seconds', 'Uploads, from the first byte to the file', ['outcome'], answers),
  storeBreakerOpen: gauge('store_breaker_open', '1 while the object store is left alone'),
  watchesOpen: gauge('watches_open', 'Clients that wait for news of a task, by an event stream or a held answer'),
  transfersOpen: gauge('transfers_open', 'Uploads and downloads under way', ['direction']),
  rateLimited: counter('rate_limited_total', 'Requests that were refused by a rate limit', ['scope']),
  passwordHashesWaiting: gauge('password_hashes_waiting', 'Passwords that wait to be hashed or checked'),
  webhookDeliveries: counter('webhook_deliveries_total', 'Tries to deliver a webhook', ['outcome']),
} as const;

let collecting = false;

/** Begins to measure the process itself: event loop, memory, processor time. */
export function measureProcess(): void {
  if (collecting) return;
  collecting = true;
  collectDefaultMetrics({ register: registry });
}
