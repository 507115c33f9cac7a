import { downloadOrigins, type OptionsSchema } from './options-schema.js';

export interface SglangOptions {
  model?: string;
  job_seconds: number;
  download_origins: string[];
}

export const sglangOptions: OptionsSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    model: { type: 'string', minLength: 1, maxLength: 200, description: 'Sent as `model`; the server has but one' },
    job_seconds: {
      type: 'integer',
      minimum: 1,
      maximum: 86_400,
      default: 1800,
      description: 'How long one mesh may take, its time in the queue of the server included',
    },
    download_origins: downloadOrigins,
  },
};
