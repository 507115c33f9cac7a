import { deliveryNames } from '../engine-params.js';
import type { ModelEntry, ParameterEntries } from './models-file.js';
import { isStandardName, type StandardName, standardParams, type ValueSchema } from '../standard-params.js';

/**
 * The JSON Schema (2020-12) of what clients may tune: each standard parameter with what the entry changes of it, how to deliver where
 * our own engine sees to that, and what only this model knows.
 */
export function paramsSchemaOf({
  parameters = {},
  finish = true,
}: Pick<ModelEntry, 'parameters' | 'finish'>): ValueSchema {
  const { model_params: own } = parameters;
  const names = standardNamesOf(parameters);
  const standard = [...names, ...(finish ? deliveryNames.filter((name) => !names.includes(name)) : [])];
  return {
    type: 'object',
    additionalProperties: false,
    properties: {
      ...Object.fromEntries(standard.map((name) => [name, valueSchemaOf(name, parameters)])),
      ...(own ? { model_params: { type: 'object', additionalProperties: false, default: {}, ...own } } : {}),
    },
  };
}

export const standardNamesOf = (parameters: ParameterEntries): StandardName[] =>
  Object.keys(parameters).filter(isStandardName);

function valueSchemaOf(name: StandardName, parameters: ParameterEntries): ValueSchema {
  const { maps_to: _, ...changed } = parameters[name] ?? {};
  return { ...standardParams[name], ...changed };
}
