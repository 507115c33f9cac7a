/** The formats a model can be asked for. OBJ is delivered as a zip with its MTL and textures. */
export const modelFormats = ['glb', 'obj', 'fbx'] as const;
export type ModelFormat = (typeof modelFormats)[number];

/** RFC 6838 media types: model/gltf-binary and model/obj are registered; FBX has none, so it is a plain download. */
export const mediaTypes = {
  glb: 'model/gltf-binary',
  obj: 'application/zip',
  fbx: 'application/octet-stream',
  png: 'image/png',
} as const satisfies Record<ModelFormat | 'png', string>;
