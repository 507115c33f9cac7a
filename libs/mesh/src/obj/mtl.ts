import { channelImage, portable, type PortableImage } from '../scene/images.js';
import { safeName, UniqueNames } from '../scene/names.js';
import type { Image, Material } from '../scene/scene.js';

/** One name per material, safe in MTL and handed out in order of use. */
export class MaterialNames {
  private readonly names = new Map<Material, string>();
  private readonly unique = new UniqueNames();

  of(material: Material): string {
    const name = this.names.get(material) ?? this.unique.of(safeName(material.name, 'material'));
    this.names.set(material, name);
    return name;
  }

  entries(): Iterable<[Material, string]> {
    return this.names;
  }
}

/** Collects the pictures a material library refers to, each once. */
export class TextureFiles {
  readonly files = new Map<string, Uint8Array>();

  constructor(private readonly prefix: string) {}

  /** The path of the picture, relative to the MTL file. */
  add({ key, extension, data }: PortableImage): string {
    const path = `textures/${this.prefix}_${key}.${extension}`;
    this.files.set(path, data);
    return path;
  }
}

/**
 * A material library with the keys of the PBR extension to MTL (`Pr`, `Pm`, `map_Pr`, `map_Pm`, `norm`) beside the
 * classic ones. A picture replaces its number, so roughness and metalness pictures carry the factor already.
 */
export async function mtlText(materials: MaterialNames, textures: TextureFiles): Promise<string> {
  const blocks: string[] = [];
  for (const [material, name] of materials.entries()) {
    blocks.push([`newmtl ${name}`, ...numbers(material), ...(await maps(material, textures))].join('\n'));
  }
  return `${blocks.join('\n\n')}\n`;
}

const list = (values: readonly number[]): string => values.map((value) => String(Number(value.toFixed(6)))).join(' ');

function numbers({ baseColor, emissive, roughness, metallic }: Material): string[] {
  const [red, green, blue, alpha] = baseColor;
  return [
    `Kd ${list([red, green, blue])}`,
    `Ke ${list(emissive)}`,
    `d ${list([alpha])}`,
    // the exponent Blender reads a roughness from
    `Ns ${list([(1 - roughness) ** 2 * 1000])}`,
    `Pr ${list([roughness])}`,
    `Pm ${list([metallic])}`,
    'illum 2',
  ];
}

async function maps(material: Material, textures: TextureFiles): Promise<string[]> {
  const lines: string[] = [];
  const put = async (image: Image): Promise<string> => textures.add(await portable(image));
  const { baseColorImage, normalImage, emissiveImage, metallicRoughnessImage: packed } = material;
  if (baseColorImage) {
    const path = await put(baseColorImage);
    lines.push(`map_Kd ${path}`);
    if (material.alphaMode !== 'OPAQUE') lines.push(`map_d ${path}`);
  }
  if (normalImage) {
    const path = await put(normalImage);
    lines.push(`map_Bump -bm ${list([material.normalScale])} ${path}`, `norm ${path}`);
  }
  if (packed) {
    lines.push(`map_Pr ${textures.add(await channelImage(packed, 'roughness', material.roughness))}`);
    lines.push(`map_Pm ${textures.add(await channelImage(packed, 'metallic', material.metallic))}`);
  }
  if (emissiveImage) lines.push(`map_Ke ${await put(emissiveImage)}`);
  return lines;
}
