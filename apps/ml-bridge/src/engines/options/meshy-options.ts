import { downloadOrigins, type OptionsSchema } from './options-schema.js';

export interface MeshyOptions {
  ai_model: string;
  moderation: boolean;
  download_origins: string[];
}

export const meshyOptions: OptionsSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ai_model: {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      default: 'latest',
      description: "Meshy's name of the model",
    },
    moderation: {
      type: 'boolean',
      default: true,
      description: 'Whether Meshy looks at prompts and pictures first, and refuses what it does not want to make',
    },
    download_origins: { ...downloadOrigins, default: ['https://*.meshy.ai'] },
  },
};
