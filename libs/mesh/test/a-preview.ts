import sharp from 'sharp';
import { type PreviewOptions, renderPreview } from '../src/preview/render-preview.js';
import { sceneOf } from '../src/scene/reading/scene-of.js';
import { DocumentBuilder } from './a-document.js';
import type { Shape } from './a-shape.js';

/** Width and height of the pictures that are looked at. */
export const seenSize = 64;

/** A decoded preview to look at. */
export class Seen {
  constructor(
    private readonly pixels: Buffer,
    readonly width: number,
  ) {}

  /** Red, green, blue, alpha at x, y; 0–1 from the left and from the top. */
  at(x: number, y: number): [number, number, number, number] {
    const first = 4 * (Math.round(y * (this.width - 1)) * this.width + Math.round(x * (this.width - 1)));
    return [...this.pixels.subarray(first, first + 4)] as [number, number, number, number];
  }

  brightness(x: number, y: number): number {
    const [red, green, blue] = this.at(x, y);
    return red + green + blue;
  }

  /** How many different degrees of covering its pixels have. */
  shades(): number {
    return new Set(this.pixels.filter((_, i) => i % 4 === 3)).size;
  }

  /** Left, top, right and bottom of what covers its pixels, 0–1. */
  frame(): [number, number, number, number] {
    const [xs, ys]: number[][] = [[], []];
    for (let i = 0; i < this.width * this.width; i++) {
      if (this.pixels[4 * i + 3]! < 250) continue;
      xs!.push(i % this.width);
      ys!.push(Math.floor(i / this.width));
    }
    return [Math.min(...xs!), Math.min(...ys!), Math.max(...xs!), Math.max(...ys!)].map(
      (value) => value / (this.width - 1),
    ) as [number, number, number, number];
  }
}

/** Draws a document, small. */
export const look = async (doc: Parameters<typeof sceneOf>[0], options: PreviewOptions = {}): Promise<Seen> => {
  return seenIn(await renderPreview(await sceneOf(doc), { size: seenSize, ...options }));
};

/** Decodes a preview. */
export const seenIn = async (png: Uint8Array): Promise<Seen> => {
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return new Seen(data, info.width);
};

/** A document of one shape with one material. */
export const show = (
  shape: Shape,
  paint: (build: DocumentBuilder) => ReturnType<DocumentBuilder['doc']['createMaterial']>,
) => {
  const build = new DocumentBuilder();
  return build.show('shape', shape, { material: paint(build) }).doc;
};

/** A rough material of one colour; red, green, blue, alpha, linear. */
export const plain = (color: [number, number, number, number]) => (build: DocumentBuilder) =>
  build.doc.createMaterial().setBaseColorFactor(color).setMetallicFactor(0).setRoughnessFactor(0.9);

/** A square of two triangles in the XY plane that looks at the front camera. */
export const aSquare = (half = 0.5, z = 0): Shape => ({
  positions: new Float32Array([-half, -half, z, half, -half, z, half, half, z, -half, half, z]),
  normals: new Float32Array([0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1]),
  uvs: new Float32Array([0, 1, 1, 1, 1, 0, 0, 0]),
  indices: new Uint32Array([0, 1, 2, 0, 2, 3]),
});
