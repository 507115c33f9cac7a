import type { AttemptFiles } from '#contracts';
import type { ArtifactReport, Job } from '#worker-contract';
import type { AttemptFailure } from '../generations/attempt-failure.js';
import { type Finishing, finishingFrom, finishingStage, type Generation } from '../generations/generation.js';
import { budgetOf, jobOutputs } from '../generations/job-parts.js';

/** The pool of our own engines that finish what others have made. */
export const finishPool = 'finish';

/** What an engine that is not ours delivers. */
export const rawOutput = { name: 'raw.glb', format: 'glb', required: true } as const;

const maxRounds = 3;

/** Where the attempt stands when its engine has delivered: a finisher is wanted, and nobody else is listened to. */
export function delivered(generation: Generation, raw: ArtifactReport, leaseToken: string, now: Date): Generation {
  const { finishing } = generation;
  if (!finishing) throw new Error(`attempt ${generation.attempt} of ${generation.taskId} is not to be finished`);
  return {
    ...waiting(generation, leaseToken, now),
    outputs: finishing.outputs,
    finishing: { ...finishing, raw: { bytes: raw.bytes, sha256: raw.sha256 } },
    stage: finishingStage,
    percent: Math.max(generation.percent, finishingFrom),
    stageSince: now,
    progressedAt: now,
  };
}

/** The same attempt for another finisher: what the last one still says is stale. */
export const handedBack = (generation: Generation, leaseToken: string, now: Date): Generation => ({
  ...waiting(generation, leaseToken, now),
  finishing: { ...finishingOf(generation), sentAt: null },
});

const waiting = (generation: Generation, leaseToken: string, now: Date): Generation => ({
  ...generation,
  leaseToken,
  status: 'accepted',
  workerId: null,
  lastSeq: -1,
  heardAt: now,
});

export const sent = (generation: Generation, now: Date): Generation => {
  const finishing = finishingOf(generation);
  return { ...generation, finishing: { ...finishing, rounds: finishing.rounds + 1, sentAt: now.toISOString() } };
};

/** What a finisher's failure means: the engine's GLB is at fault, another finisher may do better, or nobody will. */
export type FinishingFault = 'raw' | 'again' | 'hopeless';

export function faultOf(generation: Generation, { code, retryable }: AttemptFailure): FinishingFault {
  if (code === 'bad_input' || code === 'input_unavailable' || code === 'unsupported') return 'raw';
  if (code === 'shutdown') return 'again';
  return retryable && finishingOf(generation).rounds < maxRounds ? 'again' : 'hopeless';
}

/**
 * `send` it to a finisher, `renew` the lease while it waits for one or its finisher is silent, or `return` it: silent for too long. The
 * lease of the attempt would end at that same moment, if it were not renewed before.
 */
export type FinishingNeed = 'send' | 'renew' | 'return' | null;

export function needOf({ finishing, workerId, heardAt, cancelReason }: Generation, now: Date): FinishingNeed {
  if (!finishing?.raw || cancelReason) return null;
  if (finishing.sentAt === null) return 'send';
  if (workerId === null) return 'renew';
  const silentMs = now.getTime() - (heardAt ?? now).getTime();
  const leaseMs = finishing.leaseSeconds * 1000;
  if (silentMs > leaseMs) return 'return';
  return silentMs > leaseMs / 2 ? 'renew' : null;
}

/** The job of a finisher. Throws `task_expired` when the deadline has passed. */
export function finishingJob(generation: Generation, files: AttemptFiles, heartbeatMs: number, now: Date): Job {
  const { raw, params, deadlineAt } = finishingOf(generation);
  const budgetMs = budgetOf(deadlineAt, now);
  if (!raw || !files.delivered_url) throw new Error('nothing was delivered that could be finished');
  return {
    v: 1,
    task_id: generation.taskId,
    attempt: generation.attempt,
    lease_token: generation.leaseToken,
    operation: 'convert',
    params: { ...params },
    inputs: [{ name: 'model.glb', url: files.delivered_url, content_type: 'model/gltf-binary', ...raw }],
    outputs: jobOutputs(files, generation.outputs),
    deadline_at: deadlineAt,
    budget_ms: budgetMs,
    heartbeat_ms: heartbeatMs,
  };
}

function finishingOf({ finishing, taskId }: Generation): Finishing {
  if (!finishing) throw new Error(`the attempt of ${taskId} is not to be finished`);
  return finishing;
}
