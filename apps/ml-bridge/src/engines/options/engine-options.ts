import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { EngineName, ServerSettings } from '../../catalogue/catalogue-model.js';
import { cogOptions } from './cog-options.js';
import { comfyuiOptions } from './comfyui-options.js';
import { hunyuan3d21Options, hunyuan3d2Options } from './hunyuan3d-options.js';
import { meshyOptions } from './meshy-options.js';
import type { OptionsSchema } from './options-schema.js';
import { sglangOptions } from './sglang-options.js';
import { tripoOptions } from './tripo-options.js';

/** What the `options` of each engine may say in models.yaml. */
export const optionsSchemas: Readonly<Record<EngineName, OptionsSchema>> = {
  'hunyuan3d-2': hunyuan3d2Options,
  'hunyuan3d-2.1': hunyuan3d21Options,
  cog: cogOptions,
  sglang: sglangOptions,
  comfyui: comfyuiOptions,
  meshy: meshyOptions,
  tripo: tripoOptions,
};

const ajv = new Ajv2020({ useDefaults: true, strict: true, strictTypes: false });
const checks = new Map<EngineName, ValidateFunction>();

/** Throws an Error that names the wrong option. */
export function checkOptions(engine: EngineName, options: ServerSettings['options']): void {
  optionsOf(engine, options);
}

/** The options with their defaults. Throws an Error that names the wrong one. */
export function optionsOf(engine: EngineName, options: ServerSettings['options']): unknown {
  const check = checks.get(engine) ?? ajv.compile(optionsSchemas[engine]);
  checks.set(engine, check);
  const filled: unknown = structuredClone(options);
  if (check(filled)) return filled;
  throw new Error(explained(engine, check.errors?.[0]));
}

function explained(engine: EngineName, error: ErrorObject | undefined): string {
  const { instancePath = '', message = 'are wrong', params = {} } = error ?? {};
  const place = `options${instancePath}`.replaceAll('/', '.');
  const { additionalProperty, allowedValues } = params as { additionalProperty?: string; allowedValues?: string[] };
  if (additionalProperty !== undefined) return `${place}.${additionalProperty} is not known by ${engine}`;
  return `${place} ${message}${allowedValues ? `: ${allowedValues.join(', ')}` : ''}`;
}
