import type { GLTF } from '@gltf-transform/core';
import { maxElements as max, maxMagnitude } from '../limits.js';
import { material, texture } from './material.js';
import { flag, indexOf, list, number, object, oneOf, Place, record, text, tuple, whole, type Rule } from './rule.js';

const measure = number(maxMagnitude);
const indicesOf = (name: keyof typeof max, most: number): Rule => list(indexOf(name), most);
const attributes = record(indexOf('accessors'), max.attributes);
const extensionNames = list(text, max.extensions);

const node = object({
  name: text,
  children: indicesOf('nodes', max.nodes),
  mesh: indexOf('meshes'),
  skin: indexOf('skins'),
  camera: indexOf('cameras'),
  matrix: tuple(measure, 16),
  translation: tuple(measure, 3),
  rotation: tuple(measure, 4),
  scale: tuple(measure, 3),
  weights: list(measure, max.targets),
  extensions: object({ EXT_mesh_gpu_instancing: object({ attributes }, ['attributes']) }),
});

const dracoCompression = object(
  { bufferView: indexOf('bufferViews'), attributes: record(whole(0, 0xffffffff), max.attributes) },
  ['bufferView', 'attributes'],
);

const primitive = object(
  {
    attributes,
    indices: indexOf('accessors'),
    material: indexOf('materials'),
    mode: whole(0, 6),
    targets: list(attributes, max.targets),
    extensions: object({ KHR_draco_mesh_compression: dracoCompression }),
  },
  ['attributes'],
);

const mesh = object(
  { name: text, primitives: list(primitive, max.primitives, 1), weights: list(measure, max.targets) },
  ['primitives'],
);

/** 5130 and 5131 are the doubles and halves of KHR_accessor_float64 and KHR_accessor_float16. */
const componentType = oneOf(5120, 5121, 5122, 5123, 5125, 5126, 5130, 5131);
const offset = whole(0);

const accessor = object(
  {
    name: text,
    bufferView: indexOf('bufferViews'),
    byteOffset: offset,
    componentType,
    normalized: flag,
    count: whole(1),
    type: oneOf('SCALAR', 'VEC2', 'VEC3', 'VEC4', 'MAT2', 'MAT3', 'MAT4'),
    sparse: object(
      {
        count: whole(1),
        indices: object(
          { bufferView: indexOf('bufferViews'), byteOffset: offset, componentType: oneOf(5121, 5123, 5125) },
          ['bufferView', 'componentType'],
        ),
        values: object({ bufferView: indexOf('bufferViews'), byteOffset: offset }, ['bufferView']),
      },
      ['count', 'indices', 'values'],
    ),
  },
  ['componentType', 'count', 'type'],
);

/** EXT_meshopt_compression: `count` elements of `byteStride` bytes packed into a range of another buffer. */
const meshoptCompression = object(
  {
    buffer: indexOf('buffers'),
    byteOffset: offset,
    byteLength: whole(1),
    byteStride: whole(1, 256),
    count: whole(1),
    mode: oneOf('ATTRIBUTES', 'TRIANGLES', 'INDICES'),
    filter: oneOf('NONE', 'OCTAHEDRAL', 'QUATERNION', 'EXPONENTIAL'),
  },
  ['buffer', 'byteLength', 'byteStride', 'count', 'mode'],
);

const bufferView = object(
  {
    name: text,
    buffer: indexOf('buffers'),
    byteOffset: offset,
    byteLength: whole(1),
    byteStride: whole(4, 252),
    extensions: object({ EXT_meshopt_compression: meshoptCompression }),
  },
  ['buffer', 'byteLength'],
);

const sampler = object({ input: indexOf('accessors'), output: indexOf('accessors') }, ['input', 'output']);
const target = object({ node: indexOf('nodes'), path: text }, ['path']);
const channel = object({ sampler: whole(0, max.channels), target }, ['sampler', 'target']);
const animation = object(
  { name: text, samplers: list(sampler, max.channels, 1), channels: list(channel, max.channels, 1) },
  ['samplers', 'channels'],
);

const skin = object(
  {
    name: text,
    inverseBindMatrices: indexOf('accessors'),
    skeleton: indexOf('nodes'),
    joints: indicesOf('nodes', max.nodes),
  },
  ['joints'],
);

const gltf = object(
  {
    asset: object({ version: text, minVersion: text, generator: text, copyright: text }, ['version']),
    extensionsUsed: extensionNames,
    extensionsRequired: extensionNames,
    scene: indexOf('scenes'),
    scenes: list(object({ name: text, nodes: indicesOf('nodes', max.nodes) }), max.scenes),
    nodes: list(node, max.nodes),
    meshes: list(mesh, max.meshes),
    accessors: list(accessor, max.accessors),
    bufferViews: list(bufferView, max.bufferViews),
    buffers: list(object({ name: text, uri: text, byteLength: whole(1) }, ['byteLength']), max.buffers),
    images: list(object({ name: text, uri: text, mimeType: text, bufferView: indexOf('bufferViews') }), max.images),
    textures: list(texture, max.textures),
    samplers: list(object({}), max.samplers),
    materials: list(material, max.materials),
    animations: list(animation, max.animations),
    skins: list(skin, max.skins),
    cameras: list(object({}), max.cameras),
  },
  ['asset'],
);

/**
 * The document as glTF 2.0, after its lists, numbers and references were looked at: every index names an element that
 * exists, every number is finite, every list is as long as it may be.
 */
export function asGltf(json: Record<string, unknown>): GLTF.IGLTF {
  gltf(json, new Place(json));
  return json as unknown as GLTF.IGLTF;
}
