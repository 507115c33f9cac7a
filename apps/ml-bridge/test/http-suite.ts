import { randomUUID } from 'node:crypto';
import type { TaskDispatched } from '#contracts';
import { WorkerPort } from '../src/transports/http/worker-port.service.js';
import { aCatalogueModel } from './a-generation.js';
import { type Bridge, bridgeOfSuite, eventsOf } from './bridge.js';
import { alsoWithModels } from './more-models.js';
import { HttpWorker } from './http-worker.js';

const [gpuToken, spareToken, otherToken] = ['gpu', 'spare', 'other'].map((name) => name.repeat(16)) as [
  string,
  string,
  string,
];

const modelOf = (pool: string, finish = false) => {
  const model = aCatalogueModel({ transport: { type: 'http', pool }, finish });
  return { ...model, offer: { ...model.offer, id: pool } };
};

/** A bridge with two models whose workers come over HTTP, `gpu` and `other`, in pools of the same names. What
 * `other` makes is finished by our own engine. */
export function httpBridgeOfSuite(): Bridge {
  alsoWithModels(modelOf('gpu'), modelOf('other', true));
  return bridgeOfSuite({
    WORKER_PORT: 0,
    WORKER_HOST: '127.0.0.1',
    WORKER_TOKENS: `gpu:${gpuToken},gpu:${spareToken}\nother:${otherToken}`,
  });
}

const tokens = { gpu: gpuToken, spare: spareToken, other: otherToken, none: 'x'.repeat(32) };

/** A worker with one of the tokens, of this process unless another port is given. */
export const aWorker = (bridge: Bridge, token: keyof typeof tokens = 'gpu', port?: WorkerPort): HttpWorker =>
  new HttpWorker(() => (port ?? bridge.part(WorkerPort)).url, tokens[token], `worker-${randomUUID()}`);

export const dispatch = (bridge: Bridge, about: Partial<TaskDispatched> = {}): Promise<TaskDispatched> =>
  bridge.dispatch({ model: 'gpu', ...about });

/** A worker that has a job of its own and has accepted it. */
export async function acceptedOverHttp(bridge: Bridge, model: 'gpu' | 'other' = 'gpu') {
  const worker = aWorker(bridge, model);
  const [job] = await Promise.all([worker.lease(20), dispatch(bridge, { model })]);
  const eventOf = eventsOf(job!);
  expect(await worker.report(eventOf({ type: 'accepted' }))).toMatchObject({ status: 200, body: { ok: true } });
  return { worker, job: job!, attempt: { task_id: job!.task_id, attempt: job!.attempt }, eventOf };
}
