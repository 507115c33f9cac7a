import { aGlbOf, aTriangle, triangleBytes } from '../../../test/a-glb.js';
import { cpuMsOf } from '../../../test/cpu-time.js';
import { maxElements, maxJsonBytes, maxJsonContainers, maxJsonMembers, maxNodeDepth } from './limits.js';
import { precheckGlb } from './precheck.js';
import type { GlbSource } from './source.js';

const mebibyte = 1024 ** 2;

/** A GLB whose BIN chunk is never stored: zeros, and what `at` says about some of its bytes. */
class VirtualGlb implements GlbSource {
  readonly size: number;
  largestRead = 0;
  private readonly head: Uint8Array;

  constructor(
    json: object,
    binaryBytes: number,
    private readonly at: ReadonlyMap<number, number> = new Map(),
  ) {
    const glb = aGlbOf(json, new Uint8Array(4));
    const view = new DataView(glb.buffer);
    this.head = glb.subarray(0, glb.length - 4);
    this.size = this.head.length + binaryBytes;
    view.setUint32(8, this.size, true);
    view.setUint32(this.head.length - 8, binaryBytes, true);
  }

  read(offset: number, length: number): Uint8Array {
    this.largestRead = Math.max(this.largestRead, length);
    const bytes = new Uint8Array(length);
    bytes.set(this.head.subarray(offset, offset + length));
    for (const [place, value] of this.at) {
      const index = this.head.length + place - offset;
      if (index >= 0 && index < length) bytes[index] = value;
    }
    return bytes;
  }
}

/** 16 million vertices and 1 million triangles in 204 MiB. */
const vertices = 16 * mebibyte;
const large = aTriangle({
  buffers: [{ byteLength: 204 * mebibyte }],
  bufferViews: [
    { buffer: 0, byteLength: 192 * mebibyte },
    { buffer: 0, byteOffset: 192 * mebibyte, byteLength: 12 * mebibyte },
  ],
  accessors: [
    { bufferView: 0, componentType: 5126, count: vertices, type: 'VEC3', min: [0, 0, 0], max: [0, 0, 0] },
    { bufferView: 1, componentType: 5125, count: 3 * mebibyte, type: 'SCALAR' },
  ],
});

describe('the pre-check of a large GLB', () => {
  it('looks at every value and reads a megabyte at a time', async () => {
    const glb = new VirtualGlb(large, 204 * mebibyte);
    await precheckGlb(glb);
    expect(glb.largestRead).toBeLessThanOrEqual(mebibyte);
  });

  it.each([
    [
      'a position that is no number, the last one',
      192 * mebibyte - 2,
      0x80,
      192 * mebibyte - 1,
      0x7f,
      'Mesh 0 has a position',
    ],
    [
      'an index beyond the vertices, the last one',
      204 * mebibyte - 1,
      0x01,
      0,
      0,
      'Mesh 0 names vertex 16777216 of 16777216',
    ],
  ])('finds %s', async (_, at, value, nextAt, next, message) => {
    const damage = new Map([
      [at, value],
      [nextAt, next],
    ]);
    await expect(precheckGlb(new VirtualGlb(large, 204 * mebibyte, damage))).rejects.toThrow(message);
  });

  it('can leave the values to whoever decodes them', async () => {
    const damaged = new VirtualGlb(large, 204 * mebibyte, new Map([[204 * mebibyte - 1, 0xff]]));
    await expect(precheckGlb(damaged, { values: false })).resolves.toBeUndefined();
  });

  it('is refused when the source ends early', async () => {
    const glb = aGlbOf(aTriangle(), triangleBytes());
    const source = {
      size: glb.length,
      read: (offset: number, length: number) => glb.slice(offset, offset + length - 1),
    };
    await expect(precheckGlb(source)).rejects.toMatchObject({ code: 'invalid_glb' });
  });
});

const nodes = (count: number, about: (index: number) => object = () => ({})): object =>
  aTriangle({ nodes: Array.from({ length: count }, (_, index) => about(index)), scenes: [{ nodes: [0] }] });

const document = (rest: string): string => `{"asset":{"version":"2.0"},"extras":${rest}}`;

describe('the limits of the pre-check', () => {
  it.each<[string, string | object, string]>([
    ['JSON of more than 4 MiB', document(`"${' '.repeat(maxJsonBytes)}"`), `${maxJsonBytes} are allowed`],
    ['200 KB of nested lists', document('['.repeat(200_000)), '64 are allowed'],
    ['lists hidden behind escaped quotes', document(`"\\\\",${'['.repeat(100)}`), '64 are allowed'],
    ['empty objects by the million', document(`[${'{},'.repeat(1_300_000)}0]`), `${maxJsonContainers} are allowed`],
    ['members by the million', document(`{${'"":0,'.repeat(610_000)}"":0}`), `${maxJsonMembers} are allowed`],
    ['too many nodes', nodes(maxElements.nodes + 1), `${maxElements.nodes} are allowed`],
    [
      'nodes too deep',
      nodes(maxNodeDepth + 1, (at) => (at < maxNodeDepth ? { children: [at + 1] } : {})),
      `${maxNodeDepth} are allowed`,
    ],
    [
      'many scenes that name the same nodes',
      aTriangle({
        nodes: Array.from({ length: 2_000 }, () => ({})),
        scenes: Array.from({ length: 64 }, () => ({ nodes: Array.from({ length: 2_000 }, (_, node) => node) })),
      }),
      `${maxElements.nodes} nodes, the most allowed`,
    ],
    [
      'too many pictures',
      aTriangle({ images: Array.from({ length: 513 }, () => ({ uri: 'data:' })) }),
      '512 are allowed',
    ],
  ])('refuse %s in time', async (_, json, message) => {
    const glb = aGlbOf(json, triangleBytes());
    const refusal = { code: 'too_large', message: expect.stringContaining(message) };
    const cpuMs = await cpuMsOf(() => expect(precheckGlb(glb)).rejects.toMatchObject(refusal));
    expect(cpuMs).toBeLessThan(1_000);
  });

  it('allow brackets in names, and 256 levels of nodes', async () => {
    const named = aTriangle({ nodes: [{ mesh: 0, name: `"\\${'['.repeat(1000)}` }] });
    await expect(precheckGlb(aGlbOf(named, triangleBytes()))).resolves.toBeUndefined();
    const deep = nodes(maxNodeDepth, (at) => (at < maxNodeDepth - 1 ? { children: [at + 1] } : { mesh: 0 }));
    await expect(precheckGlb(aGlbOf(deep, triangleBytes()))).resolves.toBeUndefined();
  });
});
