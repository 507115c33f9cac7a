import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { ModelOffer, TaskParams } from '#contracts';
import { validated } from '#messaging';
import type { CatalogueModel } from '../src/catalogue/catalogue-model.js';
import { deliveryNames, engineNameOf, engineParams, finishingParams } from '../src/catalogue/engine-params.js';
import { everyModel } from './catalogue.js';
import { allParams, someParams } from './some-params.js';

const models = everyModel().map((model) => [model.offer.id, model] as const);

/** Each parameter by itself: the standard ones, and what only this model knows as `model_params.x`. */
const apart = ({ model_params: own = {}, ...standard }: TaskParams): Map<string, unknown> =>
  new Map([
    ...Object.entries(standard),
    ...Object.entries(own).map(([name, value]) => [`model_params.${name}`, value] as [string, unknown]),
  ]);

/** What everybody who works for the task is told, apart: the engine under `engine.`, the finisher under `finishing.`. */
function told(model: CatalogueModel, params: TaskParams): Map<string, unknown> {
  const engine = engineParams(model, params);
  return new Map([
    ...[...apart(engine)].map(([name, value]) => [`engine.${name}`, value] as [string, unknown]),
    ...Object.entries(finishingParams(model, params)).map(
      ([name, value]) => [`finishing.${name}`, value] as [string, unknown],
    ),
  ]);
}

/** Where a parameter has to be seen. */
function placesOf({ finish, engineNames }: CatalogueModel, name: string): string[] {
  if (!finish) return [`engine.${name}`];
  if (name.startsWith('model_params.')) return [`engine.${name.slice('model_params.'.length)}`];
  const engineName = engineNameOf(name, engineNames);
  const isDelivery = (deliveryNames as readonly string[]).includes(name);
  return [...(engineName === null ? [] : [`engine.${engineName}`]), ...(isDelivery ? [`finishing.${name}`] : [])];
}

const schemaCheck = ({ offer }: CatalogueModel, useDefaults = false) =>
  new Ajv2020({ strict: true, useDefaults }).compile(offer.params_schema);

describe.each(models)('the parameters of %s', (_, model) => {
  it('reach whoever honours them, each with its value, and nothing else does', () => {
    fc.assert(
      fc.property(someParams(model.offer), (params) => {
        const given = apart(params);
        const seen = told(model, params);
        const lost = [...given].filter(([name, value]) => {
          const places = placesOf(model, name);
          return places.length === 0 || places.some((place) => !Object.is(seen.get(place), value));
        });
        expect(lost).toEqual([]);
        expect([...seen.keys()].toSorted()).toEqual(
          [...given.keys()].flatMap((name) => placesOf(model, name)).toSorted(),
        );
      }),
    );
  });

  it('change what is told when they change', () => {
    fc.assert(
      fc.property(allParams(model.offer), allParams(model.offer), (one, other) => {
        const [before, after] = [told(model, one), told(model, other)];
        const changed = [...apart(one)].filter(([name, value]) => !Object.is(apart(other).get(name), value));
        const places = new Set(changed.flatMap(([name]) => placesOf(model, name)));
        expect(
          [...after].filter(([place, value]) => !Object.is(before.get(place), value)).map(([place]) => place),
        ).toEqual([...after.keys()].filter((place) => places.has(place)));
      }),
    );
  });

  it('are within what the API takes and what the model says, with the defaults of the model', () => {
    const check = schemaCheck(model, true);
    fc.assert(
      fc.property(someParams(model.offer), (params) => {
        expect(validated(TaskParams, structuredClone(params))).toMatchObject(params);
        const filled = structuredClone(params);
        expect([check(filled), check.errors]).toEqual([true, null]);
        const defaulted = [...apart(filled).keys()];
        expect(defaulted).toEqual(expect.arrayContaining([...apart(params).keys()]));
        expect([...told(model, filled).keys()].toSorted()).toEqual(
          defaulted.flatMap((name) => placesOf(model, name)).toSorted(),
        );
      }),
    );
  });

  it('are refused when the model does not know them', () => {
    const check = schemaCheck(model);
    const properties = model.offer.params_schema.properties as Record<string, unknown>;
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.jsonValue(), (name, value) => {
        fc.pre(!Object.hasOwn(properties, name) && name !== '__proto__');
        expect(check({ [name]: value })).toBe(false);
        expect(check({ model_params: { [`${name}?`]: value } })).toBe(false);
      }),
    );
  });

  it('are part of a valid offer', () => {
    expect(validated(ModelOffer, structuredClone(model.offer))).toMatchObject({ id: model.offer.id });
  });
});
