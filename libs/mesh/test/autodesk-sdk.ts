import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** The Autodesk FBX SDK comes inside the binary of FBX2glTF, which exists for Linux on x86-64 only. */
export const sdkRunsHere = process.platform === 'linux' && process.arch === 'x64';

/** Reads an FBX with the Autodesk FBX SDK and gives back what it understood, as a GLB. */
export async function readByAutodeskSdk(fbx: Uint8Array): Promise<Uint8Array> {
  const entry = createRequire(join(process.cwd(), 'package.json')).resolve('fbx2gltf/package.json');
  const program = join(dirname(entry), 'bin', 'Linux', 'FBX2glTF');
  await chmod(program, 0o755);
  const folder = await mkdtemp(join(tmpdir(), 'fbx-'));
  try {
    await writeFile(join(folder, 'model.fbx'), fbx);
    await promisify(execFile)(program, ['-b', '-i', 'model.fbx', '-o', 'model.glb'], { cwd: folder });
    return await readFile(join(folder, 'model.glb'));
  } finally {
    await rm(folder, { recursive: true });
  }
}
