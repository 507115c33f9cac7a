import type { OptionsSchema } from './options-schema.js';

export interface Hunyuan3dOptions {
  job_seconds: number;
  /** Of Hunyuan3D-2 alone. */
  texture?: boolean;
}

const job_seconds = {
  type: 'integer',
  minimum: 1,
  maximum: 86_400,
  default: 900,
  description: 'A job that has not ended by then never will: the server does not say that one has failed',
};

export const hunyuan3d21Options: OptionsSchema = {
  type: 'object',
  additionalProperties: false,
  properties: { job_seconds },
};

export const hunyuan3d2Options: OptionsSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    job_seconds,
    texture: {
      type: 'boolean',
      default: false,
      description: 'Whether the server was started with --enable_tex; without it a task with texture is refused',
    },
  },
};
