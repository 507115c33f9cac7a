import type { WorkerFormat } from '#contracts';
import { isBinaryStl, isPackage, isPly, isUsdPackage, startsWith } from './content.js';

/** What becomes of an output in one of the formats that workers deliver. */
export interface ArtifactType {
  kind: 'model' | 'preview';
  /** As clients know it: OBJ arrives as a zip and is called obj. */
  format: 'glb' | 'obj' | 'fbx' | 'stl' | 'ply' | 'usdz' | '3mf' | 'png';
  /** What the file is called; a preview keeps the name that it was promised under. */
  filenameOf: (name: string) => string;
  /** Whether an artifact of so many bytes that begins like this can be one. */
  isOne: (head: Buffer, bytes: number) => boolean;
}

const model = (
  format: Exclude<ArtifactType['format'], 'png'>,
  isOne: ArtifactType['isOne'],
  filename = `model.${format}`,
): ArtifactType => ({ kind: 'model', format, isOne, filenameOf: () => filename });

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** By the names that workers have for them. */
export const artifactTypes: Record<WorkerFormat, ArtifactType> = {
  glb: model('glb', startsWith('glTF')),
  'obj.zip': model('obj', isPackage, 'model-obj.zip'),
  fbx: model('fbx', startsWith('Kaydara FBX Binary')),
  stl: model('stl', isBinaryStl),
  ply: model('ply', isPly),
  usdz: model('usdz', isUsdPackage),
  '3mf': model('3mf', isPackage),
  png: {
    kind: 'preview',
    format: 'png',
    filenameOf: (name) => (name.endsWith('.png') ? name : `${name}.png`),
    isOne: startsWith(pngSignature),
  },
};
