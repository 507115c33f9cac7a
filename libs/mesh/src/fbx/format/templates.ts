import type { Vec3 } from '../../scene/scene.js';
import {
  boolProperty,
  colorProperty,
  doubleProperty,
  enumProperty,
  type FbxProperty,
  localProperty,
  numberProperty,
  pathProperty,
  textProperty,
  vectorProperty,
} from './properties.js';

const zero: Vec3 = [0, 0, 0];
const one: Vec3 = [1, 1, 1];
const grey: Vec3 = [0.8, 0.8, 0.8];

/** A kind of object: the class its defaults belong to, and the defaults a file may rely on by leaving them out. */
export interface FbxTemplate {
  fbxClass: string;
  defaults: FbxProperty[];
}

/** The SDK's own defaults for every kind of object this library writes. */
export const templates: Record<string, FbxTemplate> = {
  Model: {
    fbxClass: 'FbxNode',
    defaults: [
      enumProperty('QuaternionInterpolate', 0),
      vectorProperty('RotationOffset', zero),
      vectorProperty('RotationPivot', zero),
      vectorProperty('ScalingOffset', zero),
      vectorProperty('ScalingPivot', zero),
      boolProperty('RotationActive', false),
      enumProperty('RotationOrder', 0),
      vectorProperty('PreRotation', zero),
      vectorProperty('PostRotation', zero),
      enumProperty('InheritType', 0),
      vectorProperty('GeometricTranslation', zero),
      vectorProperty('GeometricRotation', zero),
      vectorProperty('GeometricScaling', one),
      localProperty('Lcl Translation', zero),
      localProperty('Lcl Rotation', zero),
      localProperty('Lcl Scaling', one),
      boolProperty('Show', true),
    ],
  },
  NodeAttribute: {
    fbxClass: 'FbxNull',
    defaults: [colorProperty('Color', grey), doubleProperty('Size', 100), enumProperty('Look', 1)],
  },
  Geometry: {
    fbxClass: 'FbxMesh',
    defaults: [
      colorProperty('Color', grey),
      vectorProperty('BBoxMin', zero),
      vectorProperty('BBoxMax', zero),
      boolProperty('Primary Visibility', true),
      boolProperty('Casts Shadows', true),
      boolProperty('Receive Shadows', true),
    ],
  },
  Material: {
    fbxClass: 'FbxSurfacePhong',
    defaults: [
      textProperty('ShadingModel', 'Phong'),
      boolProperty('MultiLayer', false),
      colorProperty('EmissiveColor', zero),
      numberProperty('EmissiveFactor', 1),
      colorProperty('AmbientColor', [0.2, 0.2, 0.2]),
      numberProperty('AmbientFactor', 1),
      colorProperty('DiffuseColor', grey),
      numberProperty('DiffuseFactor', 1),
      colorProperty('TransparentColor', zero),
      numberProperty('TransparencyFactor', 0),
      vectorProperty('NormalMap', zero),
      vectorProperty('Bump', zero),
      doubleProperty('BumpFactor', 1),
      colorProperty('SpecularColor', [0.2, 0.2, 0.2]),
      numberProperty('SpecularFactor', 1),
      numberProperty('ShininessExponent', 20),
      colorProperty('ReflectionColor', zero),
      numberProperty('ReflectionFactor', 1),
    ],
  },
  Texture: {
    fbxClass: 'FbxFileTexture',
    defaults: [
      enumProperty('TextureTypeUse', 0),
      numberProperty('Texture alpha', 1),
      enumProperty('CurrentMappingType', 0),
      enumProperty('WrapModeU', 0),
      enumProperty('WrapModeV', 0),
      boolProperty('UVSwap', false),
      boolProperty('PremultiplyAlpha', true),
      vectorProperty('Translation', zero),
      vectorProperty('Rotation', zero),
      vectorProperty('Scaling', one),
      enumProperty('CurrentTextureBlendMode', 1),
      textProperty('UVSet', 'default'),
      boolProperty('UseMaterial', false),
      boolProperty('UseMipMap', false),
    ],
  },
  Video: {
    fbxClass: 'FbxVideo',
    defaults: [
      boolProperty('ImageSequence', false),
      pathProperty('Path', ''),
      numberProperty('FrameRate', 0),
      enumProperty('InterlaceMode', 0),
    ],
  },
};
