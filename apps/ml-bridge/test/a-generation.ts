import { randomUUID } from 'node:crypto';
import type { TaskDispatched } from '#contracts';
import type { WorkerEvent } from '#worker-contract';
import type { CatalogueModel } from '../src/catalogue/catalogue-model.js';
import type { Generation } from '../src/generations/generation.js';

export const now = new Date('2026-01-01T00:00:00Z');
export const leaseToken = 'lease-token-of-this-attempt-only';

/** An attempt that was handed out and not accepted yet; say only what the test is about. */
export const aGeneration = (about: Partial<Generation> = {}): Generation => ({
  taskId: randomUUID(),
  attempt: 1,
  ownerId: randomUUID(),
  requestId: null,
  traceparent: null,
  model: 'reference',
  leaseToken,
  outputs: [{ name: 'model.glb', format: 'glb' }],
  finishing: null,
  status: 'dispatched',
  workerId: null,
  lastSeq: -1,
  stage: null,
  percent: 0,
  cancelReason: null,
  createdAt: now,
  heardAt: null,
  progressedAt: null,
  stageSince: null,
  ...about,
});

/** A model of our own engine; say only what the test is about. */
export const aCatalogueModel = (about: Partial<CatalogueModel> = {}): CatalogueModel => ({
  offer: {
    id: 'reference',
    name: 'Reference engine',
    engine: 'reference',
    description: '',
    inputs: ['prompt', 'image'],
    max_images: 4,
    params_schema: { type: 'object', properties: { seed: { type: 'integer' } } },
    output_formats: ['glb', 'obj', 'fbx'],
    license: 'MIT',
  },
  transport: { type: 'amqp', pool: 'reference' },
  engineNames: {},
  stages: [],
  stallSeconds: null,
  finish: false,
  slots: null,
  ...about,
});

export const anEvent = (about: Partial<WorkerEvent> = {}): WorkerEvent => ({
  v: 1,
  type: 'accepted',
  event_id: randomUUID(),
  task_id: randomUUID(),
  attempt: 1,
  lease_token: leaseToken,
  worker_id: 'worker-1',
  seq: 0,
  at: now.toISOString(),
  ...about,
});

export const aDispatch = (about: Partial<TaskDispatched> = {}): TaskDispatched => ({
  task_id: randomUUID(),
  attempt: 1,
  owner_id: randomUUID(),
  lease_token: leaseToken,
  lease_seconds: 30,
  model: 'reference',
  prompt: 'a low-poly fox',
  negative_prompt: null,
  images: [],
  mesh: null,
  params: { seed: 1 },
  output_formats: ['glb'],
  deadline_at: new Date(now.getTime() + 60_000).toISOString(),
  ...about,
});
