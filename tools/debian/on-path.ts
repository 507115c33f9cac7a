import { existsSync } from 'node:fs';
import path from 'node:path';

/** The file that a program's name stands for on this machine. */
export function onPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.map((folder) => path.join(folder, program)).find((file) => existsSync(file));
}
