import { renderPreview, type Scene } from '#mesh';
import type { JobOutput } from '#worker-contract';

/** Degrees from the front, where the camera stands a little to the side of each. */
const yaws = { front: 30, right: -60, back: 210, left: 120 };
type View = keyof typeof yaws;

export interface PreviewWanted {
  view: View;
  /** Pixels. */
  size: 256 | 512;
}

const names = /^preview(?:-(right|back|left))?(-256)?\.png$/;

/** What a preview shows, by the name it was promised under; another name is another word for the main one. */
export function previewOf({ name }: Pick<JobOutput, 'name'>): PreviewWanted {
  const [, view = 'front', small] = names.exec(name) ?? [];
  return { view: view as View, size: small ? 256 : 512 };
}

/** The pictures that were asked for, one after the other, each with the output it is for. */
export async function* previewsOf<O extends JobOutput>(
  scene: Scene,
  outputs: readonly O[],
): AsyncGenerator<[O, Uint8Array]> {
  for (const output of outputs) {
    const { view, size } = previewOf(output);
    yield [output, await renderPreview(scene, { size, yaw: yaws[view] })];
  }
}
