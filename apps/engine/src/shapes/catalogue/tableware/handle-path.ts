import { arc, type Place } from '../../kit.js';

/** A half ring that starts and ends inside a wall at x = `wall`: the path of a handle seen from the front. */
export const handlePath = (wall: number, middle: number, width: number, height: number): Place[] =>
  arc(1, -100, 100, 22).map(([x, y]): Place => [wall - 0.02 + width * Math.max(-0.1, x), 0, middle + height * y]);
