import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partsOf } from './file-parts.client.js';

let folder: string;
let path: string;
const content = randomBytes(2500);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parts-'));
  path = join(folder, 'file');
});
beforeEach(() => writeFile(path, content));
afterAll(() => rm(folder, { recursive: true }));

async function collect(size: number, partBytes: number): Promise<Buffer[]> {
  const parts: Buffer[] = [];
  for await (const { number, bytes } of partsOf(path, size, partBytes)) {
    parts.push(Buffer.from(bytes));
    expect(number).toBe(parts.length);
  }
  return parts;
}

describe('the parts of a file', () => {
  it.each([
    [1000, [1000, 1000, 500]],
    [1250, [1250, 1250]],
    [2500, [2500]],
    [9999, [2500]],
  ])('of %d bytes each are the file', async (partBytes, sizes) => {
    const parts = await collect(content.length, partBytes);
    expect(parts.map(({ length }) => length)).toEqual(sizes);
    expect(Buffer.concat(parts).equals(content)).toBe(true);
  });

  it('are refused when the file has another size', async () => {
    await expect(collect(2499, 1000)).rejects.toThrow('has 2500 bytes instead of 2499');
  });

  it('are refused when the file shrinks on the way', async () => {
    const parts = partsOf(path, content.length, 1000);
    await parts.next();
    await truncate(path, 1500);
    await expect(parts.next()).rejects.toThrow('became shorter');
  });
});
