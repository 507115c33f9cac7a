// Reads a USDZ with tinyusdz and prints what it understood as JSON; arrays and pictures as base64.
// tinyusdz is built for browsers and refuses Node, so this runs in a process of its own that looks like a browser.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

process.type = 'renderer';
Object.assign(globalThis, { window: globalThis, self: globalThis, location: { href: 'file:///' } });
globalThis.document = { currentScript: { src: 'file:///tinyusdz.js' } };

const require = createRequire(import.meta.url);
const { default: createTinyUsdz } = await import(require.resolve('tinyusdz'));
const wasmBinary = await readFile(require.resolve('tinyusdz/tinyusdz.wasm'));
const silent = () => undefined;
const { TinyUSDZLoaderNative } = await createTinyUsdz({
  wasmBinary,
  locateFile: (name) => name,
  print: silent,
  printErr: silent,
});

const usd = new TinyUSDZLoaderNative();
if (!usd.loadFromBinary(await readFile(process.argv[2]), 'model.usdz')) {
  throw new Error(`tinyusdz cannot read it: ${usd.error()}`);
}

const base64 = (array) => array && Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');

const meshes = Array.from({ length: usd.numMeshes() }, (_, index) => {
  const { displayName, primName, points, normals, texcoords, faceVertexIndices, materialId } = usd.getMesh(index);
  return {
    name: displayName || primName,
    material: materialId,
    points: base64(points),
    normals: base64(normals),
    texcoords: base64(texcoords),
    indices: base64(faceVertexIndices),
  };
});

const slots = ['diffuseColor', 'emissiveColor', 'metallic', 'roughness', 'normal', 'occlusion', 'opacity'];
const pictureOf = (texture) => {
  if (texture === undefined || texture < 0) return null;
  const { uri, data, usdColorSpace } = usd.getImage(usd.getTexture(texture).textureImageId);
  return { uri, colorSpace: usdColorSpace, data: base64(data) };
};
const count = Math.max(-1, ...meshes.map(({ material }) => material)) + 1;
const materials = Array.from({ length: count }, (_, index) => {
  const values = usd.getMaterial(index);
  const pictures = Object.fromEntries(slots.map((slot) => [slot, pictureOf(values[`${slot}TextureId`])]));
  return { values, pictures };
});

const names = {};
const visit = (node) => {
  names[node.absPath] = node.displayName;
  for (const child of node.children ?? []) visit(child);
};
visit(usd.getDefaultRootNode());

console.log(JSON.stringify({ meshes, materials, names }));
