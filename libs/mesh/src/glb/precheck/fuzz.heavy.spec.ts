import fc from 'fast-check';
import { soundFiles } from '../../../test/corpus.js';
import { aMutatedGlb } from '../../../test/mutated-glb.js';
import { sceneOf } from '../../scene/reading/scene-of.js';
import { measureMesh } from '../../statistics/measure-mesh.js';
import { readGlb } from '../glb.js';
import { precheckGlb } from './precheck.js';

/** `FUZZ_RUNS` and `FUZZ_SEED` make it longer and different; what fails is kept in `libs/mesh/corpus`. */
const runs = Number(process.env.FUZZ_RUNS ?? 2_000);
const seed = Number(process.env.FUZZ_SEED ?? 5);
const deadlineMs = 2_000;
const memoryBytes = 768 * 1024 ** 2; // a Jest worker clears its memory late

/** What becomes of a file: the code of its refusal, or `read`. Anything else that is thrown goes through. */
async function fateOf(bytes: Uint8Array): Promise<string> {
  try {
    await precheckGlb(bytes);
    measureMesh(await sceneOf(await readGlb(bytes)));
    return 'read';
  } catch (error) {
    if (error instanceof Error && error.name === 'MeshError') return (error as Error & { code: string }).code;
    throw error;
  }
}

describe('a damaged GLB', () => {
  it(
    'is read or refused, in time and in bounded memory, whatever the damage',
    async () => {
      const before = process.memoryUsage().rss;
      const fates = new Map<string, number>();
      const property = fc.asyncProperty(aMutatedGlb(soundFiles()), async ({ bytes }) => {
        const start = performance.now();
        const fate = await fateOf(bytes);
        fates.set(fate, (fates.get(fate) ?? 0) + 1);
        expect(performance.now() - start).toBeLessThan(deadlineMs);
      });
      await fc.assert(property, { numRuns: runs, seed });
      expect(process.memoryUsage().rss - before).toBeLessThan(memoryBytes);
      // the mutations reach both behind the checks and into them
      expect(fates.get('read')).toBeGreaterThan(runs / 20);
      expect(fates.get('invalid_glb')).toBeGreaterThan(runs / 20);
    },
    runs * 50 + 30_000,
  );
});
