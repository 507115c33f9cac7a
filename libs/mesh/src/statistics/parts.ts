/** How many separate pieces triangles form that are given by vertex numbers below `vertices` (three per triangle). */
export function countParts(corners: ArrayLike<number>, vertices: number): number {
  const parent = Int32Array.from({ length: vertices }, (_, i) => i);
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
  const roots = new Set<number>();
  for (let i = 0; i < corners.length; i++) roots.add(rootOf(corners[i]!));
  return roots.size;
}
