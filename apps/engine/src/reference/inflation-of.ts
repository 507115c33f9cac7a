import type { Inflation } from '../inflation/inflate.js';
import type { GenerationRequest, Report } from './generation.js';

/** The share of the whole at which each step of an inflation starts, once what came before is done. */
const starts = { inflate: 0, texture: 0.7 };

const clamped = (value: number | undefined, low: number, high: number, usual: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : usual;

/** A request's parameters as an inflation takes them; `from` is the percentage at which the inflation starts. */
export function inflationOf(
  params: GenerationRequest['params'],
  report: Report,
  from: number,
): Pick<Inflation, 'grid' | 'depth' | 'textureResolution' | 'report'> {
  return {
    grid: Math.round(clamped(params.geometry_resolution, 64, 512, 256)),
    depth: clamped(params.model_params.depth, 0.1, 1.5, 0.8),
    textureResolution: params.texture ? Math.round(clamped(params.texture_resolution, 16, 8192, 1024)) : null,
    report: (stage, share) => {
      const width = stage === 'inflate' ? starts.texture : 1 - starts.texture;
      report(stage, Math.round(from + (100 - from) * (starts[stage] + width * share)));
    },
  };
}
