import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { type FieldError, type ModelOffer, type OfferedModel, Problem, type TaskParams } from '#contracts';

/** A model on offer, as ml-bridge last announced it. */
export interface Model {
  id: string;
  offer: ModelOffer;
  slots: number;
  offeredAt: Date;
}

/** An offer that has not been repeated for this long is not counted on any more. */
export const offerLifetimeMs = 60_000;

export function modelOf({ slots, ...offer }: OfferedModel, now: Date): Model {
  return { id: offer.id, offer, slots, offeredAt: now };
}

export const isReady = ({ slots, offeredAt }: Pick<Model, 'slots' | 'offeredAt'>, now: Date): boolean =>
  slots > 0 && now.getTime() - offeredAt.getTime() < offerLifetimeMs;

export interface ResolvedParams {
  params: TaskParams;
  ignored: string[];
}

const seedRange = 4_294_967_296;

/**
 * The parameters a model will run with: its defaults filled in, the seed chosen. What the model does not know is a
 * `parameter_not_supported`, or is listed as ignored when the request is lenient; a wrong value is `invalid_parameters`.
 */
export function resolveParams(offer: ModelOffer, asked: TaskParams, random: () => number): ResolvedParams {
  const { lenient = false, ...given } = asked;
  const schema = offer.params_schema as { properties?: Record<string, unknown> };
  const supported = new Set(Object.keys(schema.properties ?? {}));
  const names = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const unknown = names.filter((name) => !supported.has(name));
  if (unknown.length > 0 && !lenient) throw notSupported(offer, unknown);
  const params = Object.fromEntries(Object.entries(given).filter(([name]) => supported.has(name)));
  if (supported.has('seed')) params.seed ??= Math.floor(random() * seedRange);
  fillIn(schema, params);
  return { params, ignored: unknown };
}

const notSupported = (offer: ModelOffer, names: string[]): Problem =>
  new Problem('parameter_not_supported', `The model ${offer.id} does not know: ${names.join(', ')}`, {
    errors: names.map((name) => ({
      pointer: `/params/${name}`,
      message: `the model ${offer.id} does not know ${name}`,
    })),
  });

/** Checks against the model's JSON Schema and fills its defaults in, in place. */
function fillIn(schema: object, params: Record<string, unknown>): void {
  const check = new Ajv2020({ useDefaults: true, allErrors: true, strict: false }).compile(schema);
  if (!check(params))
    throw new Problem('invalid_parameters', undefined, { errors: (check.errors ?? []).map(fieldError) });
}

function fieldError({ instancePath, message, params, keyword }: ErrorObject): FieldError {
  const extra = keyword === 'additionalProperties' ? `/${String(params.additionalProperty)}` : '';
  return {
    pointer: `/params${instancePath}${extra}`,
    message: extra ? 'is not a known parameter' : (message ?? keyword),
  };
}
