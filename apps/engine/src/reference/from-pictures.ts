import { cutOut, type CutOutMethod } from '../cutout/cut-out.js';
import { decodePicture } from '../cutout/picture.js';
import { inflate } from '../inflation/inflate.js';
import type { Generated, GenerationRequest, Report } from './generation.js';
import { documentOf } from './gltf.js';
import { inflationOf } from './inflation-of.js';

/** No more pixels are read along a picture's larger side than this: they would not show. */
const largestSide = 2048;
/** How far the engine's idea of the object is to be trusted, by how it was cut out; its depth is always a guess. */
const confidences: Record<CutOutMethod, number> = {
  alpha: 0.6,
  'plain-background': 0.55,
  'grab-cut': 0.35,
  'as-is': 0.25,
};

/**
 * Makes a model of the front picture (or, without one, of the first), with the back picture on its back if there is one.
 * @throws GenerationError bad_input when a picture cannot be read or has no object in it
 */
export async function fromPictures(request: GenerationRequest, report: Report): Promise<Generated> {
  const { images, params } = request;
  const front = images.find(({ view }) => view === 'front') ?? images[0]!;
  const rear = images.find((image) => image !== front && image.view === 'back');
  const side = Math.min(largestSide, Math.max(params.texture_resolution, 2 * params.geometry_resolution, 512));
  report('cut_out', 0);
  const object = await cutOut(await decodePicture(front.bytes, side), params.remove_background);
  report('cut_out', rear ? 20 : 40);
  const back = rear
    ? (await cutOut(await decodePicture(rear.bytes, side), params.remove_background)).picture
    : (params.model_params.back ?? 'soft');
  const surface = await inflate(object.picture, {
    ...inflationOf(params, report, 40),
    back,
    flat: object.method === 'as-is',
    finish: { name: 'picture', metallic: 0, roughness: 0.7 },
  });
  report('texture', 100);
  const used = [`picture:${front.view}`, ...(rear ? ['back:picture'] : []), `cut-out:${object.method}`];
  const unused = images.filter((image) => image !== front && image !== rear).map(({ view }) => `unused:${view}`);
  return {
    document: documentOf('picture', [surface]),
    provenance: {
      engine: 'reference',
      method: 'picture',
      matched: [...used, ...unused].join(' '),
      confidence: confidences[object.method],
    },
  };
}
