import type { ErrorObject } from 'ajv/dist/2020.js';
import { type FieldError, type ModelOffer, type OfferedModel, Problem, type TaskParams } from '#contracts';
import { type Breaker, isResting } from '../failover/breaker.js';
import { checkFor } from './params-check.js';

/** A model as ml-bridge last announced it. */
export interface Offered {
  id: string;
  offer: ModelOffer;
  slots: number;
  offeredAt: Date;
}

/** A model on offer, and how it has been doing. */
export interface Model extends Offered, Breaker {}

/** An offer that has not been repeated for this long is not counted on any more. */
export const offerLifetimeMs = 60_000;

export function modelOf({ slots, ...offer }: OfferedModel, now: Date): Offered {
  return { id: offer.id, offer, slots, offeredAt: now };
}

/** Whether tasks are handed to it now. */
export const isReady = (model: Pick<Model, 'slots' | 'offeredAt' | 'restsUntil'>, now: Date): boolean =>
  model.slots > 0 && now.getTime() - model.offeredAt.getTime() < offerLifetimeMs && !isResting(model, now);

/** The ids of those of them that are. */
export const readyOf = (models: readonly Model[], now: Date): string[] =>
  models.filter((model) => isReady(model, now)).map(({ id }) => id);

export interface ResolvedParams {
  params: TaskParams;
  ignored: string[];
}

const greatestSeed = 4_294_967_295;

/** A seed that every one of these models takes that takes one. `random` gives numbers in [0, 1). */
export function seedFor(offers: readonly ModelOffer[], random: () => number): number {
  const limits = offers.flatMap(({ params_schema }) => (params_schema as ParamsSchema).properties?.seed ?? []);
  const lowest = Math.max(0, ...limits.map(({ minimum = 0 }) => minimum));
  const highest = Math.min(greatestSeed, ...limits.map(({ maximum = greatestSeed }) => maximum));
  return lowest + Math.floor(random() * Math.max(1, highest - lowest + 1));
}

interface ParamsSchema {
  properties?: Record<string, { minimum?: number; maximum?: number }>;
}

/**
 * The parameters a model will run with: its defaults filled in, and the seed, if none is asked for. What the model does not know is a
 * `parameter_not_supported`, or is listed as ignored when the request is lenient; a wrong value is `invalid_parameters`.
 */
export function resolveParams(offer: ModelOffer, asked: TaskParams, seed: number): ResolvedParams {
  const { lenient = false, ...given } = asked;
  const schema = offer.params_schema as ParamsSchema;
  const supported = new Set(Object.keys(schema.properties ?? {}));
  const names = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const unknown = names.filter((name) => !supported.has(name));
  if (unknown.length > 0 && !lenient) throw notSupported(offer, unknown);
  const known = Object.fromEntries(Object.entries(given).filter(([name]) => supported.has(name)));
  const params = structuredClone(known); // the defaults of this model are filled into it
  if (supported.has('seed')) params.seed ??= seed;
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
  const check = checkFor(schema);
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
