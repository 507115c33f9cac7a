import { bakedMeshes, type Document, readGlb, sceneOf, writeGlb } from '#mesh';
import { documentOf } from '../reference/gltf.js';
import { resizeTo } from './resize.js';

/** Two triangles that lie apart: 4 wide, 2 high, 0 deep. */
const aModel = (): Document =>
  documentOf('flags', [
    {
      name: 'flag',
      positions: Float32Array.from([-2, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 0, 0, 2, 1, 0]),
      normals: Float32Array.from(Array.from({ length: 6 }, () => [0, 0, 1]).flat()),
      triangles: Uint32Array.from([0, 1, 2, 3, 4, 5]),
      finish: { name: 'red', colour: '#ff0000', metallic: 0, roughness: 1 },
    },
  ]);

const placesOf = async (document: Document): Promise<number[]> => {
  const scene = await sceneOf(await readGlb(await writeGlb(document)));
  return [...bakedMeshes(scene)].flatMap(({ positions }) => [...positions]);
};

/** Turns the root by a quarter about x, moves it, and has an animation move it further. */
function moved(document: Document, animated: boolean): Document {
  const root = document.getRoot();
  const node = root.listScenes()[0]!.listChildren()[0]!;
  node.setTranslation([1, 2, 3]).setRotation([Math.SQRT1_2, 0, 0, Math.SQRT1_2]);
  if (!animated) return document;
  const values = (array: Float32Array, type: 'SCALAR' | 'VEC3') =>
    document.createAccessor().setType(type).setArray(array).setBuffer(root.listBuffers()[0]!);
  const sampler = document
    .createAnimationSampler()
    .setInput(values(Float32Array.of(0, 1), 'SCALAR'))
    .setOutput(values(Float32Array.of(0, 0, 0, 9, 0, 0), 'VEC3'));
  const channel = document
    .createAnimationChannel()
    .setTargetNode(node)
    .setTargetPath('translation')
    .setSampler(sampler);
  document.createAnimation('move').addSampler(sampler).addChannel(channel);
  return document;
}

describe('a model of another size', () => {
  it.each([false, true])('is the same one, scaled about the origin (animated: %s)', async (animated) => {
    const document = moved(aModel(), animated);
    const before = await placesOf(document);
    await resizeTo(document, 0.1);
    const after = await placesOf(document);
    expect(after).toEqual(before.map((value) => expect.closeTo(value * 0.025, 6) as number));
  });

  it('leaves what an animation sets to it', async () => {
    const document = moved(aModel(), true);
    await resizeTo(document, 0.1);
    const scene = document.getRoot().listScenes()[0]!;
    const [above] = scene.listChildren();
    expect([scene.listChildren().length, above!.getName()]).toEqual([1, 'resized']);
    expect(above!.listChildren()[0]!.getTranslation()).toEqual([1, 2, 3]);
  });

  it('is as it was where it has no extent', async () => {
    const point = aModel();
    const positions = point.getRoot().listMeshes()[0]!.listPrimitives()[0]!.getAttribute('POSITION')!;
    positions.setArray(new Float32Array(18));
    await resizeTo(point, 1);
    expect(point.getRoot().listNodes()[0]!.getScale()).toEqual([1, 1, 1]);
  });
});
