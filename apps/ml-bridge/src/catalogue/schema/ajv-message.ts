import type { ErrorObject } from 'ajv/dist/2020.js';

/** What is wrong, with the limit or the values there are. */
export function ajvMessage({ keyword, params, message }: ErrorObject): string {
  if (keyword === 'additionalProperties') return 'is not a known field';
  if (keyword === 'enum') return `must be one of: ${(params.allowedValues as unknown[]).join(', ')}`;
  if (keyword === 'const') return `must be ${JSON.stringify(params.allowedValue)}`;
  return message ?? `must fit ${keyword}`;
}
