import { randomUUID } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { AdoptedArtifact, CreateTask, ModelOffer } from '#contracts';
import type { Task } from '../src/tasks/task.js';

export const now = new Date('2026-01-01T00:00:00Z');

/** A valid queued task; say only what the test is about. */
export const aTask = (about: Partial<Task> = {}): Task => ({
  id: randomUUID(),
  ownerId: randomUUID(),
  requestId: null,
  traceparent: null,
  model: 'reference',
  prompt: 'a low-poly fox',
  negativePrompt: null,
  images: [],
  mesh: null,
  sourceTaskId: null,
  params: { seed: 1 },
  paramsIgnored: [],
  fallbacks: [],
  outputFormats: ['glb'],
  metadata: {},
  priority: 'normal',
  turn: 0,
  webhookUrl: null,
  status: 'queued',
  stage: null,
  progress: 0,
  attempt: 0,
  accepted: false,
  failures: 0,
  leaseToken: null,
  leaseUntil: null,
  runAfter: now,
  deadlineAt: new Date(now.getTime() + 1_800_000),
  cancelRequestedAt: null,
  error: null,
  artifacts: [],
  qualityReport: null,
  createdAt: now,
  startedAt: null,
  begunAt: null,
  completedAt: null,
  removedAt: null,
  seq: 1,
  ...about,
});

/** A task as its worker has it. */
export const aRunningTask = (about: Partial<Task> = {}): Task =>
  aTask({
    status: 'running',
    attempt: 1,
    accepted: true,
    leaseToken: 'x'.repeat(32),
    leaseUntil: new Date(now.getTime() + 30_000),
    startedAt: now,
    begunAt: now,
    ...about,
  });

/** What a worker delivered for a task; by default its GLB. */
export const anArtifact = (about: Partial<AdoptedArtifact> = {}): AdoptedArtifact => ({
  name: 'model.glb',
  kind: 'model',
  format: 'glb',
  file_id: randomUUID(),
  size_bytes: 9,
  sha256: 'b'.repeat(64),
  ...about,
});

export const anOffer = (about: Partial<ModelOffer> = {}): ModelOffer => ({
  id: 'reference',
  name: 'Reference engine',
  engine: 'reference',
  description: 'for tests',
  inputs: ['prompt', 'image'],
  max_images: 4,
  params_schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      seed: { type: 'integer', minimum: 0 },
      target_polycount: { type: 'integer', minimum: 100, maximum: 1000, default: 500 },
      model_params: {
        type: 'object',
        additionalProperties: false,
        default: {},
        properties: { depth: { type: 'number', maximum: 1, default: 0.5 } },
      },
    },
  },
  output_formats: ['glb', 'obj'],
  license: 'MIT',
  ...about,
});

/** The model that takes the GLB of another one. */
export const aConverter: Partial<ModelOffer> = {
  id: 'convert',
  inputs: ['mesh'],
  max_images: 0,
  params_schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      size_mm: { type: 'number' },
      compression: { enum: ['none', 'draco', 'meshopt'], default: 'none' },
    },
  },
  output_formats: ['glb', 'stl'],
};

export const aRequest = (about: Partial<CreateTask> = {}): CreateTask => ({
  owner_id: randomUUID(),
  task_id: uuidv7(), // as the gateway makes it: the order of the ids is the order of the queue
  prompt: 'a low-poly fox',
  ...about,
});
