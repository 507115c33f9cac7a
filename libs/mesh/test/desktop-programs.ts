import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const longestOutput = 16 << 20;

/** Whether a program can be started by its name. */
export const isInstalled = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

/** What Blender understood of a file. */
export interface BlenderReport {
  triangles: number;
  volume: number;
  /** Blender's own axes: Z up. */
  min: number[];
  max: number[];
  /** Names of the objects. */
  names: string[];
  uvs: boolean;
  colours: boolean;
  materials: { name: string; pictures: Record<string, string> }[];
  /** Width and height by name. */
  pictures: Record<string, number[]>;
}

/** Lets Blender import a file, with others beside it. */
export async function readByBlender(file: string, files: Record<string, Uint8Array>): Promise<BlenderReport> {
  return inFolder(files, async (folder) => {
    const script = join(process.cwd(), 'libs', 'mesh', 'test', 'blender', 'report.py');
    const options = ['-b', '--factory-startup', '-noaudio', '-P', script, '--', join(folder, file)];
    const { stdout } = await run('blender', options, { maxBuffer: longestOutput });
    const line = stdout.split('\n').find((one) => one.startsWith('REPORT '));
    if (!line) throw new Error(`Blender cannot read it: ${stdout.slice(-2_000)}`);
    return JSON.parse(line.slice('REPORT '.length)) as BlenderReport;
  });
}

/** What PrusaSlicer says of the objects in a file. */
export interface SlicerReport {
  /** Whether every object is closed. */
  manifold: boolean;
  triangles: number;
  /** In the unit of the file, cubed. */
  volume: number;
  /** x, y and z of the last object, in the unit of the file. */
  size: number[];
}

/** Lets PrusaSlicer look at a file (`--info`). */
export async function infoByPrusaSlicer(file: string, files: Record<string, Uint8Array>): Promise<SlicerReport> {
  return inFolder(files, async (folder) => {
    const { stdout } = await run('prusa-slicer', ['--info', join(folder, file)], { maxBuffer: longestOutput });
    const all = (key: string): string[] =>
      [...stdout.matchAll(new RegExp(`^${key} = (.+)$`, 'gm'))].map(([, value]) => value!);
    const sum = (key: string): number => all(key).reduce((total, value) => total + Number(value), 0);
    return {
      manifold: all('manifold').length > 0 && all('manifold').every((value) => value === 'yes'),
      triangles: sum('number_of_facets'),
      volume: sum('volume'),
      size: ['size_x', 'size_y', 'size_z'].map((key) => Number(all(key).at(-1))),
    };
  });
}

async function inFolder<T>(files: Record<string, Uint8Array>, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'model-'));
  try {
    for (const [name, data] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), data);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
