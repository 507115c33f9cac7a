/** One attempt of one task, as a worker is handed it (schemas/ml-job.v1.json). */
export interface Job {
  v: 1;
  task_id: string;
  /** Fencing number: every event must echo it. */
  attempt: number;
  /** Random, for this attempt only: proves that an event comes from whoever was handed the job. */
  lease_token: string;
  operation: 'text_to_3d' | 'image_to_3d' | 'multiview_to_3d' | 'retexture' | 'remesh' | 'convert' | 'rig';
  model?: string;
  params: Record<string, unknown>;
  inputs: JobInput[];
  outputs: JobOutput[];
  deadline_at: string;
  /** The deadline as milliseconds left at dispatch: a worker whose clock is wrong uses this. */
  budget_ms: number;
  /** A worker reports at least this often, in milliseconds. */
  heartbeat_ms: number;
  traceparent?: string;
}

export interface JobInput {
  name: string;
  /** Presigned GET. */
  url: string;
  content_type: string;
  bytes: number;
  sha256: string;
}

export interface JobOutput {
  name: string;
  format: string;
  /** Presigned PUT. */
  url: string;
  /** To be sent as they are. */
  headers?: Record<string, string>;
  max_bytes: number;
  required?: boolean;
}

export const workerErrorCodes = [
  'bad_input',
  'unsupported',
  'content_rejected',
  'input_unavailable',
  'output_rejected',
  'out_of_memory',
  'model_error',
  'deadline_exceeded',
  'shutdown',
  'internal',
] as const;
export type WorkerErrorCode = (typeof workerErrorCodes)[number];

export interface WorkerFailure {
  code: WorkerErrorCode;
  message: string;
  retryable: boolean;
  detail?: string;
}

export interface ArtifactReport {
  name: string;
  format: string;
  bytes: number;
  sha256: string;
  meta?: Record<string, unknown>;
}

/** What a worker says about an attempt (schemas/ml-event.v1.json). */
export interface WorkerEvent {
  v: 1;
  type: 'accepted' | 'progress' | 'succeeded' | 'failed' | 'canceled';
  /** Key of the inbox. */
  event_id: string;
  task_id: string;
  attempt: number;
  lease_token: string;
  /** One per process start, so that a restarted worker is a new one. */
  worker_id: string;
  /** Grows by one per attempt. */
  seq: number;
  at: string;
  percent?: number;
  stage?: string;
  preview?: string;
  artifacts?: ArtifactReport[];
  metrics?: Record<string, number>;
  error?: WorkerFailure;
}

/** Best effort from the bridge to all workers; the truth is the lease (schemas/ml-control.v1.json). */
export interface ControlOfAll {
  v: 1;
  type: 'cancel' | 'drain';
  at: string;
  task_id?: string;
  attempt?: number;
  reason?: 'user' | 'deadline' | 'stale' | 'shutdown';
}

/** A cancel for one worker alone, while another one rightly has the attempt (schemas/ml-control.v2.json). */
export interface ControlOfOne {
  v: 2;
  type: 'cancel';
  at: string;
  task_id: string;
  attempt: number;
  reason: 'user' | 'deadline' | 'stale' | 'shutdown';
  worker_id: string;
}

export type Control = ControlOfAll | ControlOfOne;
