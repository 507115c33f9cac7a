import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Scene } from '../src/scene/scene.js';
import { aSceneOf } from './a-scene.js';

/** What tinyusdz reads of a UsdPreviewSurface. */
export interface UsdSurface {
  values: Record<string, number | number[] | boolean>;
  /** The picture that is connected to an input; `null` for none. */
  pictures: Record<string, { uri: string; colorSpace: string; data: string } | null>;
}

interface Understood {
  /** Arrays in base64. */
  meshes: {
    name: string;
    points: string;
    indices: string;
    normals?: string;
    texcoords?: string;
    /** Number of the material. */
    material: number;
  }[];
  materials: UsdSurface[];
  /** `displayName` of every prim, by path. */
  names: Record<string, string>;
}

/** A USDZ as tinyusdz understood it. */
export interface ReadUsdz extends Pick<Understood, 'materials' | 'names'> {
  scene: Scene;
}

const longestJson = 256 << 20;

/** Reads a USDZ with tinyusdz, a USD reader written by others, in a process of its own. */
export async function usdzByTinyUsdz(usdz: Uint8Array): Promise<ReadUsdz> {
  const folder = await mkdtemp(join(tmpdir(), 'usdz-'));
  try {
    const file = join(folder, 'model.usdz');
    await writeFile(file, usdz);
    const reader = join(process.cwd(), 'libs', 'mesh', 'test', 'tinyusdz-reader.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [reader, file], { maxBuffer: longestJson });
    const { meshes, materials, names } = JSON.parse(stdout) as Understood;
    return { scene: sceneOf(meshes), materials, names };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function sceneOf(meshes: Understood['meshes']): Scene {
  return aSceneOf(
    meshes.map(({ name, points, indices, material, normals, texcoords }) => ({
      name,
      positions: floats(points),
      indices: new Uint32Array(bytes(indices)),
      normals: normals ? floats(normals) : null,
      uvs: texcoords ? floats(texcoords).map((value, i) => (i % 2 === 1 ? 1 - value : value)) : null,
      material: String(material),
    })),
  );
}

const floats = (base64: string): Float32Array => new Float32Array(bytes(base64));
const bytes = (base64: string): ArrayBuffer => new Uint8Array(Buffer.from(base64, 'base64')).buffer;
