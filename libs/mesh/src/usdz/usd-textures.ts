import { portable } from '../scene/images.js';
import { UniqueNames } from '../scene/names.js';
import type { Image } from '../scene/scene.js';
import { asciiOf } from './usd-names.js';

/** The pictures of a package, each once; PNG and JPEG are what USDZ allows. */
export class UsdTextures {
  /** Pictures by their path in the package. */
  readonly files = new Map<string, Uint8Array>();
  private readonly paths = new Map<Image, string>();
  private readonly names = new UniqueNames();

  /** The path of a picture, relative to the layer. */
  async pathOf(image: Image): Promise<string> {
    const known = this.paths.get(image);
    if (known !== undefined) return known;
    const { extension, data } = await portable(image);
    const path = `textures/${this.names.of(asciiOf(image.key) || 'texture')}.${extension}`;
    this.paths.set(image, path);
    this.files.set(path, data);
    return path;
  }
}
