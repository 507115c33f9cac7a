import { standardNames, standardParams } from '../standard-params.js';

const limits = {
  type: { enum: ['integer', 'number', 'boolean', 'string'], description: 'The type of the value' },
  enum: { type: 'array', minItems: 1, description: 'The values there are' },
  minimum: { type: 'number', description: 'The least value' },
  maximum: { type: 'number', description: 'The greatest value' },
  multipleOf: { type: 'number', exclusiveMinimum: 0, description: 'The values are multiples of it' },
  default: { description: 'The value of a task that does not say; without one the engine decides' },
  description: { type: 'string', minLength: 1, maxLength: 1000, description: 'One sentence for clients' },
};

/** Of a standard parameter only what differs from what the API takes under its name has to be said. */
const standardSchema = (description: unknown) => ({
  type: 'object',
  description,
  additionalProperties: false,
  properties: {
    ...limits,
    maps_to: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      description: "The engine's name of it, where it has another one",
    },
  },
});

const ownSchema = {
  type: 'object',
  description: 'A parameter of the engine under its own name',
  additionalProperties: false,
  properties: {
    ...limits,
    exclusiveMinimum: { type: 'number', description: 'The values are greater' },
    exclusiveMaximum: { type: 'number', description: 'The values are less' },
    minLength: { type: 'integer', minimum: 0, description: 'The least number of characters' },
    maxLength: { type: 'integer', minimum: 0, description: 'The greatest number of characters' },
    pattern: { type: 'string', description: 'A regular expression that the text fits' },
  },
};

/** What clients may tune of a model. */
export const parametersSchema = {
  type: 'object',
  description:
    'What clients may tune: the standard names that the engine honours, each with what differs from the standard. What is not named here is refused',
  additionalProperties: false,
  properties: {
    ...Object.fromEntries(standardNames.map((name) => [name, standardSchema(standardParams[name].description)])),
    model_params: {
      type: 'object',
      description: 'What only this model knows',
      additionalProperties: false,
      required: ['properties'],
      properties: {
        properties: {
          type: 'object',
          description: 'Each under the name that the engine has for it',
          propertyNames: { minLength: 1, maxLength: 100 },
          additionalProperties: ownSchema,
        },
      },
    },
  },
};
