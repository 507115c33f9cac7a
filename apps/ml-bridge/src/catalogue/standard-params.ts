import { compressions, type TaskParams, upAxes } from '#contracts';

/** A JSON Schema of one value. */
export type ValueSchema = Record<string, unknown>;

export type StandardName = Exclude<keyof TaskParams, 'model_params' | 'lenient'>;

/** What the API takes under each standard name; a model takes as much or less. The same limits as those of `TaskParams`. */
export const standardParams: Readonly<Record<StandardName, ValueSchema>> = {
  seed: { type: 'integer', minimum: 0, maximum: 4_294_967_295, description: 'The same seed gives the same model' },
  topology: { enum: ['triangle'], description: 'What the faces are' },
  texture: { type: 'boolean', description: 'Off: geometry with a plain material' },
  enable_pbr: { type: 'boolean', description: 'Metalness, roughness and normals beside the colours' },
  num_inference_steps: { type: 'integer', minimum: 1, maximum: 500, description: 'More are better and slower' },
  guidance_scale: { type: 'number', minimum: 0, maximum: 100, description: 'How closely the input is followed' },
  geometry_resolution: { type: 'integer', minimum: 16, maximum: 2048, description: 'More is finer and slower' },
  remove_background: { type: 'boolean', description: 'Cut the object out of its picture' },
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
  size_mm: {
    type: 'number',
    minimum: 0.1,
    maximum: 100_000,
    description: 'Length of the longest side, in millimetres; left out: as the model is',
  },
  up_axis: {
    enum: upAxes,
    description: 'Of OBJ, FBX, STL (z unless told) and PLY; the other formats fix theirs',
  },
  compression: { enum: compressions, description: 'Packs the GLB for the web, its pictures as WebP' },
};

export const standardNames = Object.keys(standardParams) as StandardName[];

export const isStandardName = (name: string): name is StandardName => Object.hasOwn(standardParams, name);
