import { event } from './contract.js';
import { Anything, Id, ListOf, Nested, OneOf, Secret, SomeOf, Text, Time, Whole } from './fields.js';
import { AdoptedArtifact } from './file.js';
import { modelFormats, type ModelFormat } from './format.js';
import { TaskError } from './task.js';
import { TaskImage, TaskMesh } from './task-request.js';

/** One attempt of one task: the fencing pair every later word about it must repeat. */
export class Attempt {
  @Id() task_id: string;
  @Whole({ min: 1 }) attempt: number;
}

/** A task was handed out: whoever runs it has until `lease_seconds` after its last report. */
export class TaskDispatched extends Attempt {
  @Id() owner_id: string;
  @Secret({ min: 22, max: 64 }) lease_token: string;
  @Whole({ min: 1 }) lease_seconds: number;
  @Text({ max: 100 }) model: string;
  @Text({ max: 2000, nullable: true }) prompt: string | null;
  @Text({ max: 2000, nullable: true }) negative_prompt: string | null;
  @ListOf(() => TaskImage, { max: 4 }) images: TaskImage[];
  @Nested(() => TaskMesh, { optional: true, nullable: true }) mesh?: TaskMesh | null;
  @Anything() params: Record<string, unknown>;
  @SomeOf(modelFormats) output_formats: ModelFormat[];
  @Time() deadline_at: string;
}

export const cancelReasons = ['user', 'deadline', 'stale', 'shutdown'] as const;
export type CancelReason = (typeof cancelReasons)[number];

/** Nobody wants this attempt any more: the worker is to stop. */
export class TaskCancelRequested extends Attempt {
  @OneOf(cancelReasons) reason: CancelReason;
}

export class GenerationProgressed extends Attempt {
  @Whole({ min: 0, max: 100 }) percent: number;
  @Text({ max: 64, nullable: true }) stage: string | null;
}

export class GenerationSucceeded extends Attempt {
  @ListOf(() => AdoptedArtifact, { min: 1 }) artifacts: AdoptedArtifact[];
  @Anything({ nullable: true }) quality_report: Record<string, unknown> | null;
}

export class GenerationFailed extends Attempt {
  @Nested(() => TaskError) error: TaskError;
}

export const taskDispatched = event('task.dispatched', TaskDispatched);
export const taskCancelRequested = event('task.cancel-requested', TaskCancelRequested);
export const generationAccepted = event('generation.accepted', Attempt);
export const generationProgressed = event('generation.progressed', GenerationProgressed);
export const generationSucceeded = event('generation.succeeded', GenerationSucceeded);
export const generationFailed = event('generation.failed', GenerationFailed);
export const generationCanceled = event('generation.canceled', Attempt);
