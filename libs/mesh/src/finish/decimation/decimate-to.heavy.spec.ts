import fc from 'fast-check';
import { aModel } from '../../../test/any-model.js';
import { readGlb, writeGlb } from '../../glb/glb.js';
import { sceneOf } from '../../scene/reading/scene-of.js';
import { measureMesh } from '../../statistics/measure-mesh.js';
import { validateGlb } from '../../validate.js';
import { finishModel } from '../finish-model.js';

const runs = Number(process.env.FUZZ_RUNS ?? 15);
const seed = Number(process.env.FUZZ_SEED ?? 5);

const aTarget = fc.oneof(fc.constant(4), fc.integer({ min: 4, max: 60 }), fc.integer({ min: 4, max: 2_000 }));

describe('a budget of triangles', () => {
  it(
    'is never exceeded, and never leaves nothing, whatever the model and the budget',
    async () => {
      const property = fc.asyncProperty(aModel, aTarget, async (doc, target) => {
        const before = measureMesh(await sceneOf(doc));
        fc.pre(before.area > 0);
        await finishModel(doc, { targetPolycount: target });
        const glb = await writeGlb(doc);
        const after = measureMesh(await sceneOf(await readGlb(glb)));
        expect(after.triangles).toBeLessThanOrEqual(Math.min(target, before.triangles));
        expect(after.triangles).toBeGreaterThan(0);
        expect(await validateGlb(glb)).toMatchObject({ errors: 0 });
        await finishModel(doc, { targetPolycount: target });
        expect(measureMesh(await sceneOf(doc)).triangles).toBe(after.triangles);
      });
      await fc.assert(property, { numRuns: runs, seed, endOnFailure: true });
    },
    runs * 1_000 + 30_000,
  );
});
