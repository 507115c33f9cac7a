import { modelFormats, modelInputs } from '#contracts';
import { licenseSchema } from './license-schema.js';
import { parametersSchema } from './parameters-schema.js';
import { transportSchema } from './transport-schema.js';

const stageSchema = {
  type: 'object',
  description: 'A named part of a generation, as its engine reports it',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 50, description: 'What the engine calls it' },
    deadline_seconds: {
      type: 'number',
      minimum: 1,
      maximum: 86_400,
      description:
        'An attempt that is in this stage for longer is `worker_timeout`; left out: as long as the task may take',
    },
    weight: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1000,
      default: 1,
      description: 'Its share of the work, against those of the other stages',
    },
  },
};

const modelSchema = {
  type: 'object',
  description: 'One model: what clients see of it, and how the bridge reaches whoever runs it',
  additionalProperties: false,
  required: ['id', 'name', 'engine', 'description', 'inputs', 'max_images', 'transport', 'license'],
  properties: {
    id: {
      type: 'string',
      pattern: '^[a-z0-9][a-z0-9._-]{0,99}$',
      description: 'What clients ask for; never renamed. `auto` is reserved',
    },
    name: { type: 'string', minLength: 1, maxLength: 100, description: 'What people call it' },
    engine: { type: 'string', minLength: 1, maxLength: 100, description: 'What makes the models, as clients see it' },
    description: { type: 'string', minLength: 1, maxLength: 1000, description: 'One to three sentences for clients' },
    enabled: {
      type: 'boolean',
      default: true,
      description: 'Off: the entry is checked, and neither offered nor read from the environment',
    },
    inputs: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { enum: modelInputs },
      description: 'What a model is made from: any one of these',
    },
    max_images: {
      type: 'integer',
      minimum: 0,
      maximum: 4,
      description: 'At most this many pictures; 0 without `image`',
    },
    parameters: parametersSchema,
    transport: transportSchema,
    slots: {
      type: 'integer',
      minimum: 1,
      maximum: 10_000,
      description: 'At most this many jobs at once; left out: as many as its workers take, and one of a server',
    },
    stages: {
      type: 'array',
      maxItems: 20,
      items: stageSchema,
      description: 'The stages in their order; clients see the names',
    },
    stall_seconds: {
      type: 'number',
      minimum: 1,
      maximum: 86_400,
      description: 'A worker that is heard without progress for longer is `worker_stalled`; left out: never',
    },
    output_formats: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { enum: modelFormats },
      default: modelFormats,
      description: 'What clients may ask for; whatever is finished comes in all of them',
    },
    finish: {
      type: 'boolean',
      default: true,
      description:
        'On: the engine delivers one GLB, and our own engine makes of it everything that was asked for. Off: the engine delivers everything itself, as ours does',
    },
    license: licenseSchema,
    price: { type: 'number', minimum: 0, maximum: 1_000_000, description: "What a task costs, in the operator's unit" },
    weight: {
      type: 'integer',
      minimum: 0,
      maximum: 1000,
      default: 1,
      description: 'The model `auto` prefers the greatest; 0: never chosen by it',
    },
  },
};

/** What models.yaml may say: for editors, and for the bridge when it reads the file. docs/models.schema.json is written from it. */
export const modelsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'models.yaml of Lathe',
  description: 'The models of a deployment',
  type: 'object',
  additionalProperties: false,
  required: ['version', 'models'],
  properties: {
    version: { const: 1, description: 'The version of this format' },
    models: { type: 'array', minItems: 1, maxItems: 500, items: modelSchema, description: 'Every model, in any order' },
  },
};
