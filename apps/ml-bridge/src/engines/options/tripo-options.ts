import { downloadOrigins, type OptionsSchema } from './options-schema.js';

export interface TripoOptions {
  model: string;
  download_origins: string[];
}

export const tripoOptions: OptionsSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    model: {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      default: 'v3.1-20260211',
      description: "Tripo's name of the model",
    },
    download_origins: { ...downloadOrigins, default: ['https://*.tripo3d.ai', 'https://*.tripo3d.com'] },
  },
};
