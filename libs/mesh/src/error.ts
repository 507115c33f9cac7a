/**
 * Why a mesh operation refused its input:
 * - `invalid_glb`: the bytes are not a well-formed GLB, or its parts contradict each other;
 * - `unsupported_glb`: it needs a glTF extension or another version that is not understood;
 * - `too_large`: what it describes would not fit in memory or in reasonable time;
 * - `no_geometry`: there is not one triangle in it;
 * - `invalid_image`: a texture is broken or of an unknown format.
 */
export type MeshErrorCode = 'invalid_glb' | 'unsupported_glb' | 'too_large' | 'no_geometry' | 'invalid_image';

/** The only error this library throws on purpose. Codes are stable; messages may change. */
export class MeshError extends Error {
  override readonly name = 'MeshError';

  constructor(
    readonly code: MeshErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Runs a step of a third-party library and turns whatever it throws into a `MeshError` of that code. */
export async function refuseAs<T>(code: MeshErrorCode, what: string, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof MeshError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new MeshError(code, `${what}: ${reason}`, { cause: error });
  }
}
