import { hostileFiles, soundFiles } from '../../../test/corpus.js';
import { cpuMsOf } from '../../../test/cpu-time.js';
import { sceneOf } from '../../scene/reading/scene-of.js';
import { measureMesh } from '../../statistics/measure-mesh.js';
import { readGlb } from '../glb.js';
import { precheckGlb } from './precheck.js';

/** Found out by the pre-check or, where it is hidden in compressed data or a matter of taste, by what reads on. */
const read = async (bytes: Uint8Array) => {
  await precheckGlb(bytes);
  return measureMesh(await sceneOf(await readGlb(bytes)));
};

describe('the corpus', () => {
  it('has small files only', () => {
    for (const { bytes } of [...soundFiles(), ...hostileFiles()]) expect(bytes.length).toBeLessThanOrEqual(4096);
  });

  it.each(soundFiles().map(({ name, bytes }) => [name, bytes] as const))(
    'is read where it is sound: %s',
    async (_, bytes) => {
      expect((await read(bytes)).triangles).toBeGreaterThan(0);
    },
  );

  it.each(hostileFiles().map(({ code, name, bytes }) => [code, name, bytes] as const))(
    'is refused where it is hostile: %s, %s',
    async (code, _, bytes) => {
      const refusal = { name: 'MeshError', code };
      const refused = () => cpuMsOf(() => expect(read(bytes)).rejects.toMatchObject(refusal));
      await refused(); // what is done only once, as compiling a decoder, is not the file's cost
      expect(Math.min(await refused(), await refused())).toBeLessThan(1_000);
    },
  );

  it('leaves the prototypes of this process alone', async () => {
    for (const { bytes } of soundFiles()) await read(bytes);
    expect({}).not.toHaveProperty('polluted');
  });
});
