import type { ModelOffer } from '#contracts';

/** A model with the pool of workers that can run it. */
export interface CatalogueEntry extends ModelOffer {
  pool: string;
}

const referenceParams = {
  type: 'object',
  additionalProperties: false,
  properties: {
    seed: { type: 'integer', minimum: 0, maximum: 4_294_967_295, description: 'The same seed gives the same model' },
    target_polycount: {
      type: 'integer',
      minimum: 100,
      maximum: 200_000,
      default: 30_000,
      description: 'At most this many triangles',
    },
    topology: { enum: ['triangle'], default: 'triangle' },
    texture: { type: 'boolean', default: true, description: 'Off: geometry with a plain material' },
    texture_resolution: {
      type: 'integer',
      minimum: 64,
      maximum: 2048,
      default: 1024,
      description: 'Longer side of the textures in pixels',
    },
    geometry_resolution: {
      type: 'integer',
      minimum: 64,
      maximum: 512,
      default: 256,
      description: 'Cells along the longer side of a picture',
    },
    remove_background: { type: 'boolean', default: true, description: 'Cut the object out of its picture' },
    model_params: {
      type: 'object',
      additionalProperties: false,
      default: {},
      properties: {
        depth: {
          type: 'number',
          minimum: 0.1,
          maximum: 1.5,
          default: 0.8,
          description: 'How far a picture is inflated',
        },
        back: { enum: ['soft', 'mirror'], default: 'soft', description: 'What the side away from the camera shows' },
      },
    },
  },
};

/** Every model of this deployment. */
export const catalogue: readonly CatalogueEntry[] = [
  {
    id: 'reference',
    name: 'Reference engine',
    engine: 'reference',
    description:
      'Runs on any CPU and is not a neural model: a picture is cut out and inflated like a toy, a prompt becomes a parametric shape, ' +
      'an inflated emoji picture, or letters. Every result says what was matched and how sure the engine is.',
    inputs: ['prompt', 'image'],
    max_images: 4,
    params_schema: referenceParams,
    output_formats: ['glb', 'obj', 'fbx'],
    license: 'MIT',
    pool: 'reference',
  },
];

export const pools: readonly string[] = [...new Set(catalogue.map(({ pool }) => pool))];

/** The pool of workers for a model. */
export function poolOf(model: string): string {
  const entry = catalogue.find(({ id }) => id === model);
  if (!entry) throw new Error(`the catalogue has no model ${model}`);
  return entry.pool;
}
