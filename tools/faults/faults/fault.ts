import type { Random } from '../random.js';
import type { FaultySystem } from '../system/faulty-system.js';

/** Something that goes wrong. Healed, it is gone, and the system is to come back by itself. */
export interface Fault {
  /** What is done to what: `kill task`. */
  name: string;
  /** How long it lasts, in milliseconds: at least and at most. */
  lasts: readonly [number, number];
  inject(system: FaultySystem, random: Random): Promise<void>;
  heal(system: FaultySystem): Promise<void>;
}
