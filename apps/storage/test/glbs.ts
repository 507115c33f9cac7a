const vertexBytes = 12;
const triangleBytes = 3 * vertexBytes;
const pieceBytes = 65_536;

/** A GLB of one triangle; `about` replaces whole parts of its JSON. */
export const aGlb = (about: object = {}): Buffer => {
  const corners = Buffer.alloc(triangleBytes);
  corners.writeFloatLE(1, vertexBytes);
  corners.writeFloatLE(1, 2 * vertexBytes + 4);
  return Buffer.concat([glbHead(triangleBytes, { ...aScene(3, [1, 1, 0]), ...about }), corners]);
};

/** A GLB of at least so many bytes, piece by piece: triangles that are all in one point. */
export function* aLargeGlb(bytes: number): Generator<Buffer> {
  const triangles = Math.ceil(bytes / triangleBytes);
  const binary = triangles * triangleBytes;
  yield glbHead(binary, aScene(3 * triangles, [0, 0, 0]));
  const nothing = Buffer.alloc(pieceBytes);
  for (let left = binary; left > 0; left -= pieceBytes) yield left < pieceBytes ? nothing.subarray(0, left) : nothing;
}

const aScene = (vertices: number, max: number[]): object => ({
  asset: { version: '2.0' },
  buffers: [{ byteLength: vertices * vertexBytes }],
  bufferViews: [{ buffer: 0, byteLength: vertices * vertexBytes }],
  accessors: [{ bufferView: 0, componentType: 5126, count: vertices, type: 'VEC3', min: [0, 0, 0], max }],
  meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
  nodes: [{ mesh: 0 }],
  scenes: [{ nodes: [0] }],
  scene: 0,
});

/** Everything up to the bytes of the binary chunk (glTF 2.0 §4.4). */
function glbHead(binaryBytes: number, json: object): Buffer {
  const text = Buffer.from(JSON.stringify(json));
  const padded = Buffer.concat([text, Buffer.alloc((4 - (text.length % 4)) % 4, ' ')]);
  const words = (...values: number[]): Buffer => {
    const buffer = Buffer.alloc(4 * values.length);
    for (const [at, value] of values.entries()) buffer.writeUInt32LE(value, 4 * at);
    return buffer;
  };
  const total = 12 + 8 + padded.length + 8 + binaryBytes;
  const [magic, jsonChunk, binaryChunk] = [0x46546c67, 0x4e4f534a, 0x004e4942];
  return Buffer.concat([words(magic, 2, total, padded.length, jsonChunk), padded, words(binaryBytes, binaryChunk)]);
}
