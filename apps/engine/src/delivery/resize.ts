import { bakedMeshes, type Document, sceneOf } from '#mesh';

/**
 * Scales a model about its origin, in place, so that its longest side has this length. Metres are what glTF measures in. Nothing
 * happens to a model without extent.
 */
export async function resizeTo(document: Document, metres: number): Promise<void> {
  const longest = await longestSideOf(document);
  if (longest === 0) return;
  const factor = metres / longest;
  const root = document.getRoot();
  const scene = root.getDefaultScene() ?? root.listScenes()[0]!;
  const nodes = scene.listChildren();
  if (root.listAnimations().length > 0) {
    // an animation sets what its nodes had: one above them is not its business
    const above = document.createNode('resized').setScale([factor, factor, factor]);
    for (const node of nodes) above.addChild(node);
    scene.addChild(above);
    return;
  }
  for (const node of nodes) {
    node.setTranslation(times(node.getTranslation(), factor)).setScale(times(node.getScale(), factor));
  }
}

type Triple = [number, number, number];
const times = ([x, y, z]: Triple, factor: number): Triple => [x * factor, y * factor, z * factor];

async function longestSideOf(document: Document): Promise<number> {
  const [low, high] = [
    [Infinity, Infinity, Infinity],
    [-Infinity, -Infinity, -Infinity],
  ] as const satisfies Triple[];
  for (const { positions } of bakedMeshes(await sceneOf(document))) {
    for (let i = 0; i < positions.length; i++) {
      const axis = i % 3;
      low[axis] = Math.min(low[axis]!, positions[i]!);
      high[axis] = Math.max(high[axis]!, positions[i]!);
    }
  }
  return Math.max(0, ...high.map((value, axis) => value - low[axis]!));
}
