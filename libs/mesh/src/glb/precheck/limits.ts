const mebibyte = 1024 ** 2;

/** Bytes a GLB may claim to unpack to: accessors, decompressed buffer views and pictures as stored. */
export const maxUnpackedBytes = 1024 * mebibyte;
/** Below this a claim is believed whatever the size of the file; above, a byte of file may claim `maxExpansion` bytes. */
export const unpackedBytesFree = 64 * mebibyte;
export const maxExpansion = 100;

/** Bytes of the JSON chunk. 100,000 nodes with names and places fit. */
export const maxJsonBytes = 4 * mebibyte;
/** Arrays and objects within each other in the JSON. */
export const maxJsonDepth = 64;
/** Arrays and objects in the JSON altogether: each costs many times its two bytes when parsed. */
export const maxJsonContainers = 400_000;
/** Members of objects in the JSON altogether. */
export const maxJsonMembers = 600_000;

/** Levels of nodes below a scene. */
export const maxNodeDepth = 256;
/** Nodes and GPU instances together: every one of them becomes an object. */
export const maxNodes = 100_000;

/** Elements of the lists of a glTF document, and of the lists within their elements. */
export const maxElements = {
  scenes: 64,
  nodes: maxNodes,
  meshes: 20_000,
  primitives: 20_000,
  attributes: 32,
  targets: 256,
  accessors: 50_000,
  bufferViews: 50_000,
  buffers: 64,
  images: 512,
  textures: 4_096,
  samplers: 4_096,
  materials: 10_000,
  animations: 4_096,
  channels: 20_000,
  skins: 1_024,
  cameras: 1_024,
  extensions: 256,
} as const;

/** Pixels of all pictures together, by their headers. One may have as many as `maxImagePixels`. */
export const maxPixels = 8 * 8192 * 8192;
/** A picture must say its size within this many bytes; only colour profiles and EXIF come before it. */
export const pictureHeaderBytes = 256 * 1024;

/** Metres, and any other number a place is computed from: beyond, products of two would leave the range of a float. */
export const maxMagnitude = 1e15;

/** Bytes that are looked at together while values are streamed. */
export const windowBytes = mebibyte;
