/** What every pixel sees. */
export interface SeenPoints {
  /** Width and height in pixels */
  size: number;
  /** From the model's centre, in units of its radius; `nowhere` in a pixel that sees nothing. */
  positions: Float32Array;
  /** Normals of the faces, towards the viewer */
  normals: Float32Array;
}

/** Farther away than any place of the model: it shades nothing. */
export const nowhere = 1024;
