import { strFromU8, unzipSync } from 'fflate';
import { Mesh, type Object3D } from 'three';
import { ThreeMFLoader } from 'three/examples/jsm/loaders/3MFLoader.js';
import { FBXLoader } from 'three/examples/jsm/loaders/FBXLoader.js';
import { MTLLoader } from 'three/examples/jsm/loaders/MTLLoader.js';
import { OBJLoader } from 'three/examples/jsm/loaders/OBJLoader.js';
import { PLYLoader } from 'three/examples/jsm/loaders/PLYLoader.js';
import { STLLoader } from 'three/examples/jsm/loaders/STLLoader.js';
import { USDLoader } from 'three/examples/jsm/loaders/USDLoader.js';
import { installDom } from './dom.js';

installDom();

/** Three.js warns of maps it has no slot for (roughness and metal, which Blender and the SDK read) and of Z up. */
function quietly<T>(read: () => T): T {
  const { warn } = console;
  console.warn = (...words: unknown[]) => {
    if (!/map is not supported|Z-UP coordinate system/.test(String(words[0]))) warn(...words);
  };
  try {
    return read();
  } finally {
    console.warn = warn;
  }
}

const buffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

export const stlByThree = (bytes: Uint8Array): Object3D => new Mesh(new STLLoader().parse(buffer(bytes)));
export const plyByThree = (bytes: Uint8Array): Object3D => new Mesh(new PLYLoader().parse(buffer(bytes)));
export const fbxByThree = (bytes: Uint8Array): Object3D => quietly(() => new FBXLoader().parse(buffer(bytes), ''));
export const usdzByThree = (bytes: Uint8Array): Object3D => new USDLoader().parse(buffer(bytes));
export const threemfByThree = (bytes: Uint8Array): Object3D => new ThreeMFLoader().parse(buffer(bytes));

/** Reads the OBJ of an archive with the materials of its MTL. */
export function objByThree(archive: Uint8Array): Object3D {
  const files = unzipSync(archive);
  const text = (suffix: string): string => strFromU8(files[Object.keys(files).find((name) => name.endsWith(suffix))!]!);
  return new OBJLoader().setMaterials(new MTLLoader().parse(text('.mtl'), '')).parse(text('.obj'));
}
