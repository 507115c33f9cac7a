import type { GLTF } from '@gltf-transform/core';

/** A GLB of any JSON and any binary chunk, right or wrong. */
export function aGlbOf(json: unknown, binary: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = Buffer.from(typeof json === 'string' ? json : JSON.stringify(json));
  const chunks = [chunk(0x4e4f534a, text, 0x20), ...(binary.length > 0 ? [chunk(0x004e4942, binary, 0)] : [])];
  const header = Buffer.alloc(12);
  header.writeUInt32LE(0x46546c67, 0);
  header.writeUInt32LE(2, 4);
  header.writeUInt32LE(12 + chunks.reduce((sum, { length }) => sum + length, 0), 8);
  return new Uint8Array(Buffer.concat([header, ...chunks]));
}

function chunk(type: number, data: Uint8Array, filler: number): Buffer {
  const padded = Buffer.alloc(Math.ceil(data.length / 4) * 4, filler);
  padded.set(data);
  const header = Buffer.alloc(8);
  header.writeUInt32LE(padded.length, 0);
  header.writeUInt32LE(type, 4);
  return Buffer.concat([header, padded]);
}

/** One triangle, indices 0 1 2, as glTF JSON; `about` replaces whole lists. */
export const aTriangle = (about: Partial<GLTF.IGLTF> = {}): Partial<GLTF.IGLTF> => ({
  asset: { version: '2.0' },
  buffers: [{ byteLength: 44 }],
  bufferViews: [
    { buffer: 0, byteOffset: 0, byteLength: 36 },
    { buffer: 0, byteOffset: 36, byteLength: 6 },
  ],
  accessors: [
    { bufferView: 0, componentType: 5126, count: 3, type: 'VEC3', min: [0, 0, 0], max: [1, 1, 0] },
    { bufferView: 1, componentType: 5123, count: 3, type: 'SCALAR' },
  ],
  meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1 }] }],
  nodes: [{ mesh: 0 }],
  scenes: [{ nodes: [0] }],
  scene: 0,
  ...about,
});

/** The binary chunk of `aTriangle`. */
export function triangleBytes(corners = [0, 1, 2], height = 1): Uint8Array {
  const bytes = new Uint8Array(44);
  new Float32Array(bytes.buffer, 0, 9).set([0, 0, 0, 1, 0, 0, 0, height, 0]);
  new Uint16Array(bytes.buffer, 36, 3).set(corners);
  return bytes;
}
