import type { TaskView } from '#contracts';
import type { Task } from './task.js';

/** A task as its owner sees it. `queuePosition` counts the tasks in front of it. */
export function viewOf(task: Task, queuePosition: number | null): TaskView {
  const self = `/generate/${task.id}`;
  return {
    task_id: task.id,
    status: task.status,
    stage: task.stage,
    progress: task.progress,
    queue_position: task.status === 'queued' ? queuePosition : null,
    eta: null,
    model: task.model,
    prompt: task.prompt,
    negative_prompt: task.negativePrompt,
    images: task.images,
    params: task.params,
    params_ignored: task.paramsIgnored,
    output_formats: task.outputFormats,
    artifacts: task.artifacts.map((artifact) => ({ ...artifact, url: `/files/${artifact.file_id}` })),
    quality_report: task.qualityReport,
    error: task.error,
    metrics: {
      queue_ms: task.startedAt && elapsed(task.createdAt, task.startedAt),
      execution_ms: task.startedAt && task.completedAt && elapsed(task.startedAt, task.completedAt),
      attempts: task.attempt,
    },
    metadata: task.metadata,
    created_at: task.createdAt.toISOString(),
    started_at: task.startedAt?.toISOString() ?? null,
    completed_at: task.completedAt?.toISOString() ?? null,
    expires_at: null,
    urls: { self, result: `${self}/result`, cancel: `${self}/cancel` },
  };
}

/** Milliseconds; never negative when the clocks of two replicas differ. */
const elapsed = (from: Date, to: Date): number => Math.max(0, to.getTime() - from.getTime());
