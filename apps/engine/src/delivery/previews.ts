import { type PreviewView, previewViews, renderPreviews, type Scene } from '#mesh';
import type { JobOutput } from '#worker-contract';

export interface PreviewWanted {
  view: PreviewView;
  /** Pixels. */
  size: 256 | 512;
}

const names = /^preview(?:-(right|back|left))?(-256)?\.png$/;

/** What a preview shows, by the name it was promised under; another name is another word for the main one. */
export function previewOf({ name }: Pick<JobOutput, 'name'>): PreviewWanted {
  const [, view, small] = names.exec(name) ?? [];
  return { view: previewViews.find((known) => known === view) ?? 'front', size: small ? 256 : 512 };
}

/** The pictures that were asked for, each with the output it is for. What their views have in common is computed once. */
export async function previewsOf<O extends JobOutput>(scene: Scene, outputs: readonly O[]): Promise<[O, Uint8Array][]> {
  if (outputs.length === 0) return [];
  const wanted = outputs.map(previewOf);
  const [views, sizes] = [new Set(wanted.map(({ view }) => view)), new Set(wanted.map(({ size }) => size))];
  const pictures = await renderPreviews(scene, { views: [...views], sizes: [...sizes] });
  return outputs.map((output, index) => {
    const { view, size } = wanted[index]!;
    return [output, pictures.find((one) => one.view === view && one.size === size)!.png];
  });
}
