import {
  compressGlb,
  type Document,
  export3mf,
  exportFbx,
  exportObj,
  exportPly,
  exportStl,
  exportUsdz,
  finishModel,
  measureMesh,
  precheckGlb,
  readGlb,
  renderPreview,
  renderPreviews,
  type Scene,
  sceneOf,
  validateGlb,
  writeGlb,
} from '#mesh';
import type { Packing } from './models.js';

/** Something that is measured. */
export interface Step {
  name: string;
  packing: Packing;
  /** Most milliseconds it may take for the big model; `null` where nothing is promised. */
  target: number | null;
  /** What is not measured: makes ready one run from the bytes of a GLB. */
  prepare(glb: Uint8Array): Promise<() => unknown>;
}

/** Most memory a process may take that does one of the steps, in MiB: the whole process, not only what is added to it. */
export const memoryTarget = 400;

const reading = (name: string, packing: Packing): Step => ({
  name,
  packing,
  target: null,
  prepare: async (glb) => async () => sceneOf(await readGlb(glb)),
});

const ofScene = (name: string, target: number | null, work: (scene: Scene) => unknown): Step => ({
  name,
  packing: 'plain',
  target,
  prepare: async (glb) => {
    const scene = await sceneOf(await readGlb(glb));
    return () => work(scene);
  },
});

const ofDocument = (name: string, target: number | null, work: (doc: Document) => unknown): Step => ({
  name,
  packing: 'plain',
  target,
  prepare: async (glb) => {
    const doc = await readGlb(glb);
    return () => work(doc);
  },
});

const ofBytes = (name: string, work: (glb: Uint8Array) => unknown): Step => ({
  name,
  packing: 'plain',
  target: null,
  prepare: async (glb) => () => work(glb),
});

/** Everything that is measured, in the order of the table. */
export const steps: readonly Step[] = [
  ofBytes('pre-check', (glb) => precheckGlb(glb)),
  ofBytes('validate', (glb) => validateGlb(glb)),
  reading('read a plain GLB', 'plain'),
  reading('read a Draco GLB', 'draco'),
  reading('read a meshopt GLB', 'meshopt'),
  ofScene('FBX', 500, (scene) => exportFbx(scene)),
  ofScene('OBJ, zipped', 2_000, (scene) => exportObj(scene)),
  ofScene('STL', 200, (scene) => exportStl(scene)),
  ofScene('PLY', null, (scene) => exportPly(scene)),
  ofScene('USDZ', 1_000, (scene) => exportUsdz(scene)),
  ofScene('3MF', 1_500, (scene) => export3mf(scene)),
  ofScene('statistics', 500, (scene) => measureMesh(scene)),
  ofScene('preview, 512 px', 700, (scene) => renderPreview(scene, { size: 512 })),
  ofScene('previews, all eight', null, (scene) => renderPreviews(scene)),
  {
    name: 'decimate to a quarter',
    packing: 'plain',
    target: null,
    prepare: async (glb) => {
      const doc = await readGlb(glb);
      const { triangles } = measureMesh(await sceneOf(doc));
      return () => finishModel(doc, { targetPolycount: Math.round(triangles / 4) });
    },
  },
  ofDocument('write a GLB', null, (doc) => writeGlb(doc)),
  ofDocument('for the web, Draco', 1_500, (doc) => compressGlb(doc, { compression: 'draco', textures: 'webp' })),
  ofDocument('for the web, meshopt', 1_500, (doc) => compressGlb(doc, { compression: 'meshopt', textures: 'webp' })),
];
