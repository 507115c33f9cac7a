import type { Manifold, ManifoldToplevel } from 'manifold-3d/manifold.js';

/** A closed solid. Booleans, hulls and moves of solids give solids again. */
export type Solid = Manifold;

/**
 * A new instance of the solid kernel (manifold, in WebAssembly). Every model gets its own: it takes some tens of milliseconds,
 * and with it goes the memory of all solids made in it, which JavaScript would not collect one by one.
 */
export async function solidKernel(): Promise<ManifoldToplevel> {
  const { default: instantiate } = await import('manifold-3d/manifold.js');
  const kernel = await instantiate();
  kernel.setup();
  return kernel;
}
