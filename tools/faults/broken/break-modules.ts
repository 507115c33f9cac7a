import { register } from 'node:module';
import type { Replacement } from './loader.js';

/** From now on this process loads the modules with their pieces replaced. A piece that is not there stops it. */
export function breakModules(...replacements: Replacement[]): void {
  register('./loader.js', { parentURL: import.meta.url, data: replacements });
}
