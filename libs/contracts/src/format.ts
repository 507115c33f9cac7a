/** The formats a model can be asked for. OBJ is delivered as a zip with its MTL and textures. */
export const modelFormats = ['glb', 'obj', 'fbx', 'stl', 'ply', 'usdz', '3mf'] as const;
export type ModelFormat = (typeof modelFormats)[number];

/** RFC 6838 media types where one is registered; FBX and PLY have none, so they are plain downloads. */
export const mediaTypes = {
  glb: 'model/gltf-binary',
  obj: 'application/zip',
  fbx: 'application/octet-stream',
  stl: 'model/stl',
  ply: 'application/octet-stream',
  usdz: 'model/vnd.usdz+zip',
  '3mf': 'model/3mf',
  png: 'image/png',
} as const satisfies Record<ModelFormat | 'png', string>;

/** What workers call the formats they write (ml-job.v1): an OBJ is a zip. */
export const workerFormats = ['glb', 'obj.zip', 'fbx', 'stl', 'ply', 'usdz', '3mf', 'png'] as const;
export type WorkerFormat = (typeof workerFormats)[number];

export const upAxes = ['y', 'z'] as const;
export type UpAxis = (typeof upAxes)[number];

/** How a GLB may be packed: `draco` and `meshopt` pack its geometry and turn its pictures into WebP. */
export const compressions = ['none', 'draco', 'meshopt'] as const;
export type Compression = (typeof compressions)[number];
