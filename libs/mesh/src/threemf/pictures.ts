import { portable, type PortableImage, tintedImage } from '../scene/images.js';
import type { Image, Material } from '../scene/scene.js';

/** A picture of the package and the number its resource has. */
export interface Picture {
  id: number;
  /** Name of the part, without the leading slash. Part names are ASCII (ECMA-376-2 §9.1.1). */
  path: string;
  mediaType: 'image/png' | 'image/jpeg';
  data: Uint8Array;
}

/** The base colour pictures of a model, each once; the base colour is multiplied in, for 3MF textures have no factor. */
export class Pictures {
  private readonly known = new Map<string, Picture>();

  constructor(private readonly nextId: () => number) {}

  async of(image: Image, { baseColor }: Material): Promise<Picture> {
    const tint = [baseColor[0], baseColor[1], baseColor[2]] as const;
    const key = `${image.key} ${tint.join(' ')}`;
    const known = this.known.get(key);
    if (known) return known;
    const plain = tint.every((channel) => channel === 1);
    const picture = this.partOf(plain ? await portable(image) : await tintedImage(image, tint));
    this.known.set(key, picture);
    return picture;
  }

  all(): Picture[] {
    return [...this.known.values()];
  }

  private partOf({ extension, data }: PortableImage): Picture {
    const path = `3D/Textures/texture_${this.known.size + 1}.${extension}`;
    return { id: this.nextId(), path, mediaType: extension === 'png' ? 'image/png' : 'image/jpeg', data };
  }
}
