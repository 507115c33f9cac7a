import { type FileHandle, open, readFile } from 'node:fs/promises';
import { type GlbSource, MeshError, precheckGlb, readGlb, sceneOf, validateGlb } from '#mesh';
import { Refusal } from './refusal.js';

/** Larger models are only pre-checked: reading one takes several times its size of memory. The engine that uses it reads it anyway. */
const readUpToBytes = 32 * 1024 * 1024;

/**
 * What the validator finds wrong with single values is left to the reader, which refuses what it could not use: many programs write
 * normals that are not quite of unit length, and bounds that are rounded.
 */
const aboutValues = /^ACCESSOR_/;

/** Refuses a file that is no GLB, asks for too much, reaches outside itself, or cannot be read as a scene with something in it. */
export async function checkModel(path: string): Promise<void> {
  try {
    const size = await precheck(path);
    if (size <= readUpToBytes) await readWhole(path);
  } catch (error) {
    if (error instanceof MeshError) throw new Refusal(error.message);
    throw error;
  }
}

async function precheck(path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    await precheckGlb(sourceOf(file, size));
    return size;
  } finally {
    await file.close();
  }
}

const sourceOf = (file: FileHandle, size: number): GlbSource => ({
  size,
  read: async (offset, length) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  },
});

async function readWhole(path: string): Promise<void> {
  const bytes = await readFile(path);
  const { errors, messages } = await validateGlb(bytes);
  const wrong = messages.slice(0, errors).find(({ code }) => !aboutValues.test(code));
  if (wrong)
    throw new Refusal(`The GLB is not valid: ${wrong.message} (${wrong.code} at ${wrong.pointer || 'the file'})`);
  await sceneOf(await readGlb(bytes));
}
