import { type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Control, Job, WorkerEvent } from './messages.js';
import controlSchema from './schemas/ml-control.v1.json' with { type: 'json' };
import eventSchema from './schemas/ml-event.v1.json' with { type: 'json' };
import jobSchema from './schemas/ml-job.v1.json' with { type: 'json' };

/** A message that does not fit its published schema. */
export class ContractViolation extends Error {
  override readonly name = 'ContractViolation';
}

const ajv = new Ajv2020({ allErrors: false, strict: true, strictRequired: false, strictTypes: false });
addFormats.default(ajv);

const parser =
  <T>(check: ValidateFunction) =>
  /** Parses and checks; throws a ContractViolation that names the first wrong place. */
  (body: Uint8Array | string): T => {
    const value: unknown = parseJson(body);
    if (!check(value)) throw new ContractViolation(describe(check.errors));
    return value as T;
  };

export const parseJob = parser<Job>(ajv.compile(jobSchema));
export const parseWorkerEvent = parser<WorkerEvent>(ajv.compile(eventSchema));
export const parseControl = parser<Control>(ajv.compile(controlSchema));

function parseJson(body: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString());
  } catch {
    throw new ContractViolation('not JSON');
  }
}

const describe = (errors: ErrorObject[] | null | undefined): string =>
  (errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`).join('; ');
