import { randomUUID } from 'node:crypto';
import type { AccountView, ArtifactView, FileView, ModelView, OpenedSession, TaskView } from '#contracts';

export const anAccount = (about: Partial<AccountView> = {}): AccountView => ({
  id: randomUUID(),
  email: 'ada@example.org',
  display_name: 'Ada',
  created_at: '2026-01-02T03:04:05.000Z',
  ...about,
});

export const aFile = (about: Partial<FileView> = {}): FileView => ({
  file_id: randomUUID(),
  filename: 'mug.png',
  media_type: 'image/png',
  size_bytes: 10,
  sha256: 'a'.repeat(64),
  kind: 'input',
  created_at: '2026-01-02T03:04:05.000Z',
  url: '/files/1',
  ...about,
});

export const aTask = (about: Partial<TaskView> = {}): TaskView => ({
  task_id: randomUUID(),
  status: 'queued',
  stage: null,
  progress: 0,
  queue_position: 0,
  eta: null,
  priority: 'normal',
  model: 'reference',
  fallback_models: [],
  prompt: 'a red ceramic mug',
  negative_prompt: null,
  images: [],
  mesh: null,
  source_task_id: null,
  params: { seed: 1 },
  params_ignored: [],
  output_formats: ['glb'],
  artifacts: [],
  quality_report: null,
  error: null,
  metrics: { queue_ms: null, execution_ms: null, attempts: 0, cancel_ms: null },
  webhook_url: null,
  metadata: {},
  created_at: '2026-01-02T03:04:05.000Z',
  started_at: null,
  completed_at: null,
  expires_at: null,
  urls: {
    self: '/generate/1',
    events: '/generate/1/events',
    result: '/generate/1/result',
    cancel: '/generate/1/cancel',
  },
  ...about,
});

export const anArtifact = (format: string, about: Partial<ArtifactView> = {}): ArtifactView => ({
  name: `model.${format}`,
  kind: 'model',
  format,
  file_id: randomUUID(),
  url: '/files/1',
  size_bytes: 4,
  sha256: 'b'.repeat(64),
  ...about,
});

export const aModel = (about: Partial<ModelView> = {}): ModelView => ({
  id: 'reference',
  name: 'Reference',
  engine: 'reference',
  description: 'Shapes from words, reliefs from pictures',
  inputs: ['prompt', 'image'],
  max_images: 1,
  params_schema: { type: 'object' },
  output_formats: ['glb', 'obj', 'fbx'],
  license: 'MIT',
  status: 'ready',
  queue_depth: 0,
  ...about,
});

export const anOpenedSession = (about: Partial<OpenedSession> = {}): OpenedSession => ({
  access_token: 'access',
  refresh_token: 'refresh',
  token_type: 'Bearer',
  expires_in: 900,
  refresh_expires_at: new Date(Date.now() + 3_600_000).toISOString(),
  ...about,
});
