import type { Lab } from '../reference/oklab.js';

/** A set of colours as a sum of Gaussians; `-log` of its density at a colour tells how badly the colour fits. */
export interface ColourMixture {
  components: Gaussian[];
}

interface Gaussian {
  /** Minus the log of weight and normalisation: the cost of the mean itself. */
  base: number;
  mean: Lab;
  /** Upper triangle of the inverse covariance: xx, xy, xz, yy, yz, zz. */
  inverse: readonly number[];
}

const componentCount = 5;
/** Keeps a component of one single colour from becoming infinitely sharp. */
const leastVariance = 2e-4;

/** The cost of a colour under the component that fits it best. */
export function costOf(mixture: ColourMixture, colour: Lab): number {
  return Math.min(...mixture.components.map((component) => componentCost(component, colour)));
}

/** Splits colours into groups around spread-out centres (k-means, centres chosen farthest first: no chance involved). */
export function fitMixture(colours: readonly Lab[]): ColourMixture {
  let centres = spreadCentres(colours);
  let groups = groupBy(colours, (colour) => nearest(centres, colour));
  for (let pass = 0; pass < 6; pass++) {
    centres = groups.map(meanOf);
    groups = groupBy(colours, (colour) => nearest(centres, colour));
  }
  return mixtureOf(groups, colours.length);
}

/** The same colours again, each now with the component that explained it best (one step of GrabCut's learning). */
export function refitMixture(mixture: ColourMixture, colours: readonly Lab[]): ColourMixture {
  const groups = groupBy(colours, (colour) => {
    const costs = mixture.components.map((component) => componentCost(component, colour));
    return costs.indexOf(Math.min(...costs));
  });
  return mixtureOf(groups, colours.length);
}

function componentCost({ base, mean, inverse }: Gaussian, colour: Lab): number {
  const [x, y, z] = [colour[0] - mean[0], colour[1] - mean[1], colour[2] - mean[2]];
  const [xx, xy, xz, yy, yz, zz] = inverse as [number, number, number, number, number, number];
  return base + 0.5 * (xx * x * x + yy * y * y + zz * z * z) + xy * x * y + xz * x * z + yz * y * z;
}

function mixtureOf(groups: readonly Lab[][], total: number): ColourMixture {
  return { components: groups.filter((group) => group.length > 0).map((group) => gaussianOf(group, total)) };
}

function gaussianOf(group: readonly Lab[], total: number): Gaussian {
  const mean = meanOf(group);
  const spread = (i: number, j: number): number =>
    group.reduce((sum, colour) => sum + (colour[i]! - mean[i]!) * (colour[j]! - mean[j]!), 0) / group.length;
  const [a, b, c] = [spread(0, 0) + leastVariance, spread(0, 1), spread(0, 2)];
  const [d, e, f] = [spread(1, 1) + leastVariance, spread(1, 2), spread(2, 2) + leastVariance];
  const determinant = a * (d * f - e * e) - b * (b * f - c * e) + c * (b * e - c * d);
  const inverse = [d * f - e * e, c * e - b * f, b * e - c * d, a * f - c * c, b * c - a * e, a * d - b * b].map(
    (minor) => minor / determinant,
  );
  return { base: 0.5 * Math.log(determinant) - Math.log(group.length / total), mean, inverse };
}

function meanOf(group: readonly Lab[]): Lab {
  const sum: Lab = [0, 0, 0];
  for (const colour of group) for (let k = 0; k < 3; k++) sum[k]! += colour[k]!;
  return sum.map((value) => value / Math.max(1, group.length)) as Lab;
}

function spreadCentres(colours: readonly Lab[]): Lab[] {
  const centres = [colours[0] ?? [0, 0, 0]];
  while (centres.length < componentCount) {
    let [farthest, distance] = [centres[0]!, -1];
    for (const colour of colours) {
      const gap = Math.min(...centres.map((centre) => squared(centre, colour)));
      if (gap > distance) [farthest, distance] = [colour, gap];
    }
    centres.push(farthest);
  }
  return centres;
}

function nearest(centres: readonly Lab[], colour: Lab): number {
  let [index, least] = [0, Infinity];
  centres.forEach((centre, i) => {
    const gap = squared(centre, colour);
    if (gap < least) [index, least] = [i, gap];
  });
  return index;
}

function groupBy(colours: readonly Lab[], indexOf: (colour: Lab) => number): Lab[][] {
  const groups: Lab[][] = Array.from({ length: componentCount }, () => []);
  for (const colour of colours) groups[indexOf(colour)]?.push(colour);
  return groups;
}

const squared = (one: Lab, other: Lab): number =>
  (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2;
