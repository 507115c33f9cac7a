import { Ajv2020 } from 'ajv/dist/2020.js';
import { ajvMessage } from '../schema/ajv-message.js';
import { engineNameOf, textNames } from '../engine-params.js';
import type { ModelEntry, ParameterEntry } from './models-file.js';
import { paramsSchemaOf, standardNamesOf } from './params-schema.js';
import { standardParams, type ValueSchema } from '../standard-params.js';
import type { Fault } from './yaml-text.js';

const ajv = new Ajv2020({ strict: true, allErrors: true, useDefaults: true });

/** What is wrong with the parameters of a model, beyond the schema. The places are within the model. */
export function parameterFaults(entry: ModelEntry): Fault[] {
  const faults = [...limitFaults(entry), ...nameFaults(entry)];
  return faults.length > 0 ? faults : compileFaults(entry);
}

/** A model may take less than the API takes under a standard name, and no more. */
function limitFaults({ parameters = {} }: ModelEntry): Fault[] {
  return standardNamesOf(parameters).flatMap((name) =>
    beyond(parameters[name] ?? {}, standardParams[name]).map(([field, message]) => ({
      path: ['parameters', name, field],
      message: `the API takes ${message} as ${name}`,
    })),
  );
}

function beyond(entry: ParameterEntry, standard: ValueSchema): [field: string, message: string][] {
  const { type, minimum, maximum } = standard as { type?: string; minimum?: number; maximum?: number };
  const values = (standard.enum ?? null) as unknown[] | null;
  const words = (entry.enum ?? []) as unknown[];
  const found: [string, string][] = [];
  if (entry.type !== undefined && entry.type !== type && !(entry.type === 'integer' && type === 'number')) {
    found.push(['type', type ? `type ${type}` : `only ${values?.join(', ')}`]);
  }
  if (Number(entry.minimum) < Number(minimum)) found.push(['minimum', `nothing below ${minimum}`]);
  if (Number(entry.maximum) > Number(maximum)) found.push(['maximum', `nothing above ${maximum}`]);
  if (values && words.some((word) => !values.includes(word))) found.push(['enum', `only ${values.join(', ')}`]);
  if (words.some((word) => Number(word) < Number(minimum) || Number(word) > Number(maximum))) {
    found.push(['enum', `${minimum} to ${maximum}`]);
  }
  return found;
}

/** No two parameters reach the engine under one name. */
function nameFaults({ parameters = {}, finish = true }: ModelEntry): Fault[] {
  const faults: Fault[] = [];
  const taken = new Map<string, string>(textNames.map((name) => [name, `the ${name.replace('_', ' ')}`]));
  const take = (name: string, owner: string, path: string[]): void => {
    if (taken.has(name)) faults.push({ path, message: `the engine gets ${taken.get(name)} as ${name} already` });
    else taken.set(name, owner);
  };
  for (const name of standardNamesOf(parameters)) {
    const mapsTo = parameters[name]?.maps_to;
    const path = ['parameters', name, ...(mapsTo === undefined ? [] : ['maps_to'])];
    if (mapsTo !== undefined && !finish) faults.push({ path, message: 'is only for models that are finished' });
    const engineName = engineNameOf(name, mapsTo === undefined ? {} : { [name]: mapsTo });
    if (finish && engineName !== null) take(engineName, name, path);
  }
  for (const name of Object.keys(parameters.model_params?.properties ?? {})) {
    const path = ['parameters', 'model_params', 'properties', name];
    if (name in Object.prototype) faults.push({ path, message: 'is a name that every object has' });
    if (finish) take(name, `model_params.${name}`, path);
  }
  return faults;
}

/** The schema that clients see compiles, and takes its own defaults. */
function compileFaults(entry: ModelEntry): Fault[] {
  const schema = paramsSchemaOf(entry);
  try {
    const check = ajv.compile(schema);
    if (check({})) return [];
    return (check.errors ?? []).map((error) => ({
      path: [...placeOf(error.instancePath), 'default'],
      message: ajvMessage(error),
    }));
  } catch (error) {
    return [{ path: ['parameters'], message: (error as Error).message }];
  } finally {
    ajv.removeSchema(schema); // it would remember every version of the file
  }
}

/** Where the entry describes the parameter that a pointer into the parameters names. */
function placeOf(pointer: string): string[] {
  const [name = '', own] = pointer.split('/').slice(1);
  return own === undefined ? ['parameters', name] : ['parameters', name, 'properties', own];
}
