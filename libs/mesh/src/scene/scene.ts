/** x, y, z */
export type Vec3 = readonly [number, number, number];
/** Linear red, green, blue, alpha; 0–1. */
export type Rgba = readonly [number, number, number, number];
/** Unit quaternion x, y, z, w. */
export type Quaternion = readonly [number, number, number, number];
/** 4×4 matrix, column-major, as glTF stores it. */
export type Matrix = readonly [
  ...[number, number, number, number],
  ...[number, number, number, number],
  ...[number, number, number, number],
  ...[number, number, number, number],
];

/** A model as plain data: what every writer, measurement and picture is made from. Metres, Y up, +Z front. */
export interface Scene {
  name: string;
  roots: SceneNode[];
  meshes: Mesh[];
  materials: Material[];
  images: Image[];
}

/** One node of the tree. A mesh may hang on several nodes (instances). */
export interface SceneNode {
  name: string;
  translation: Vec3;
  rotation: Quaternion;
  scale: Vec3;
  /** From this node's space to world space. */
  world: Matrix;
  mesh: Mesh | null;
  children: SceneNode[];
}

export interface Mesh {
  name: string;
  primitives: Primitive[];
}

/** Indexed triangles, counter-clockwise seen from outside. Every array has one entry per vertex except `indices`. */
export interface Geometry {
  /** x, y, z per vertex */
  positions: Float32Array;
  /** Unit x, y, z per vertex */
  normals: Float32Array | null;
  /** u, v per vertex; (0, 0) is the upper left corner of a picture, as in glTF. */
  uvs: Float32Array | null;
  /** Linear r, g, b, a per vertex; multiplies the base colour. */
  colors: Float32Array | null;
  /** Three per triangle */
  indices: Uint32Array;
}

/** The triangles of a mesh that wear one material; `null` where the model names none. */
export interface Primitive extends Geometry {
  material: Material | null;
}

/** Metallic-roughness material of glTF 2.0; colours are linear and multiply their pictures. */
export interface Material {
  name: string;
  baseColor: Rgba;
  baseColorImage: Image | null;
  metallic: number;
  roughness: number;
  /** Roughness in green, metalness in blue. */
  metallicRoughnessImage: Image | null;
  normalImage: Image | null;
  normalScale: number;
  /** Occlusion in red. */
  occlusionImage: Image | null;
  occlusionStrength: number;
  emissive: Vec3;
  emissiveImage: Image | null;
  alphaMode: 'OPAQUE' | 'MASK' | 'BLEND';
  alphaCutoff: number;
  doubleSided: boolean;
}

/** An encoded picture, bytes exactly as the model carries them. */
export interface Image {
  /** As the model names it, else `image_<number>`. */
  name: string;
  /** Unique within the scene and safe as the stem of a file name. */
  key: string;
  data: Uint8Array;
  mediaType: string;
  /** Pixels */
  width: number;
  /** Pixels */
  height: number;
}

/** What a triangle without a material looks like: neutral, slightly rough, visible from both sides. */
export const defaultMaterial: Material = {
  name: 'default',
  baseColor: [0.8, 0.8, 0.8, 1],
  baseColorImage: null,
  metallic: 0,
  roughness: 0.7,
  metallicRoughnessImage: null,
  normalImage: null,
  normalScale: 1,
  occlusionImage: null,
  occlusionStrength: 1,
  emissive: [0, 0, 0],
  emissiveImage: null,
  alphaMode: 'OPAQUE',
  alphaCutoff: 0.5,
  doubleSided: true,
};
