import fc from 'fast-check';
import type { ModelOffer, TaskParams } from '#contracts';

interface Schema {
  type?: string;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  properties?: Record<string, Schema>;
}

/** Any parameters that a model takes: each of its parameters given or left out. */
export const someParams = ({ params_schema: schema }: Pick<ModelOffer, 'params_schema'>): fc.Arbitrary<TaskParams> =>
  anyOf(schema) as fc.Arbitrary<TaskParams>;

/** All parameters of a model at once. */
export const allParams = ({ params_schema: schema }: Pick<ModelOffer, 'params_schema'>): fc.Arbitrary<TaskParams> =>
  anyOf(schema, true) as fc.Arbitrary<TaskParams>;

function anyOf(schema: Schema, complete = false): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'integer') return aWhole(schema);
  if (schema.type === 'number') return aNumber(schema);
  if (schema.type === 'string') {
    return fc.string({ minLength: schema.minLength ?? 0, maxLength: schema.maxLength ?? 50 });
  }
  if (schema.type === 'object') return anObject(schema.properties ?? {}, complete);
  throw new Error(`no values of ${JSON.stringify(schema)} can be made up`);
}

const anObject = (properties: Record<string, Schema>, complete: boolean): fc.Arbitrary<unknown> =>
  fc.record(Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, anyOf(inner, complete)])), {
    requiredKeys: complete ? Object.keys(properties) : [],
    noNullPrototype: true,
  });

function aWhole({ minimum = -1_000_000, maximum = 1_000_000, multipleOf = 1 }: Schema): fc.Arbitrary<number> {
  const [least, most] = [Math.ceil(minimum / multipleOf), Math.floor(maximum / multipleOf)];
  return fc.integer({ min: least, max: most }).map((steps) => steps * multipleOf);
}

const aNumber = ({
  exclusiveMinimum,
  exclusiveMaximum,
  minimum = exclusiveMinimum ?? -1e6,
  maximum = exclusiveMaximum ?? 1e6,
}: Schema): fc.Arbitrary<number> =>
  fc
    .double({
      min: minimum,
      max: maximum,
      minExcluded: exclusiveMinimum !== undefined,
      maxExcluded: exclusiveMaximum !== undefined,
      noNaN: true,
    })
    .map((value) => (Object.is(value, -0) ? 0 : value));
