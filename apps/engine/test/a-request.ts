import type { GenerationRequest } from '../src/reference/generate.js';

/** A prompt with the parameters everybody uses; say only what the test is about. */
export const aRequest = (
  about: Omit<Partial<GenerationRequest>, 'params'> & { params?: Partial<GenerationRequest['params']> } = {},
): GenerationRequest => ({
  images: [],
  ...about,
  params: {
    seed: 7,
    texture: true,
    texture_resolution: 256,
    geometry_resolution: 80,
    remove_background: true,
    model_params: {},
    ...about.params,
  },
});
