import { downloadOrigins, type OptionsSchema } from './options-schema.js';

export interface CogOptions {
  inputs: { prompt: string; negative_prompt: string; image: string; images?: string; views: Record<string, string> };
  constants: Record<string, unknown>;
  pictures: 'data' | 'url';
  output?: string;
  job_seconds: number;
  download_origins: string[];
}

const inputName = (fallback: string, description: string): object => ({
  type: 'string',
  minLength: 1,
  maxLength: 100,
  default: fallback,
  description,
});

export const cogOptions: OptionsSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    inputs: {
      type: 'object',
      additionalProperties: false,
      default: {},
      description: 'What the model calls what every task has',
      properties: {
        prompt: inputName('prompt', 'The input that takes the prompt'),
        negative_prompt: inputName('negative_prompt', 'The input that takes what is not wanted'),
        image: inputName('image', 'The input that takes the picture, of several the one from the front'),
        images: {
          type: 'string',
          minLength: 1,
          maxLength: 100,
          description: 'The input that takes all pictures as a list, instead of one for each',
        },
        views: {
          type: 'object',
          additionalProperties: { type: 'string', minLength: 1, maxLength: 100 },
          propertyNames: { enum: ['left', 'back', 'right'] },
          default: {},
          description: 'The inputs that take the pictures from other sides',
        },
      },
    },
    constants: {
      type: 'object',
      default: {},
      description: 'Inputs that are the same for every task',
    },
    pictures: {
      enum: ['data', 'url'],
      default: 'data',
      description: 'Whether pictures are sent within the call, or as addresses that the server can reach',
    },
    output: {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      description: 'The field of the output that has the GLB, when the model returns several things',
    },
    job_seconds: {
      type: 'integer',
      minimum: 1,
      maximum: 86_400,
      default: 1800,
      description: 'How long one prediction may take, waiting for a free place included',
    },
    download_origins: downloadOrigins,
  },
};
