import type { Finish } from '../reference/gltf.js';
import { madeOf } from './paint.js';

/** The usual looks that several shapes share. */
const finish =
  (name: string, roughness: number) =>
  (colour: string): Finish => ({ name, colour, metallic: 0, roughness });

export const glaze = (colour: string): Finish => madeOf('ceramic', colour);
export const cloth = finish('cloth', 0.95);
export const plain = finish('plain', 0.45);
export const enamel = finish('enamel', 0.35);
export const lacquer = finish('lacquer', 0.25);
export const leaf = finish('leaf', 0.85);
export const light = (colour: string): Finish => ({ name: 'light', colour, metallic: 0, roughness: 0.3, glows: true });

export const bark = finish('bark', 0.95)('#6b4a2f');
export const soil = finish('soil', 1)('#4b3526');
export const plaster = finish('plaster', 0.9)('#efe3c8');
export const pane = finish('pane', 0.08)('#7ab4da');
export const tiles = madeOf('brick', '#b4472f');
export const oak = madeOf('wood', '#b07d46');
export const darkOak = madeOf('wood', '#94602f');
export const timber = madeOf('wood', '#8a5a34');
export const walnut = madeOf('wood', '#6f452a');
export const grip = madeOf('leather', '#5a3622');
export const tyre = madeOf('rubber');
export const steel = madeOf('steel');
export const iron = madeOf('iron');
export const gold = madeOf('gold');
