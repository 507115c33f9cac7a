import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { draco, meshopt } from '@gltf-transform/functions';
import { MeshoptEncoder } from 'meshoptimizer';
import { writeGlb } from '#mesh';
import { aBigModel, aPbrModel } from '../../../libs/mesh/test/models.js';

/** How a model is packed. */
export const packings = ['plain', 'draco', 'meshopt'] as const;
export type Packing = (typeof packings)[number];

/** `big`: 200,704 triangles with two pictures, what the targets are about; `small`: 3,968 triangles with every map. */
export const sources = { big: aBigModel, small: aPbrModel };
export type Source = keyof typeof sources;

/** A test model as GLB. */
export async function packed(source: Source, packing: Packing): Promise<Uint8Array> {
  const doc = await sources[source]();
  if (packing === 'draco') await doc.transform(draco());
  if (packing === 'meshopt') await doc.transform(meshopt({ encoder: MeshoptEncoder, level: 'medium' }));
  return writeGlb(doc);
}

/** Writes a model in every packing to a folder. */
export async function writeModels(source: Source, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const packing of packings) await writeFile(fileOf(folder, packing), await packed(source, packing));
}

export const readModel = (folder: string, packing: Packing): Promise<Uint8Array> => readFile(fileOf(folder, packing));

const fileOf = (folder: string, packing: Packing): string => path.join(folder, `${packing}.glb`);
