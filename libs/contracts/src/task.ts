import { AccountId, Nothing } from './account.js';
import { event, rpc } from './contract.js';
import {
  AnyList,
  Anything,
  Flag,
  Id,
  Ids,
  ListOf,
  Names,
  Nested,
  OneOf,
  Pattern,
  ShortStrings,
  SomeOf,
  Text,
  Time,
  Url,
  Whole,
} from './fields.js';
import { modelFormats, type ModelFormat } from './format.js';
import { Cursor, PageOf } from './page.js';
import {
  ConvertTask,
  CreateTask,
  TaskImage,
  TaskMesh,
  TaskParams,
  taskPriorities,
  type TaskPriority,
} from './task-request.js';

export const taskStatuses = ['queued', 'running', 'canceling', 'succeeded', 'failed', 'canceled', 'expired'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

/** Statuses that a task never leaves. */
export const finalStatuses = ['succeeded', 'failed', 'canceled', 'expired'] as const satisfies readonly TaskStatus[];
export type FinalStatus = (typeof finalStatuses)[number];

export class TaskOfOwner {
  @Id() owner_id: string;
  @Id() task_id: string;
}

export class ArtifactView {
  @Text({ max: 64, example: 'preview-right.png', description: 'Unique within the task' }) name: string;
  @OneOf(['model', 'preview']) kind: 'model' | 'preview';
  @Text({ max: 16, example: 'glb' }) format: string;
  @Id() file_id: string;
  @Url() url: string;
  @Whole({ min: 1 }) size_bytes: number;
  @Pattern({ pattern: /^[0-9a-f]{64}$/ }) sha256: string;
  @Whole({ min: 1, optional: true, description: 'Of a preview, in pixels' }) width?: number;
  @Whole({ min: 1, optional: true, description: 'Of a preview, in pixels' }) height?: number;
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
  @Whole({ min: 0, nullable: true, description: 'Milliseconds from the cancel to the end' }) cancel_ms: number | null;
}

/** When a task will probably start and finish, from what this deployment's tasks of the same model took. */
export class TaskEta {
  @Time({ nullable: true, description: 'As likely before as after; null once it has started' }) start_p50:
    | string
    | null;
  @Time({ description: 'As likely before as after' }) finish_p50: string;
  @Time({ description: 'Nine of ten finish before' }) finish_p90: string;
}

export class TaskUrls {
  @Url() self: string;
  @Url() events: string;
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
  @Nested(() => TaskEta, { nullable: true, description: 'null until there is history, and when it has ended' })
  eta: TaskEta | null;
  @OneOf(taskPriorities) priority: TaskPriority;
  @Text({ max: 100, description: 'The one that runs it now' }) model: string;
  @Names({ max: 4, description: 'The models that may take over, the next one first' }) fallback_models: string[];
  @Text({ max: 2000, nullable: true }) prompt: string | null;
  @Text({ max: 2000, nullable: true }) negative_prompt: string | null;
  @ListOf(() => TaskImage) images: TaskImage[];
  @Nested(() => TaskMesh, { nullable: true }) mesh: TaskMesh | null;
  @Id({ nullable: true, description: 'The task whose model this one converts' }) source_task_id: string | null;
  @Nested(() => TaskParams, { description: 'Resolved: defaults filled in, the seed chosen' }) params: TaskParams;
  @AnyList({ description: 'Names of the parameters that were ignored' }) params_ignored: string[];
  @SomeOf(modelFormats) output_formats: ModelFormat[];
  @ListOf(() => ArtifactView) artifacts: ArtifactView[];
  @Anything({
    nullable: true,
    description:
      'Measured on the finished model by the worker that made it. Ours says triangles, vertices, parts, watertight, open_edges, ' +
      'non_manifold_edges, volume (m³), area (m²), bounds, materials, uv_coverage and uv_overlap (0 to 1), textures and what they are ' +
      'used for, gltf_validator; and of a generation the engine, what it matched and how sure it was (confidence).',
  })
  quality_report: Record<string, unknown> | null;
  @Nested(() => TaskError, { nullable: true }) error: TaskError | null;
  @Nested(() => TaskMetrics) metrics: TaskMetrics;
  @Url({ nullable: true }) webhook_url: string | null;
  @ShortStrings({ max: 16 }) metadata: Record<string, string>;
  @Time() created_at: string;
  @Time({ nullable: true }) started_at: string | null;
  @Time({ nullable: true }) completed_at: string | null;
  @Time({ nullable: true, description: 'When it is removed with its files; null until it has ended' }) expires_at:
    | string
    | null;
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

/** What a request to create came to: `replayed` is true when its key had been used, and `task` is then the first answer. */
export class CreatedTask {
  @Flag() replayed: boolean;
  @Nested(() => TaskView) task: TaskView;
}

export class ListTasks extends PageOf {
  @Id() owner_id: string;
  @OneOf(taskStatuses, { optional: true }) status?: TaskStatus;
}

export class TaskPage {
  @ListOf(() => TaskView) items: TaskView[];
  @Cursor({ nullable: true }) next_cursor: string | null;
}

/** Asks for what happened to a task after an event, oldest first; without `after`, for its newest state alone. */
export class TaskEventsAfter extends TaskOfOwner {
  @Whole({ min: 0, optional: true }) after?: number;
  @Whole({ min: 1, max: 100 }) limit = 100;
}

/** The task as it was after one change. The sequence number grows with every change. */
export class TaskEvent {
  @Whole({ min: 0 }) seq: number;
  @Nested(() => TaskView) task: TaskView;
}

export class TaskEvents {
  @ListOf(() => TaskEvent) events: TaskEvent[];
  @Flag({ description: 'Whether nothing comes after these' }) complete: boolean;
}

/** A task's event log has grown. */
export class TaskChanged {
  @Id() task_id: string;
  @Whole({ min: 0 }) seq: number;
}

/** A task has ended. Files of it that are not named here are left-overs of attempts that did not count. */
export class TaskEnded extends TaskOfOwner {
  @OneOf(finalStatuses) status: FinalStatus;
  @Ids({ description: 'The files of its result' }) file_ids: string[];
}

export const createTask = rpc('task', 'task.create', CreateTask, CreatedTask);
/** `task_not_finished` and its like when there is no model to convert. */
export const convertTask = rpc('task', 'task.convert', ConvertTask, CreatedTask);
export const findTask = rpc('task', 'task.find', TaskOfOwner, TaskView);
export const listTasks = rpc('task', 'task.list', ListTasks, TaskPage);
export const listTaskEvents = rpc('task', 'task.list-events', TaskEventsAfter, TaskEvents);
export const cancelTask = rpc('task', 'task.cancel', TaskOfOwner, CancelOutcome);
/** Cancels the task if it runs, hides it from now on, and has everything of it erased. */
export const removeTask = rpc('task', 'task.remove', TaskOfOwner, Nothing);
export const countTasks = rpc('task', 'task.count', AccountId, TaskUsage);

/** For every gateway: whoever watches the task has something to read. */
export const taskChanged = event('task.changed', TaskChanged);
export const taskEnded = event('task.ended', TaskEnded);
/** A task is gone, by its owner's wish or because its time was over: whatever belongs to it is to go too. */
export const taskRemoved = event('task.removed', TaskOfOwner);
