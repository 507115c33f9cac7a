import type { Random } from '../random.js';
import type { Wish } from './ledger.js';

const tiny = { texture: false, texture_resolution: 64, target_polycount: 100 };
/** Seconds of work: long enough for a fault to hit its middle. */
const big = { geometry_resolution: 320, target_polycount: 20_000, texture_resolution: 1024 };

/** A task that takes a moment. */
export const tinyTask = { prompt: 'a cube', params: tiny, output_formats: ['glb'] };
/** A task that takes some seconds. */
export const bigTask = { prompt: 'рыжая кошка', params: big, output_formats: ['glb', 'obj', 'fbx'] };

/** The body of a task: mostly tiny ones, some big ones, and some from a picture. */
export function taskFor(wish: Wish, fileId: string, random: Random): object {
  const size = random.weighted({ tiny: 80, big: wish === 'cancel' ? 60 : 8, picture: 8 });
  const deadline = wish === 'hurry' ? { deadline_seconds: 10 } : {};
  if (size === 'big') return { ...bigTask, ...deadline };
  if (size === 'tiny') return { ...tinyTask, prompt: random.pick(['a cube', 'a sphere', 'a cone']), ...deadline };
  return { images: [{ file_id: fileId }], params: { ...tiny, geometry_resolution: 64 }, ...deadline };
}
