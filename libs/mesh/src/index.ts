export { Document } from '@gltf-transform/core';
export { MeshError, type MeshErrorCode } from './error.js';
export { type FinishOptions, finishModel } from './finish/finish-model.js';
export { exportFbx, type FbxOptions } from './fbx/export-fbx.js';
export { inlineGlbBytes, readGlb, writeGlb } from './glb/glb.js';
export { type PrecheckOptions, precheckGlb } from './glb/precheck/precheck.js';
export type { GlbSource } from './glb/precheck/source.js';
export { exportObj } from './obj/export-obj.js';
export { exportPly } from './ply/export-ply.js';
export {
  type Preview,
  type PreviewOptions,
  type PreviewsOptions,
  type PreviewView,
  previewViews,
  renderPreview,
  renderPreviews,
} from './preview/render-preview.js';
export type { ExportOptions, UpAxis } from './scene/arrange.js';
export { type BakedMesh, bakedMeshes } from './scene/bake.js';
export { sceneOf } from './scene/reading/scene-of.js';
export * from './scene/scene.js';
export { exportStl } from './stl/export-stl.js';
export {
  measureMesh,
  type MeshStatistics,
  type TextureSlot,
  type TextureStatistics,
} from './statistics/measure-mesh.js';
export { export3mf } from './threemf/export-3mf.js';
export { exportUsdz } from './usdz/export-usdz.js';
export { type Validation, type ValidationMessage, validateGlb } from './validate.js';
export { compressGlb, type CompressionOptions } from './web/compress-glb.js';
