export { Document } from '@gltf-transform/core';
export { MeshError, type MeshErrorCode } from './error.js';
export { readGlb, writeGlb } from './glb/glb.js';
export { type BakedMesh, bakedMeshes } from './scene/bake.js';
export { sceneOf } from './scene/scene-of.js';
export * from './scene/scene.js';
export { measureMesh, type MeshStatistics } from './statistics/measure-mesh.js';
export { type Validation, type ValidationMessage, validateGlb } from './validate.js';
