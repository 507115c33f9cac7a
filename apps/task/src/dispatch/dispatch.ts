import type { TaskDispatched } from '#contracts';
import type { Task } from '../tasks/task.js';

/** What whoever runs a task has to know of it. */
export function dispatchOf(task: Task, leaseSeconds: number): TaskDispatched {
  if (!task.leaseToken) throw new Error(`task ${task.id} has not been handed out`);
  return {
    task_id: task.id,
    attempt: task.attempt,
    owner_id: task.ownerId,
    lease_token: task.leaseToken,
    lease_seconds: leaseSeconds,
    model: task.model,
    prompt: task.prompt,
    negative_prompt: task.negativePrompt,
    images: task.images,
    mesh: task.mesh,
    params: { ...task.params },
    output_formats: task.outputFormats,
    deadline_at: task.deadlineAt.toISOString(),
  };
}
