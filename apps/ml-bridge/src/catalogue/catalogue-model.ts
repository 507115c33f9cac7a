import type { ModelOffer } from '#contracts';

/** One model of the catalogue: what clients see of it, and how the bridge reaches whoever runs it. */
export interface CatalogueModel {
  offer: ModelOffer;
  transport: TransportSettings;
  /** The engine's name of a parameter, where it has another one than ours. */
  engineNames: Readonly<Record<string, string>>;
  stages: readonly Stage[];
  /** How long a worker that is heard may go without progress, in seconds; null where only the stages have deadlines. */
  stallSeconds: number | null;
  /** Whether the engine delivers one GLB alone, of which our own engine makes everything else that was asked for. */
  finish: boolean;
  /** At most this many jobs at once; null for as many as its workers take. */
  slots: number | null;
}

/** A named part of a generation. */
export interface Stage {
  name: string;
  /** In seconds; null for none but the task's. */
  deadlineSeconds: number | null;
  /** Its share of the work, against those of the other stages. */
  weight: number;
}

export type TransportSettings = AmqpSettings | CelerySettings | HttpSettings | ServerSettings;

/** Plain messages in the queue `ml.jobs.<pool>`. */
export interface AmqpSettings {
  type: 'amqp';
  pool: string;
}

/** Celery workers behind a RabbitMQ (`amqp://`) or a Redis (`redis://`) of theirs. */
export interface CelerySettings {
  type: 'celery';
  brokerUrl: string;
  queue: string;
  /** The name of the Celery task; it is called with the job as its keyword argument `job`. */
  task: string;
}

/** Workers that fetch their jobs over HTTP. */
export interface HttpSettings {
  type: 'http';
  pool: string;
}

export const engineNames = ['hunyuan3d-2', 'hunyuan3d-2.1', 'cog', 'comfyui', 'sglang', 'meshy', 'tripo'] as const;
export type EngineName = (typeof engineNames)[number];

/** A server of somebody else's that the bridge drives itself. */
export interface ServerSettings {
  type: 'server';
  engine: EngineName;
  url: string;
  apiKey: string | null;
  /** What only this kind of server needs, checked by its adapter: a workflow, the version of a model. */
  options: Readonly<Record<string, unknown>>;
}
