import type { AnySchemaObject, ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Control, Job, WorkerEvent } from './messages.js';
import controlSchema from './schemas/ml-control.v1.json' with { type: 'json' };
import namedControlSchema from './schemas/ml-control.v2.json' with { type: 'json' };
import eventSchema from './schemas/ml-event.v1.json' with { type: 'json' };
import jobSchema from './schemas/ml-job.v1.json' with { type: 'json' };

type VersionedSchema = AnySchemaObject & { properties: { v: { const: number } } };

/** Throws a ContractViolation. */
type Parser<T> = (body: Uint8Array | string) => T;

const bans = new Set(['additionalProperties', 'unevaluatedProperties']);

/** A message that does not fit its published schema. */
export class ContractViolation extends Error {
  override readonly name = 'ContractViolation';
}

const ajv = new Ajv2020({ allErrors: false, strict: true, strictRequired: false, strictTypes: false });
addFormats.default(ajv);

/**
 * How a message is read: a field that nobody knows is let through, so that the other side may be newer; everything else has to fit the
 * published schema of its version. Throws a ContractViolation that names the first wrong place.
 */
const reader = (...schemas: VersionedSchema[]): Parser<unknown> => {
  const checks = compiled(schemas.map(tolerant));
  return (body) => checked(checks, body);
};

/** How a message is to be written: as it is read, but nothing may be said that its schema does not know. */
const writer = (...schemas: VersionedSchema[]): Parser<unknown> => {
  const checks = compiled(schemas);
  return (body) => checked(checks, body);
};

/** A message of one of these versions, checked against the schema of its own. */
function checked(checks: Map<number, ValidateFunction>, body: Uint8Array | string): unknown {
  const value = parseJson(body);
  const version = (value as { v?: unknown } | null)?.v;
  const check = checks.get(version as number);
  if (!check)
    throw new ContractViolation(`/v is ${String(version)}, and only ${[...checks.keys()].join(', ')} is known`);
  if (!check(value)) throw new ContractViolation(describe(check.errors));
  return value;
}

const compiled = (schemas: VersionedSchema[]): Map<number, ValidateFunction> =>
  new Map(schemas.map((schema) => [schema.properties.v.const, ajv.compile(schema)]));

/** The schema without its ban on unknown fields, at any depth. */
function tolerant<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map((part: unknown) => tolerant(part)) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  const rules = Object.entries(schema).filter(
    ([rule, value]) => !(bans.has(rule) && value === false) && rule !== '$id',
  );
  return Object.fromEntries(rules.map(([rule, value]) => [rule, tolerant<unknown>(value)])) as T;
}

function parseJson(body: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString());
  } catch {
    throw new ContractViolation('not JSON');
  }
}

const describe = (errors: ErrorObject[] | null | undefined): string =>
  (errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`).join('; ');

export const parseJob = reader(jobSchema) as Parser<Job>;
export const parseWorkerEvent = reader(eventSchema) as Parser<WorkerEvent>;
export const parseControl = reader(controlSchema, namedControlSchema) as Parser<Control>;

export const exactJob = writer(jobSchema) as Parser<Job>;
export const exactWorkerEvent = writer(eventSchema) as Parser<WorkerEvent>;
export const exactControl = writer(controlSchema, namedControlSchema) as Parser<Control>;
