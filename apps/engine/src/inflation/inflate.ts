import { cleanMask, blur, type Mask } from '../cutout/mask.js';
import { opaqueBox, pixelsOf, sharpOf, type Picture } from '../cutout/picture.js';
import { GenerationError } from '../reference/generation-error.js';
import { bare, type Finish, type Surface } from '../reference/gltf.js';
import { heightsOf } from './heights.js';
import { smoothNormals } from './normals.js';
import { closedSheet, type Sheet } from './sheet.js';
import { textureAtlas, type Back } from './texture.js';

export interface Inflation {
  /** Cells along the larger side of the grid, 64 to 512. */
  grid: number;
  /** Thickness against a ball's, 0.1 to 1.5. */
  depth: number;
  /** The picture fills its frame: make a plaque of it rather than a cushion. */
  flat: boolean;
  /** Larger side of the texture in pixels, or null for no texture. */
  textureResolution: number | null;
  back: Back;
  finish: Pick<Finish, 'name' | 'metallic' | 'roughness'>;
  /** Told between the steps. */
  report: (stage: 'inflate' | 'texture', share: number) => void;
}

/** Empty cells around the object, so that its outline closes inside the grid. */
const margin = 4;
/** Radius of the blur, in cells, that makes the outline smooth. */
const outlineRadius = 2;

/**
 * Blows up a cut-out picture like a toy balloon: a closed surface one metre along its larger side, standing on the ground.
 * After Igarashi and others' Teddy idea, with a Poisson equation for the cushion. @throws GenerationError bad_input when empty
 */
export async function inflate(picture: Picture, options: Inflation): Promise<Surface> {
  const object = await cropped(picture);
  options.report('inflate', 0);
  const { mask, luminance } = await gridOf(object, options.grid);
  const heights = heightsOf(mask, luminance, options);
  options.report('inflate', 0.6);
  const sheet = closedSheet(mask, heights);
  if (sheet.triangles.length === 0)
    throw new GenerationError('bad_input', 'The object in the picture is too thin to be modelled');
  const positions = standing(sheet);
  const surface: Surface = {
    name: 'object',
    positions,
    normals: smoothNormals(positions, sheet.triangles, sheet.twins),
    triangles: sheet.triangles,
    finish: bare,
  };
  options.report('texture', 0);
  if (options.textureResolution === null) return surface;
  const back = typeof options.back === 'string' ? options.back : await cropped(options.back);
  const atlas = await textureAtlas(object, back, options.textureResolution);
  return {
    ...surface,
    textureCoordinates: textureCoordinates(sheet, mask, atlas.place),
    finish: { ...options.finish, colour: '#ffffff', picture: atlas.jpeg },
  };
}

async function cropped(picture: Picture): Promise<Picture> {
  const box = opaqueBox(picture);
  if (!box) throw new GenerationError('bad_input', 'Nothing is left of the picture without its background');
  return pixelsOf(sharpOf(picture).extract(box));
}

/** The object on the grid: a smooth mask of its outline and the lightness of its pixels. */
async function gridOf(object: Picture, grid: number): Promise<{ mask: Mask; luminance: Float32Array }> {
  const scale = (grid - 2 * margin) / Math.max(object.width, object.height);
  const inner = [object.width, object.height].map((side) => Math.max(margin, Math.round(side * scale)));
  const { width, height, rgba } = await pixelsOf(
    sharpOf(object)
      .resize(inner[0], inner[1], { fit: 'fill' })
      .extend({ top: margin, bottom: margin, left: margin, right: margin, background: { r: 0, g: 0, b: 0, alpha: 0 } }),
  );
  const cells = Float32Array.from({ length: width * height }, (_, i) => rgba[4 * i + 3]! / 255);
  const luminance = cells.map((_, i) => (0.3 * rgba[4 * i]! + 0.59 * rgba[4 * i + 1]! + 0.11 * rgba[4 * i + 2]!) / 255);
  return { mask: blur(cleanMask({ width, height, cells }), outlineRadius), luminance };
}

/** Grid units as metres: centred, one metre along the larger side, the lowest point on the ground, y upwards. */
function standing({ positions }: Sheet): Float32Array<ArrayBuffer> {
  const box = { low: [Infinity, Infinity], high: [-Infinity, -Infinity] };
  positions.forEach((value, i) => {
    const axis = i % 3;
    if (axis === 2) return;
    box.low[axis] = Math.min(box.low[axis]!, value);
    box.high[axis] = Math.max(box.high[axis]!, value);
  });
  const [width, height] = [box.high[0]! - box.low[0]!, box.high[1]! - box.low[1]!];
  const scale = 1 / Math.max(width, height);
  return positions.map((value, i) => {
    if (i % 3 === 0) return (value - box.low[0]! - width / 2) * scale;
    return i % 3 === 1 ? (box.high[1]! - value) * scale : value * scale;
  });
}

function textureCoordinates(
  { positions, sides }: Sheet,
  { width, height }: Mask,
  place: (x: number, y: number, side: number) => [number, number],
): Float32Array<ArrayBuffer> {
  const coordinates = new Float32Array(sides.length * 2);
  sides.forEach((side, vertex) => {
    const x = (positions[3 * vertex]! + 0.5 - margin) / (width - 2 * margin);
    const y = (positions[3 * vertex + 1]! + 0.5 - margin) / (height - 2 * margin);
    coordinates.set(place(x, y, side), 2 * vertex);
  });
  return coordinates;
}
