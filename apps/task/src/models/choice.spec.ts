import fc from 'fast-check';
import { type ModelOffer, Problem, type TaskParams } from '#contracts';
import { anOffer, aRequest, now } from '../../test/a-task.js';
import type { Task } from '../tasks/task.js';
import { choose, inOrderOfChoice, takeTurns } from './choice.js';
import { modelOf } from './model.js';

const circumstances = { now, random: () => 0.5 };
const seed = (limits: object = {}) => ({ type: 'integer', minimum: 0, ...limits });
const anotherOffer = (id: string, properties: object, about: Partial<ModelOffer> = {}): ModelOffer =>
  anOffer({ id, params_schema: { type: 'object', additionalProperties: false, properties }, ...about });
const refusal = (make: () => unknown): Problem => {
  try {
    make();
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error('was not refused');
};

describe('a task with fallbacks', () => {
  const fast = anotherOffer('fast', { seed: seed({ maximum: 999 }), target_polycount: { default: 7 } });

  it('has the parameters of each model, with one seed that all of them take', () => {
    const task = takeTurns(aRequest(), [anOffer(), fast], circumstances);
    expect(task).toMatchObject({ model: 'reference', params: { seed: 500, target_polycount: 500 } });
    expect(task.fallbacks).toEqual([{ model: 'fast', params: { seed: 500, target_polycount: 7 }, paramsIgnored: [] }]);
  });

  it("mixes no model's defaults into the parameters of another", () => {
    const deep = (name: string) => ({
      model_params: { type: 'object', additionalProperties: false, properties: { [name]: { default: name } } },
    });
    const request = aRequest({ params: { model_params: {} } });
    const offers = [anotherOffer('one', deep('depth')), anotherOffer('two', deep('width'))];
    const task = takeTurns(request, offers, circumstances);
    expect(task.params).toEqual({ model_params: { depth: 'depth' } });
    expect(task.fallbacks[0]!.params).toEqual({ model_params: { width: 'width' } });
    expect(request.params).toEqual({ model_params: {} });
  });

  it('is told of each model what that ignores, when it is lenient', () => {
    const request = aRequest({ params: { lenient: true, guidance_scale: 3, model_params: { depth: 0.25 } } });
    const task = takeTurns(request, [anOffer(), fast], circumstances);
    expect(task).toMatchObject({ params: { model_params: { depth: 0.25 } }, paramsIgnored: ['guidance_scale'] });
    expect(task.fallbacks[0]).toMatchObject({ paramsIgnored: ['guidance_scale', 'model_params'] });
  });

  it.each([
    ['parameter_not_supported', { params: { model_params: {} } }, '/params/model_params: '],
    ['invalid_parameters', { params: { seed: 1000 } }, '/params/seed: must be <= 999'],
    ['invalid_parameters', { output_formats: ['obj' as const] }, '/output_formats: '],
    ['invalid_parameters', { images: [{ file_id: 'a' }] }, '/images: '],
  ])('is refused with the place of the fallback that cannot do it: %s', (code, about, message) => {
    const weak = { ...fast, output_formats: ['glb' as const], max_images: 0 };
    const problem = refusal(() => takeTurns(aRequest(about), [anOffer(), anOffer(), weak], circumstances));
    expect(problem.code).toBe(code);
    expect(problem.message).toContain('fast');
    expect(problem.details.errors).toEqual([
      { pointer: '/fallback_models/1', message: expect.stringContaining(message) },
    ]);
  });

  it('is refused for its first model as a task without fallbacks is', () => {
    const problem = refusal(() => takeTurns(aRequest({ params: { seed: 1000 } }), [fast, anOffer()], circumstances));
    expect(problem.details.errors).toEqual([{ pointer: '/params/seed', message: 'must be <= 999' }]);
  });
});

describe('a model that is chosen', () => {
  const listed = (id: string, slots: number, waiting = 0, about: Partial<ModelOffer> = {}) => ({
    model: { ...modelOf({ ...anOffer({ id, ...about }), slots }, now), failures: 0, restsUntil: null },
    waiting,
  });

  it('is ready, then of the greatest weight, then the least awaited of its slots, then the cheapest', () => {
    const order = inOrderOfChoice(
      [
        listed('away', 0, 0, { weight: 100 }),
        listed('never', 4, 0, { weight: 0 }),
        listed('dear', 4, 4, { price: 2 }),
        listed('cheap', 4, 4, { price: 1 }),
        listed('crowded', 1, 2),
        listed('best', 1, 9, { weight: 2 }),
      ],
      now,
    );
    expect(order.map(({ id }) => id)).toEqual(['best', 'cheap', 'dear', 'crowded', 'away']);
  });

  it('is not one that rests, while there are others', () => {
    const resting = listed('resting', 1);
    resting.model.restsUntil = new Date(now.getTime() + 1000) as never;
    expect(inOrderOfChoice([resting, listed('other', 1)], now).map(({ id }) => id)).toEqual(['other', 'resting']);
  });

  it('can do what is asked for, and up to four others may take over', () => {
    const offers = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => anOffer({ id }));
    const without = anotherOffer('without', { seed: seed() });
    const request = aRequest({ params: { target_polycount: 200 } });
    const task = choose(request, [without, ...offers], circumstances);
    expect([task.model, ...task.fallbacks.map(({ model }) => model)]).toEqual(['a', 'b', 'c', 'd', 'e']);
    for (const { params } of [task, ...task.fallbacks]) {
      expect(params).toMatchObject({ target_polycount: 200, seed: task.params.seed });
    }
  });

  it('is none when nobody can, with the reason of each', () => {
    const mute = anotherOffer('mute', {}, { inputs: ['image'] });
    const plain = anotherOffer('plain', {});
    const asked = aRequest({ params: { guidance_scale: 3 } });
    expect(refusal(() => choose(asked, [mute, plain], circumstances))).toMatchObject({
      code: 'model_not_found',
      details: {
        errors: [
          { pointer: '/prompt', message: 'mute: the model mute takes no prompt' },
          { pointer: '/params/guidance_scale', message: expect.stringContaining('plain: ') },
        ],
      },
    });
    expect(refusal(() => choose(asked, [plain, anOffer()], circumstances)).code).toBe('parameter_not_supported');
    expect(refusal(() => choose(aRequest({ prompt: undefined }), [plain], circumstances)).code).toBe(
      'prompt_or_image_required',
    );
    expect(refusal(() => choose(asked, [], circumstances)).details.errors).toBeUndefined();
  });
});

const names = ['num_inference_steps', 'guidance_scale', 'geometry_resolution', 'target_polycount'] as const;
const anyOffer = fc
  .record({ known: fc.subarray([...names]), most: fc.integer({ min: 20, max: 900 }), isSeeded: fc.boolean() })
  .map(({ known, most, isSeeded }) => ({
    ...Object.fromEntries(known.map((name) => [name, { type: 'integer', minimum: 0, maximum: most }])),
    ...(isSeeded ? { seed: seed({ maximum: most }) } : {}),
  }));
const anyParams = fc.record(
  { ...Object.fromEntries(names.map((name) => [name, fc.integer({ min: 0, max: 500 })])), lenient: fc.boolean() },
  { requiredKeys: [] },
);

/** The task; null when it is refused. */
function chosen(params: TaskParams, offers: ModelOffer[], random: number): Task | null {
  try {
    return choose(aRequest({ params }), offers, { now, random: () => random });
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

describe('any request that is taken', () => {
  it('has every parameter that it names honoured by each candidate, or listed as ignored by that', () => {
    let taken = 0;
    const property = fc.property(
      fc.array(anyOffer, { minLength: 1, maxLength: 6 }),
      anyParams,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (schemas, { lenient = false, ...asked }: Record<string, unknown>, random) => {
        const offers = schemas.map((properties, index) => anotherOffer(`m${index}`, properties));
        const task = chosen({ ...asked, lenient: lenient === true }, offers, random);
        if (!task) return;
        taken++;
        const candidates = [task, ...task.fallbacks];
        expect(new Set(candidates.flatMap(({ params }) => params.seed ?? [])).size).toBeLessThanOrEqual(1);
        for (const { params, paramsIgnored } of candidates) {
          const honoured = Object.entries(asked).filter(([name]) => !paramsIgnored.includes(name));
          expect(params).toMatchObject(Object.fromEntries(honoured));
          expect(lenient === true || paramsIgnored.length === 0).toBe(true);
        }
      },
    );
    fc.assert(property, { numRuns: 120 });
    expect(taken).toBeGreaterThan(25);
  });
});
