import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** The folders below an unpacked root in which Debian keeps shared libraries. */
export function librariesIn(root: string): string[] {
  return ['usr/lib', 'lib']
    .map((name) => path.join(root, name))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)))
    .filter((folder) => folder.endsWith('-linux-gnu'));
}

/** The variable that lets a program from an unpacked root find them; nothing where there are none, since "" means the working folder. */
export function libraryPath(root: string): { LD_LIBRARY_PATH?: string } {
  const folders = librariesIn(root);
  return folders.length > 0 ? { LD_LIBRARY_PATH: folders.join(path.delimiter) } : {};
}
