import { labOf, type Lab } from '../reference/oklab.js';
import { costOf, fitMixture, refitMixture } from './colour-mixture.js';
import { GridCut, neighbourSteps } from './min-cut.js';
import type { Picture } from './picture.js';

/** The frame that is taken for background, as a share of each side; learning rounds; how dearly a cut through even colour costs. */
const frameShare = 0.04;
const rounds = 5;
const smoothness = 50;
/** A cost no sum of other costs reaches: this cell is background, whatever its colour. */
const certain = 1e6;
/** How many times likelier than its colour says the middle of a picture is to be object, as a logarithm; its corners the less. */
const centrality = 2;

/**
 * Finds the object in the middle of a picture with any background: GrabCut (Rother, Kolmogorov and Blake, 2004) started from
 * the picture's frame, and with a liking for the middle. Unlike OpenCV's it draws no random numbers, so that the same picture always gives the same cut.
 * Meant for pictures of 200 pixels or less. One byte a pixel, 1 for background.
 */
export function grabCut(picture: Picture): Uint8Array {
  const { width, height } = picture;
  const colours = Array.from({ length: width * height }, (_, pixel) => colourAt(picture, pixel));
  const frame = frameOf(width, height);
  const links = contrastLinks(width, height, colours);
  const centrals = centralness(width, height);
  let background: Uint8Array = frame;
  let [outer, inner] = split(colours, background).map(fitMixture) as [
    ReturnType<typeof fitMixture>,
    ReturnType<typeof fitMixture>,
  ];
  for (let round = 0; round < rounds; round++) {
    const [behind, front] = split(colours, background);
    if (front.length === 0) break;
    outer = refitMixture(outer, behind);
    inner = refitMixture(inner, front);
    const cut = new GridCut(width, height);
    cut.links.set(links);
    colours.forEach((colour, pixel) => {
      cut.terminals[pixel] = frame[pixel]
        ? certain
        : costOf(inner, colour) - costOf(outer, colour) - centrality * centrals[pixel]!;
    });
    background = cut.solve();
  }
  return background;
}

function split(colours: readonly Lab[], background: Uint8Array): [behind: Lab[], front: Lab[]] {
  return [colours.filter((_, pixel) => background[pixel]), colours.filter((_, pixel) => !background[pixel])];
}

/** The top and the sides of a picture; below, things stand on something or go on. */
function frameOf(width: number, height: number): Uint8Array {
  const [marginX, marginY] = [Math.ceil(width * frameShare), Math.ceil(height * frameShare)];
  return Uint8Array.from({ length: width * height }, (_, pixel) => {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    return x < marginX || y < marginY || x >= width - marginX ? 1 : 0;
  });
}

/** 1 in the middle of a picture, -1 from the middles of its sides outwards. */
function centralness(width: number, height: number): Float32Array {
  return Float32Array.from({ length: width * height }, (_, pixel) => {
    const [x, y] = [(2 * (pixel % width) + 1) / width - 1, (2 * Math.floor(pixel / width) + 1) / height - 1];
    return Math.max(-1, 1 - 2 * (x * x + y * y));
  });
}

/** Neighbours of like colour hold together; those of the average contrast and more come apart cheaply. */
function contrastLinks(width: number, height: number, colours: readonly Lab[]): Float32Array {
  const links = new Float32Array(width * height * 8);
  let [sum, count] = [0, 0];
  const eachLink = (visit: (link: number, contrast: number, length: number) => void): void => {
    colours.forEach((colour, pixel) => {
      const [x, y] = [pixel % width, Math.floor(pixel / width)];
      neighbourSteps.forEach(([dx, dy], direction) => {
        if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height) return;
        const other = colours[pixel + dy * width + dx]!;
        const contrast = (colour[0] - other[0]) ** 2 + (colour[1] - other[1]) ** 2 + (colour[2] - other[2]) ** 2;
        visit(pixel * 8 + direction, contrast, Math.hypot(dx, dy));
      });
    });
  };
  eachLink((_, contrast) => {
    sum += contrast;
    count++;
  });
  const sharpness = count / (2 * Math.max(1e-9, sum));
  eachLink((link, contrast, length) => {
    links[link] = (smoothness * Math.exp(-sharpness * contrast)) / length;
  });
  return links;
}

function colourAt({ rgba }: Picture, pixel: number): Lab {
  return labOf(rgba[4 * pixel]!, rgba[4 * pixel + 1]!, rgba[4 * pixel + 2]!);
}
