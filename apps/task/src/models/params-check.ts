import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** More than a deployment has models; the schemas of earlier offers are forgotten then. */
const mostKept = 64;
const kept = new Map<string, ValidateFunction>();

/** The check of a JSON Schema (2020-12), which fills its defaults in; compiled once for each schema, as that takes milliseconds. */
export function checkFor(schema: object): ValidateFunction {
  const text = JSON.stringify(schema);
  const known = kept.get(text);
  if (known) return known;
  if (kept.size >= mostKept) kept.clear();
  const check = new Ajv2020({ useDefaults: true, allErrors: true, strict: false }).compile(schema);
  kept.set(text, check);
  return check;
}
