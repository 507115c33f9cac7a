/** A picture of one channel: how much of each cell belongs to the object, 0..1. */
export interface Mask {
  width: number;
  height: number;
  cells: Float32Array;
}

/** Holes smaller than this share of the picture are pinholes. */
const pinhole = 0.0008;

/** The same mask without pinholes and without blobs smaller than `crumb` of the largest one. Cells of 0.5 and more are inside. */
export function cleanMask(mask: Mask, crumb = 0.05): Mask {
  const { labels, regions } = connectedRegions(mask);
  const largest = Math.max(0, ...regions.map(({ inside, size }) => (inside ? size : 0)));
  const cells = mask.cells.map((cell, index) => {
    const { inside, size } = regions[labels[index]!]!;
    if (inside) return size < crumb * largest ? 0 : cell;
    return size < pinhole * mask.cells.length ? 1 : cell;
  });
  return { ...mask, cells };
}

interface Region {
  inside: boolean;
  size: number;
}

/** Splits a mask into 4-connected regions of inside and outside cells. */
function connectedRegions({ width, height, cells }: Mask): { labels: Int32Array; regions: Region[] } {
  const labels = new Int32Array(cells.length).fill(-1);
  const regions: Region[] = [];
  const stack: number[] = [];
  for (let start = 0; start < cells.length; start++) {
    if (labels[start] !== -1) continue;
    const region: Region = { inside: cells[start]! >= 0.5, size: 0 };
    const label = regions.push(region) - 1;
    const visit = (cell: number): void => {
      if (labels[cell] !== -1 || cells[cell]! >= 0.5 !== region.inside) return;
      labels[cell] = label;
      region.size++;
      stack.push(cell);
    };
    visit(start);
    while (stack.length > 0) {
      const cell = stack.pop()!;
      const x = cell % width;
      if (x > 0) visit(cell - 1);
      if (x < width - 1) visit(cell + 1);
      if (cell >= width) visit(cell - width);
      if (cell < width * (height - 1)) visit(cell + width);
    }
  }
  return { labels, regions };
}

/** A Gaussian blur that repeats the edge cells outwards; `radius` is two standard deviations, in cells. */
export function blur({ width, height, cells }: Mask, radius: number): Mask {
  const weights = Float32Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp((-2 * (i - radius) ** 2) / radius ** 2),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const pass = (from: Float32Array, count: number, stride: number, lines: number, lineStride: number): Float32Array => {
    const to = new Float32Array(from.length);
    for (let line = 0; line < lines; line++) {
      for (let i = 0; i < count; i++) {
        let value = 0;
        for (let k = -radius; k <= radius; k++) {
          const at = Math.min(count - 1, Math.max(0, i + k));
          value += weights[k + radius]! * from[line * lineStride + at * stride]!;
        }
        to[line * lineStride + i * stride] = value / sum;
      }
    }
    return to;
  };
  const rows = pass(cells, width, 1, height, width);
  return { width, height, cells: pass(rows, height, width, width, 1) };
}
