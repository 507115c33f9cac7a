import { type Compression, compressions, type UpAxis, upAxes } from '#contracts';
import type { Job } from '#worker-contract';

/** How a model is to be delivered. */
export interface DeliveryOptions {
  /** Most triangles it may show; left out: as many as it has. */
  targetPolycount?: number | undefined;
  /** Longer side of its pictures in pixels, at most; left out: as they are. */
  textureResolution?: number | undefined;
  /** Length of its longest side in millimetres; left out: as it is. */
  sizeMm?: number | undefined;
  /** Of the formats that leave it open; left out: what is usual in each. */
  upAxis?: UpAxis | undefined;
  /** Of the GLB. */
  compression: Compression;
}

/** What a job says about delivery; a value of another kind counts as left out. */
export function deliveryOf({ params }: Pick<Job, 'params'>): DeliveryOptions {
  const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
  return {
    targetPolycount: numberOf(params.target_polycount),
    textureResolution: numberOf(params.texture_resolution),
    sizeMm: numberOf(params.size_mm),
    upAxis: upAxes.find((axis) => axis === params.up_axis),
    compression: compressions.find((compression) => compression === params.compression) ?? 'none',
  };
}
