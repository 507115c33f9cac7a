import { maxMagnitude } from '../limits.js';
import { flag, indexOf, number, object, text, tuple, whole } from './rule.js';

const measure = number(maxMagnitude);
const source = object({ source: indexOf('images') });

/** What a picture is, and the same in another format. */
export const texture = object({
  name: text,
  source: indexOf('images'),
  sampler: indexOf('samplers'),
  extensions: object({ EXT_texture_webp: source, EXT_texture_avif: source, KHR_texture_basisu: source }),
});

const transform = object({
  offset: tuple(measure, 2),
  scale: tuple(measure, 2),
  rotation: measure,
  texCoord: whole(0, 31),
});

const textureInfo = object(
  {
    index: indexOf('textures'),
    texCoord: whole(0, 31),
    scale: measure,
    strength: measure,
    extensions: object({ KHR_texture_transform: transform }),
  },
  ['index'],
);

/** Metallic-roughness materials (glTF 2.0 §5.19); of extensions, only what the scene model reads. */
export const material = object({
  name: text,
  pbrMetallicRoughness: object({
    baseColorFactor: tuple(measure, 4),
    baseColorTexture: textureInfo,
    metallicFactor: measure,
    roughnessFactor: measure,
    metallicRoughnessTexture: textureInfo,
  }),
  normalTexture: textureInfo,
  occlusionTexture: textureInfo,
  emissiveTexture: textureInfo,
  emissiveFactor: tuple(measure, 3),
  alphaMode: text,
  alphaCutoff: measure,
  doubleSided: flag,
  extensions: object({ KHR_materials_emissive_strength: object({ emissiveStrength: measure }) }),
});
