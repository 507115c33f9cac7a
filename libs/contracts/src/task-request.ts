import { IntersectionType } from '@nestjs/swagger';
import {
  Anything,
  Flag,
  Id,
  ListOf,
  Names,
  Nested,
  OneOf,
  Pattern,
  Real,
  ShortStrings,
  SomeOf,
  Text,
  Url,
  Whole,
} from './fields.js';
import { type Compression, compressions, modelFormats, type ModelFormat, upAxes, type UpAxis } from './format.js';

export const taskPriorities = ['low', 'normal', 'high'] as const;
export type TaskPriority = (typeof taskPriorities)[number];

export const imageViews = ['front', 'left', 'back', 'right'] as const;
export type ImageView = (typeof imageViews)[number];

/** A picture of a task: an uploaded file and the side of the object it shows. */
export class TaskImage {
  @Id() file_id: string;
  @OneOf(imageViews, { optional: true, description: 'The side it shows; the first picture is the front by default' })
  view?: ImageView;
}

/** The model a task starts from: an uploaded GLB, or one that a task made. */
export class TaskMesh {
  @Id() file_id: string;
}

/** How a model is delivered. */
export class DeliveryParams {
  @Whole({ min: 100, max: 1_000_000, optional: true, description: 'At most this many triangles' })
  target_polycount?: number;
  @Whole({ min: 64, max: 4096, optional: true, description: 'Longer side of the textures in pixels, at most' })
  texture_resolution?: number;
  @Real({ min: 0.1, max: 100_000, optional: true, description: 'Length of the longest side, in millimetres' })
  size_mm?: number;
  @OneOf(upAxes, { optional: true, description: 'Of OBJ, FBX, STL and PLY; the other formats fix theirs' })
  up_axis?: UpAxis;
  @OneOf(compressions, { optional: true, description: 'Packs the GLB for the web' }) compression?: Compression;
}

/** What a client may tune. A parameter that the model cannot honour is refused unless `lenient` is true. */
export class TaskParams extends DeliveryParams {
  @Whole({ min: 0, max: 4_294_967_295, optional: true, description: 'Resolved to a random one and echoed' })
  seed?: number;
  @OneOf(['triangle'], { optional: true }) topology?: 'triangle';
  @Flag({ optional: true, default: true }) texture?: boolean;
  @Flag({ optional: true }) enable_pbr?: boolean;
  @Whole({ min: 1, max: 500, optional: true }) num_inference_steps?: number;
  @Real({ min: 0, max: 100, optional: true }) guidance_scale?: number;
  @Whole({ min: 16, max: 2048, optional: true }) geometry_resolution?: number;
  @Flag({ optional: true, default: true }) remove_background?: boolean;
  @Anything({ optional: true, description: 'What only this model knows, checked against its JSON Schema' })
  model_params?: Record<string, unknown>;
  @Flag({
    optional: true,
    description: 'List what the model cannot honour under params_ignored instead of refusing it',
  })
  lenient?: boolean;
}

/** What a client may say about any task. */
export class TaskTerms {
  @OneOf(taskPriorities, {
    optional: true,
    description: "Among the account's own waiting tasks, `normal` by default; it takes nobody else's turn",
  })
  priority?: TaskPriority;
  @Url({ optional: true, description: 'Told when the task has ended: https, at a public address' })
  webhook_url?: string;
  @Whole({
    min: 10,
    max: 86_400,
    optional: true,
    description: 'The task expires when it has not ended by then; 1800 by default',
  })
  deadline_seconds?: number;
  @ShortStrings({ max: 16, optional: true, description: 'Echoed with the task' }) metadata?: Record<string, string>;
}

/** In place of a model: whichever suits the request best. No model may have this id. */
export const autoModel = 'auto';

/** The body of POST /generate. */
export class NewTask extends TaskTerms {
  @Text({
    max: 100,
    optional: true,
    description:
      "One of GET /models, or `auto`: the best of those that can do everything asked for, with the others to fall back on. By default the deployment's default",
  })
  model?: string;
  @Names({
    max: 4,
    optional: true,
    description:
      'Models that take over, in this order, while `model` is unavailable or after its engine has failed. Each must be able to do everything asked for. Not with `auto`, which chooses its own',
  })
  fallback_models?: string[];
  @Text({ max: 2000, visible: true, optional: true, example: 'a red ceramic mug' }) prompt?: string;
  @Text({ max: 2000, optional: true }) negative_prompt?: string;
  @ListOf(() => TaskImage, { min: 1, max: 4, optional: true }) images?: TaskImage[];
  @Nested(() => TaskMesh, { optional: true, description: 'For models that take a mesh' }) mesh?: TaskMesh;
  @Nested(() => TaskParams, { optional: true }) params?: TaskParams;
  @SomeOf(modelFormats, { optional: true }) output_formats?: ModelFormat[];
}

/** The body of POST /generate/{task_id}/convert: further formats of a finished model. */
export class Conversion extends IntersectionType(TaskTerms, DeliveryParams) {
  @SomeOf(modelFormats) output_formats: ModelFormat[];
}

/** What makes a repeated request the same one: the client's key, and a hash of everything it asked for. */
export class Idempotency {
  @Text({ max: 255 }) key: string;
  @Pattern({ pattern: /^[0-9a-f]{64}$/ }) fingerprint: string;
}

/** The same with its owner and its id, as the gateway passes it on: a client can name neither, and a repeated call is harmless. */
export class CreateTask extends NewTask {
  @Id() owner_id: string;
  @Id() task_id: string;
  @Nested(() => Idempotency, { optional: true }) idempotency?: Idempotency;
}

/** The same for a conversion: `source_task_id` is the task whose model is converted, `task_id` the new one. */
export class ConvertTask extends Conversion {
  @Id() owner_id: string;
  @Id() source_task_id: string;
  @Id() task_id: string;
  @Nested(() => Idempotency, { optional: true }) idempotency?: Idempotency;
}
