import { channelImage, portable } from '../scene/images.js';
import { defaultMaterial, type Image, type Material, type Vec3 } from '../scene/scene.js';
import type { FbxObjects } from './objects.js';
import { colorProperty, doubleProperty, type FbxProperty, numberProperty, properties } from './format/properties.js';
import { block, int, leaf, long, objectName, text } from './format/record.js';
import type { FbxTextures } from './textures.js';

/**
 * Materials as FBX Phong. There is no metallic-roughness material in FBX 7.4; what Blender and the glTF converters agree
 * on is: shininess = (10 · (1 − roughness))², reflection factor = metalness.
 */
export class FbxMaterials {
  private readonly ids = new Map<Material, number>();

  constructor(
    private readonly objects: FbxObjects,
    private readonly textures: FbxTextures,
  ) {}

  /** The id of a material, written on first use; `null` is the neutral one. */
  async idOf(worn: Material | null): Promise<number> {
    const material = worn ?? defaultMaterial;
    const known = this.ids.get(material);
    if (known !== undefined) return known;
    const id = this.objects.nextId();
    this.ids.set(material, id);
    this.objects.add(
      block(
        'Material',
        [long(id), objectName(material.name, 'Material'), text('')],
        [
          leaf('Version', int(102)),
          leaf('ShadingModel', text('Phong')),
          leaf('MultiLayer', int(0)),
          properties(...phong(material)),
        ],
      ),
    );
    await this.driveBy(material, id);
    return id;
  }

  private async driveBy(material: Material, id: number): Promise<void> {
    const drive = async (image: Image | null, ...slots: string[]): Promise<void> => {
      if (!image) return;
      const picture = await portable(image);
      for (const slot of slots) this.textures.drive(picture, id, slot);
    };
    const transparent = material.alphaMode === 'OPAQUE' ? [] : ['TransparentColor'];
    await drive(material.baseColorImage, 'DiffuseColor', ...transparent);
    await drive(material.normalImage, 'NormalMap');
    await drive(material.emissiveImage, 'EmissiveColor');
    const packed = material.metallicRoughnessImage;
    if (!packed) return;
    this.textures.drive(await channelImage(packed, 'roughness', material.roughness), id, 'ShininessExponent');
    this.textures.drive(await channelImage(packed, 'metallic', material.metallic), id, 'ReflectionFactor');
  }
}

const white: Vec3 = [1, 1, 1];
const black: Vec3 = [0, 0, 0];

function phong(material: Material): FbxProperty[] {
  const { baseColor, emissive, roughness, metallic, normalScale } = material;
  const opacity = material.alphaMode === 'BLEND' ? baseColor[3] : 1;
  const shininess = (10 * (1 - roughness)) ** 2;
  return [
    colorProperty('DiffuseColor', [baseColor[0], baseColor[1], baseColor[2]]),
    numberProperty('DiffuseFactor', 1),
    colorProperty('AmbientColor', black),
    colorProperty('EmissiveColor', emissive),
    numberProperty('EmissiveFactor', Math.max(...emissive) > 0 ? 1 : 0),
    colorProperty('SpecularColor', white),
    numberProperty('SpecularFactor', 0.25),
    numberProperty('Shininess', shininess),
    numberProperty('ShininessExponent', shininess),
    colorProperty('ReflectionColor', white),
    numberProperty('ReflectionFactor', metallic),
    colorProperty('TransparentColor', white),
    numberProperty('TransparencyFactor', 1 - opacity),
    doubleProperty('Opacity', opacity),
    doubleProperty('BumpFactor', normalScale),
  ];
}
