import type { AdoptedArtifact, ArtifactView, TaskEta, TaskView } from '#contracts';
import type { Task } from './task.js';

/** What is known of a task by looking at the others. */
export interface Outlook {
  /** How many tasks are in front of it; null when it does not wait. */
  position: number | null;
  eta: TaskEta | null;
  /** How long finished tasks are kept; 0: for ever. */
  retentionDays: number;
}

/** A task as its owner sees it. */
export function viewOf(task: Task, { position, eta, retentionDays }: Outlook): TaskView {
  const self = `/generate/${task.id}`;
  return {
    task_id: task.id,
    status: task.status,
    stage: task.stage,
    progress: task.progress,
    queue_position: position,
    eta,
    priority: task.priority,
    model: task.model,
    fallback_models: task.fallbacks.map(({ model }) => model),
    prompt: task.prompt,
    negative_prompt: task.negativePrompt,
    images: task.images,
    mesh: task.mesh,
    source_task_id: task.sourceTaskId,
    params: task.params,
    params_ignored: task.paramsIgnored,
    output_formats: task.outputFormats,
    artifacts: task.artifacts.map(artifactView),
    quality_report: task.qualityReport,
    error: task.error,
    metrics: {
      queue_ms: task.startedAt && elapsed(task.createdAt, task.startedAt),
      execution_ms: task.startedAt && task.completedAt && elapsed(task.startedAt, task.completedAt),
      attempts: task.attempt,
      cancel_ms: task.cancelRequestedAt && task.completedAt && elapsed(task.cancelRequestedAt, task.completedAt),
    },
    webhook_url: task.webhookUrl,
    metadata: task.metadata,
    created_at: task.createdAt.toISOString(),
    started_at: task.startedAt?.toISOString() ?? null,
    completed_at: task.completedAt?.toISOString() ?? null,
    expires_at: expiryOf(task, retentionDays)?.toISOString() ?? null,
    urls: { self, events: `${self}/events`, result: `${self}/result`, cancel: `${self}/cancel` },
  };
}

/** The artifacts of older releases have no names: a model for each format and one preview. */
function artifactView({ name, ...artifact }: AdoptedArtifact): ArtifactView {
  const usual = artifact.kind === 'preview' ? 'preview.png' : `model.${artifact.format}`;
  return { name: name ?? usual, ...artifact, url: `/files/${artifact.file_id}` };
}

const dayMs = 86_400_000;

/** When a task is removed with its files; null while it has not ended, and when nothing is ever removed. */
const expiryOf = ({ completedAt }: Task, retentionDays: number): Date | null =>
  completedAt && retentionDays > 0 ? new Date(completedAt.getTime() + retentionDays * dayMs) : null;

/** Milliseconds; never negative when the clocks of two replicas differ. */
const elapsed = (from: Date, to: Date): number => Math.max(0, to.getTime() - from.getTime());
