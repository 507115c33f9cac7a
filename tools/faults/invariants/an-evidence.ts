import { Ledger, type BadAnswer, type Order } from '../load/ledger.js';
import type { Evidence } from './evidence.js';

const sha256 = 'a'.repeat(64);
const objectKey = 'artifacts/owner/task-1/a';

export const anOrder = (about: Partial<Order> = {}): Order => ({
  key: 'key-1',
  owner: 'owner',
  wish: 'watch',
  postedAt: 1000,
  acceptedAt: 1100,
  taskIds: new Set(['task-1']),
  endedAt: 2000,
  seen: 'succeeded',
  removed: false,
  ...about,
});

/** What a client was told while the gateway was killed. */
export const aBadAnswer = (about: Partial<BadAnswer> = {}): BadAnswer => ({
  at: 1500,
  tookMs: 10,
  method: 'GET',
  path: '/generate/task-1',
  status: 503,
  contentType: 'application/problem+json; charset=utf-8',
  retryAfter: '2',
  said: '{}',
  ...about,
});

/** A system that made one model from one order while its gateway was killed once, and is in order. */
export function anEvidence(): Evidence {
  const ledger = new Ledger();
  ledger.orders.push(anOrder());
  ledger.badAnswers.push(aBadAnswer(), aBadAnswer({ status: 0, contentType: null, retryAfter: null }));
  return {
    ledger,
    episodes: [{ fault: 'kill gateway', injectedAt: 1400, healedAt: 1600, recoveredAt: 2600 }],
    tasks: [
      {
        id: 'task-1',
        ownerId: 'owner',
        key: 'key-1',
        status: 'succeeded',
        seq: 3,
        attempt: 1,
        isHandedOut: false,
        outputFormats: ['glb'],
        artifacts: [
          { kind: 'model', format: 'glb', file_id: 'file-1', size_bytes: 10, sha256 },
          { kind: 'preview', format: 'png', file_id: 'file-2', size_bytes: 10, sha256 },
        ],
        error: null,
      },
    ],
    events: [
      { taskId: 'task-1', seq: 1, status: 'queued', progress: 0 },
      { taskId: 'task-1', seq: 2, status: 'running', progress: 50 },
      { taskId: 'task-1', seq: 3, status: 'succeeded', progress: 100 },
    ],
    files: ['file-1', 'file-2'].map((id) => ({
      id,
      taskId: 'task-1',
      kind: 'model',
      sizeBytes: 10,
      sha256,
      objectKey,
    })),
    objects: new Map([[objectKey, { size: 10, sha256 }]]),
    outboxes: { task: 0 },
    deadLetters: [
      { queue: 'ml.dead', messageId: 'poison-1', type: 'event', reason: 'rejected', content: 'x' },
      { queue: 'ml.dead', messageId: 'task-1:1', type: 'job', reason: 'expired', content: '{}' },
    ],
    slots: 2,
    idleEngineLoad: 1,
  };
}
