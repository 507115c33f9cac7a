import type { Finish } from '../reference/gltf.js';
import type { Random } from '../reference/random.js';
import type { Solid } from './kernel.js';
import type { Kit } from './kit.js';
import type { Paint } from './paint.js';

/** One named part of a thing: a solid with one finish. Parts may overlap; their faces must not coincide. */
export interface Part {
  name: string;
  solid: Solid;
  finish: Finish;
}

/** What a shape is built with. */
export interface Workshop {
  kit: Kit;
  paint: Paint;
  random: Random;
}

/** A thing the engine can build. */
export interface Shape {
  /** The words that mean it, English then Russian. A Russian word whose forms differ in more than the ending is given in each. */
  words: string;
  /** Builds it in any unit, Z up, its front towards -Y. Size words and the final scale are applied to the whole afterwards. */
  build: (workshop: Workshop) => Part[];
}

/** A value that differs a little from seed to seed: at most `share` of it to either side. */
export const vary = (random: Random, value: number, share: number): number => value * (1 + (random() * 2 - 1) * share);
