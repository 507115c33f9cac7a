import type { GLTF } from '@gltf-transform/core';
import createAssimp from 'assimpjs';
import { aGlbOf } from './a-glb.js';

type Files = Record<string, Uint8Array>;

/** Reads the first file with assimp, a reader written by others, and writes it to GLB; pictures are left out. */
export async function geometryByAssimp(files: Files): Promise<Uint8Array> {
  const bytes = Buffer.from(await convertedByAssimp(files, 'glb2'));
  const end = 20 + bytes.readUInt32LE(12);
  const json = JSON.parse(bytes.toString('utf8', 20, end)) as GLTF.IGLTF;
  delete json.images;
  delete json.textures;
  json.materials = json.materials?.map(({ name }) => ({ name }));
  return aGlbOf(json, bytes.subarray(end + 8));
}

/** What assimp understood of the materials of the first file. */
export interface AssimpMaterials {
  /** Properties by name, for every material; those of a texture slot end in the number of the slot. */
  materials: Record<string, unknown>[];
  /** Embedded pictures. */
  pictures: Buffer[];
}

export async function materialsByAssimp(files: Files): Promise<AssimpMaterials> {
  const json = JSON.parse(Buffer.from(await convertedByAssimp(files, 'assjson')).toString()) as {
    materials: { properties: { key: string; semantic: number; value: unknown }[] }[];
    textures?: { data: string }[];
  };
  return {
    materials: json.materials.map(({ properties }) =>
      Object.fromEntries(properties.map(({ key, semantic, value }) => [semantic ? `${key} ${semantic}` : key, value])),
    ),
    pictures: (json.textures ?? []).map(({ data }) => Buffer.from(data, 'base64')),
  };
}

async function convertedByAssimp(files: Files, format: 'glb2' | 'assjson'): Promise<Uint8Array> {
  const assimp = await createAssimp();
  const list = new assimp.FileList();
  for (const [name, content] of Object.entries(files)) list.AddFile(name, content);
  const result = assimp.ConvertFileList(list, format);
  if (!result.IsSuccess()) throw new Error(`assimp cannot read it: ${result.GetErrorCode()}`);
  return result.GetFile(0).GetContent();
}
