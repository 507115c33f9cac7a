import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { ajvMessage } from './ajv-message.js';
import type { ModelsFile } from '../file/models-file.js';
import { modelsSchema } from './models-schema.js';
import type { Fault, Path } from '../file/yaml-text.js';

const check = new Ajv2020({
  allErrors: true,
  strict: true,
  discriminator: true,
}).compile<ModelsFile>(modelsSchema);

/** What does not fit the schema of models.yaml; nothing when `value` is a ModelsFile. */
export function schemaFaults(value: unknown): Fault[] {
  if (check(value)) return [];
  return (check.errors ?? []).filter(({ keyword }) => keyword !== 'oneOf').map(faultOf);
}

function faultOf(error: ErrorObject): Fault {
  const path = pathOf(error.instancePath);
  const message = ajvMessage(error);
  if (error.keyword === 'additionalProperties')
    return { path: [...path, String(error.params.additionalProperty)], message };
  if (error.keyword === 'discriminator')
    return { path: [...path, 'type'], message: 'must be amqp, celery, http or server' };
  return { path, message };
}

/** An RFC 6901 pointer as the names that it leads through. */
const pathOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
