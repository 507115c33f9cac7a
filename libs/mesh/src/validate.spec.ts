import { aGlbOf, aTriangle, triangleBytes } from '../test/a-glb.js';
import { aPbrModel, aTreeModel } from '../test/models.js';
import { writeGlb } from './glb/glb.js';
import { validateGlb } from './validate.js';

describe('validating a GLB', () => {
  it('finds nothing wrong with sound models', async () => {
    expect(await validateGlb(await writeGlb(await aTreeModel()))).toEqual({ errors: 0, warnings: 0, messages: [] });
    const { errors, messages } = await validateGlb(await writeGlb(await aPbrModel()));
    expect([errors, messages.map(({ code }) => code)]).toEqual([0, ['MESH_PRIMITIVE_GENERATED_TANGENT_SPACE']]);
  });

  it('points at what is wrong', async () => {
    const report = await validateGlb(aGlbOf(aTriangle(), triangleBytes([0, 1, 9])));
    expect(report.errors).toBeGreaterThan(0);
    expect(report.messages).toContainEqual(
      expect.objectContaining({ code: 'ACCESSOR_INDEX_OOB', pointer: expect.stringContaining('/indices') }),
    );
  });

  it('never fetches what a file points to', async () => {
    const report = await validateGlb(aGlbOf(aTriangle({ buffers: [{ byteLength: 44, uri: '../secret.bin' }] })));
    expect(report.messages).toContainEqual(expect.objectContaining({ code: 'IO_ERROR' }));
  });

  it('stops where a fault is counted for every pair of elements', async () => {
    const [position, corners] = aTriangle().accessors!;
    const times = { ...corners!, componentType: 5126 as const, bufferView: 0, count: 1 };
    const channel = { sampler: 0, target: { node: 0, path: 'translation' as const } };
    const animations = [
      { samplers: [{ input: 2, output: 0 }], channels: Array.from({ length: 2_000 }, () => channel) },
    ];
    const moving = aTriangle({ accessors: [position!, corners!, times], animations });
    const { errors, messages } = await validateGlb(aGlbOf(moving, triangleBytes()));
    expect(errors).toBeGreaterThan(1_000);
    expect(errors).toBeLessThanOrEqual(2_000);
    expect(messages).toHaveLength(100);
  });

  it('reports bytes that are no GLB as an error', async () => {
    expect((await validateGlb(Buffer.from('not a model'))).errors).toBeGreaterThan(0);
  });
});
