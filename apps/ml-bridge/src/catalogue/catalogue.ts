import { compressions, modelFormats, type ModelOffer, upAxes } from '#contracts';
import type { CatalogueModel } from './catalogue-model.js';

const sizeMm = {
  type: 'number',
  minimum: 0.1,
  maximum: 100_000,
  description: 'Length of the longest side, in millimetres; left out: as the model is',
};
const upAxis = { enum: upAxes, description: 'Of OBJ, FBX, STL (z unless told) and PLY; the other formats fix theirs' };
const compression = { enum: compressions, description: 'Packs the GLB for the web, its pictures as WebP' };

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
    size_mm: sizeMm,
    up_axis: upAxis,
    compression,
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

const convertParams = {
  type: 'object',
  additionalProperties: false,
  properties: {
    target_polycount: {
      type: 'integer',
      minimum: 100,
      maximum: 1_000_000,
      description: 'At most this many triangles; left out: as many as there are',
    },
    texture_resolution: {
      type: 'integer',
      minimum: 64,
      maximum: 4096,
      description: 'Longer side of the textures in pixels, at most; left out: as they are',
    },
    size_mm: sizeMm,
    up_axis: upAxis,
    compression: { ...compression, default: 'none' },
  },
};

const ours = (offer: ModelOffer, pool: string): CatalogueModel => ({
  offer,
  transport: { type: 'amqp', pool },
  engineNames: {},
  stages: [],
  stallSeconds: null,
  finish: false,
  slots: null,
});

/** Every model of this deployment. */
export const catalogue: readonly CatalogueModel[] = [
  ours(
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
      output_formats: [...modelFormats],
      license: 'MIT',
      weight: 1,
    },
    'reference',
  ),
  ours(
    {
      id: 'convert',
      name: 'Format conversion',
      engine: 'lathe',
      description:
        'Brings a GLB into other formats: one that was uploaded, or that of a finished task. On request with fewer triangles, smaller ' +
        'textures, in a size of its own, or packed for the web.',
      inputs: ['mesh'],
      max_images: 0,
      params_schema: convertParams,
      output_formats: [...modelFormats],
      license: 'MIT',
      weight: 0,
    },
    'convert',
  ),
];
