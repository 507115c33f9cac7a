import { AccountId } from './account.js';
import { rpc } from './contract.js';
import {
  AnyList,
  Anything,
  Flag,
  Id,
  ListOf,
  Nested,
  OneOf,
  Pattern,
  Real,
  ShortStrings,
  SomeOf,
  Text,
  Time,
  Url,
  Whole,
} from './fields.js';
import { modelFormats, type ModelFormat } from './format.js';

export const taskStatuses = ['queued', 'running', 'canceling', 'succeeded', 'failed', 'canceled', 'expired'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

export const imageViews = ['front', 'left', 'back', 'right'] as const;
export type ImageView = (typeof imageViews)[number];

/** A picture of a task: an uploaded file and the side of the object it shows. */
export class TaskImage {
  @Id() file_id: string;
  @OneOf(imageViews, { optional: true, description: 'The side it shows; the first picture is the front by default' })
  view?: ImageView;
}

/** What a client may tune. A parameter that the model cannot honour is refused unless `lenient` is true. */
export class TaskParams {
  @Whole({ min: 0, max: 4_294_967_295, optional: true, description: 'Resolved to a random one and echoed' })
  seed?: number;
  @Whole({ min: 100, max: 1_000_000, optional: true }) target_polycount?: number;
  @OneOf(['triangle'], { optional: true }) topology?: 'triangle';
  @Flag({ optional: true, default: true }) texture?: boolean;
  @Whole({ min: 64, max: 4096, optional: true }) texture_resolution?: number;
  @Flag({ optional: true }) enable_pbr?: boolean;
  @Whole({ min: 1, max: 500, optional: true }) num_inference_steps?: number;
  @Real({ min: 0, max: 100, optional: true }) guidance_scale?: number;
  @Whole({ min: 16, max: 1024, optional: true }) geometry_resolution?: number;
  @Flag({ optional: true, default: true }) remove_background?: boolean;
  @Anything({ optional: true, description: 'What only this model knows, checked against its JSON Schema' })
  model_params?: Record<string, unknown>;
  @Flag({
    optional: true,
    description: 'List what the model cannot honour under params_ignored instead of refusing it',
  })
  lenient?: boolean;
}

/** The body of POST /generate. */
export class NewTask {
  @Text({ max: 100, optional: true, description: "One of GET /models; by default the deployment's default" })
  model?: string;
  @Text({ max: 2000, visible: true, optional: true, example: 'a red ceramic mug' }) prompt?: string;
  @Text({ max: 2000, optional: true }) negative_prompt?: string;
  @ListOf(() => TaskImage, { min: 1, max: 4, optional: true }) images?: TaskImage[];
  @Nested(() => TaskParams, { optional: true }) params?: TaskParams;
  @SomeOf(modelFormats, { optional: true }) output_formats?: ModelFormat[];
  @Whole({
    min: 10,
    max: 86_400,
    optional: true,
    description: 'The task expires when it has not ended by then; 1800 by default',
  })
  deadline_seconds?: number;
  @ShortStrings({ max: 16, optional: true, description: 'Echoed with the task' }) metadata?: Record<string, string>;
}

/** The same with its owner and its id, as the gateway passes it on: a client can name neither, and a repeated call is harmless. */
export class CreateTask extends NewTask {
  @Id() owner_id: string;
  @Id() task_id: string;
}

export class TaskOfOwner {
  @Id() owner_id: string;
  @Id() task_id: string;
}

export class ArtifactView {
  @OneOf(['model', 'preview']) kind: 'model' | 'preview';
  @Text({ max: 16, example: 'glb' }) format: string;
  @Id() file_id: string;
  @Url() url: string;
  @Whole({ min: 1 }) size_bytes: number;
  @Pattern({ pattern: /^[0-9a-f]{64}$/ }) sha256: string;
}

/** Why a task failed. `retryable` says whether the same request may succeed later. */
export class TaskError {
  @Text({ max: 64 }) code: string;
  @Text({ max: 500 }) message: string;
  @Flag() retryable: boolean;
  @Text({ max: 64, nullable: true }) stage: string | null;
}

export class TaskMetrics {
  @Whole({ min: 0, nullable: true, description: 'Milliseconds from creation to the first start' }) queue_ms:
    | number
    | null;
  @Whole({ min: 0, nullable: true, description: 'Milliseconds from the first start to the end' }) execution_ms:
    | number
    | null;
  @Whole({ min: 0, description: 'How often the task was handed to a worker' }) attempts: number;
}

export class TaskUrls {
  @Url() self: string;
  @Url() result: string;
  @Url() cancel: string;
}

/** A task as its owner sees it. */
export class TaskView {
  @Id() task_id: string;
  @OneOf(taskStatuses, { name: 'TaskStatus' }) status: TaskStatus;
  @Text({ max: 64, nullable: true }) stage: string | null;
  @Whole({ min: 0, max: 100 }) progress: number;
  @Whole({ min: 0, nullable: true, description: '0 = next; null unless queued' }) queue_position: number | null;
  @Anything({ nullable: true, description: 'null until there is history' }) eta: Record<string, string> | null;
  @Text({ max: 100 }) model: string;
  @Text({ max: 2000, nullable: true }) prompt: string | null;
  @Text({ max: 2000, nullable: true }) negative_prompt: string | null;
  @ListOf(() => TaskImage) images: TaskImage[];
  @Nested(() => TaskParams, { description: 'Resolved: defaults filled in, the seed chosen' }) params: TaskParams;
  @AnyList({ description: 'Names of the parameters that were ignored' }) params_ignored: string[];
  @SomeOf(modelFormats) output_formats: ModelFormat[];
  @ListOf(() => ArtifactView) artifacts: ArtifactView[];
  @Anything({
    nullable: true,
    description: 'Measured on the finished model, with the engine that made it, what it matched and how sure it was',
  })
  quality_report: Record<string, unknown> | null;
  @Nested(() => TaskError, { nullable: true }) error: TaskError | null;
  @Nested(() => TaskMetrics) metrics: TaskMetrics;
  @ShortStrings({ max: 16 }) metadata: Record<string, string>;
  @Time() created_at: string;
  @Time({ nullable: true }) started_at: string | null;
  @Time({ nullable: true }) completed_at: string | null;
  @Time({ nullable: true }) expires_at: string | null;
  @Nested(() => TaskUrls) urls: TaskUrls;
}

/** What a cancel did: `changed` is false when the task was being canceled already. */
export class CancelOutcome {
  @Flag() changed: boolean;
  @Nested(() => TaskView) task: TaskView;
}

export class TaskUsage {
  @Whole({ min: 0 }) queued: number;
  @Whole({ min: 0 }) running: number;
  @Whole({ min: 0 }) max_queued: number;
}

export const createTask = rpc('task', 'task.create', CreateTask, TaskView);
export const findTask = rpc('task', 'task.find', TaskOfOwner, TaskView);
export const cancelTask = rpc('task', 'task.cancel', TaskOfOwner, CancelOutcome);
export const countTasks = rpc('task', 'task.count', AccountId, TaskUsage);
