/**
 * The connected part every triangle belongs to, as a number shared by its triangles. Triangles are given by vertex numbers
 * below `vertices`, three each; those that share a vertex are connected.
 */
export function partsOf(corners: ArrayLike<number>, vertices: number): Uint32Array {
  const parent = Uint32Array.from({ length: vertices }, (_, i) => i);
  const rootOf = (vertex: number): number => {
    let at = vertex;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  for (let i = 0; i + 2 < corners.length; i += 3) {
    const root = rootOf(corners[i]!);
    parent[rootOf(corners[i + 1]!)] = root;
    parent[rootOf(corners[i + 2]!)] = root;
  }
  const parts = new Uint32Array(corners.length / 3);
  for (let triangle = 0; triangle < parts.length; triangle++) parts[triangle] = rootOf(corners[3 * triangle]!);
  return parts;
}
