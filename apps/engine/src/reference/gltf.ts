import { Document, type Accessor, type Material, type TypedArray } from '@gltf-transform/core';
import { bytesOfHex, toLinear } from './oklab.js';

/** How a surface looks: the factors of glTF's metallic-roughness model, and perhaps a picture. */
export interface Finish {
  name: string;
  /** `#rrggbb`, sRGB. */
  colour: string;
  /** 0 is plastic, wood or clay; 1 is bare metal. */
  metallic: number;
  /** 0 is a mirror, 1 is chalk. */
  roughness: number;
  /** Below 1 the surface can be seen through. */
  opacity?: number;
  /** The surface shines with its own colour. */
  glows?: boolean;
  /** A JPEG laid over the surface by its texture coordinates. */
  picture?: Uint8Array;
}

/** One closed surface of a model. Y is up, +Z is the front, lengths are metres, triangles run anticlockwise. */
export interface Surface {
  name: string;
  positions: Float32Array<ArrayBuffer>;
  normals: Float32Array<ArrayBuffer>;
  textureCoordinates?: Float32Array<ArrayBuffer>;
  triangles: Uint32Array<ArrayBuffer>;
  finish: Finish;
}

/** The finish of a model that was asked for without looks. */
export const bare: Finish = { name: 'bare', colour: '#c4c4c8', metallic: 0, roughness: 0.7 };

/** A glTF document of one scene: a root node with one mesh for each surface. Surfaces of one finish share a material. */
export function documentOf(name: string, surfaces: readonly Surface[]): Document {
  const document = new Document();
  document.getRoot().getAsset().generator = 'Lathe reference engine';
  const buffer = document.createBuffer();
  const root = document.createNode(name);
  document.getRoot().setDefaultScene(document.createScene(name).addChild(root));
  const accessor = (type: 'SCALAR' | 'VEC2' | 'VEC3', array: TypedArray): Accessor =>
    document.createAccessor().setType(type).setArray(array).setBuffer(buffer);
  const materials = new Map<string, Material>();
  for (const surface of surfaces) {
    const primitive = document
      .createPrimitive()
      .setIndices(accessor('SCALAR', surface.triangles))
      .setAttribute('POSITION', accessor('VEC3', surface.positions))
      .setAttribute('NORMAL', accessor('VEC3', surface.normals));
    if (surface.textureCoordinates) primitive.setAttribute('TEXCOORD_0', accessor('VEC2', surface.textureCoordinates));
    const { picture, ...look } = surface.finish;
    const key = JSON.stringify(look);
    const material = (picture ? undefined : materials.get(key)) ?? materialOf(document, surface.finish);
    materials.set(key, material);
    const mesh = document.createMesh(surface.name).addPrimitive(primitive.setMaterial(material));
    root.addChild(document.createNode(surface.name).setMesh(mesh));
  }
  return document;
}

function materialOf(document: Document, finish: Finish): Material {
  const [red, green, blue] = bytesOfHex(finish.colour).map((byte) => toLinear(byte / 255)) as [number, number, number];
  const material = document
    .createMaterial(finish.name)
    .setBaseColorFactor([red, green, blue, finish.opacity ?? 1])
    .setMetallicFactor(finish.metallic)
    .setRoughnessFactor(finish.roughness)
    .setAlphaMode((finish.opacity ?? 1) < 1 ? 'BLEND' : 'OPAQUE');
  if (finish.glows) material.setEmissiveFactor([red, green, blue]);
  if (finish.picture) {
    const texture = document.createTexture(finish.name).setImage(finish.picture).setMimeType('image/jpeg');
    material.setBaseColorTexture(texture);
  }
  return material;
}
