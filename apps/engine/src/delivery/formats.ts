import type { WorkerFormat } from '#contracts';
import {
  export3mf,
  exportFbx,
  exportObj,
  exportPly,
  exportStl,
  exportUsdz,
  type ExportOptions,
  type Scene,
} from '#mesh';

type ExportFormat = Exclude<WorkerFormat, 'glb' | 'png'>;
type Write = (scene: Scene, options: ExportOptions) => Promise<Uint8Array>;

const writers: Record<ExportFormat, Write> = {
  'obj.zip': exportObj,
  fbx: exportFbx,
  stl: exportStl,
  ply: exportPly,
  usdz: exportUsdz,
  '3mf': export3mf,
};

/** What writes a format; undefined for one that nothing here does. */
export const writerOf = (format: string): Write | undefined =>
  Object.hasOwn(writers, format) ? writers[format as ExportFormat] : undefined;
