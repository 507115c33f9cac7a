import type { ManifoldToplevel } from 'manifold-3d/manifold.js';
import type { Solid } from './kernel.js';
import { bevelledMesh } from './bevel.js';

export type Point = [x: number, y: number];
export type Place = [x: number, y: number, z: number];

/**
 * The modelling kit: solids by their measures, Z up, the front towards -Y. Boxes and cylinders stand on z = 0; balls and
 * rings have their centre in the origin.
 */
export class Kit {
  constructor(
    private readonly kernel: ManifoldToplevel,
    /** 1 for smooth rounds, less for fewer facets. */
    private readonly roundness: number,
  ) {}

  /** Sides of a round thing that would look smooth with so many. */
  private sides(smooth: number): number {
    return Math.max(6, Math.round((smooth * this.roundness) / 2) * 2);
  }

  /** A box centred over the origin, its edges rounded by a radius. */
  box(width: number, depth: number, height: number, round = 0): Solid {
    const { Manifold } = this.kernel;
    if (round === 0) return Manifold.cube([width, depth, height], true).translate([0, 0, height / 2]);
    const corner = Manifold.sphere(round, this.sides(20));
    const [x, y, z] = [width / 2 - round, depth / 2 - round, height / 2 - round];
    const corners = signs.flatMap((a) =>
      signs.flatMap((b) => signs.map((c) => corner.translate([a * x, b * y, c * z]))),
    );
    return Manifold.hull(corners).translate([0, 0, height / 2]);
  }

  cylinder(radius: number, height: number, top = radius): Solid {
    return this.kernel.Manifold.cylinder(height, radius, top, this.sides(64));
  }

  ball(radius: number): Solid {
    return this.kernel.Manifold.sphere(radius, this.sides(48));
  }

  /** A ball stretched along the axes. */
  egg(x: number, y: number, z: number): Solid {
    return this.ball(1).scale([x, y, z]);
  }

  /** A ring around the Z axis. */
  torus(radius: number, thickness: number): Solid {
    const sides = this.sides(20);
    const circle = Array.from({ length: sides }, (_, i): Point => {
      const angle = (2 * Math.PI * i) / sides;
      return [radius + thickness * Math.cos(angle), thickness * Math.sin(angle)];
    });
    return this.lathe(circle);
  }

  /** A body of rotation: the outline of its right half, radius and height. */
  lathe(outline: readonly Point[]): Solid {
    return this.flat([[...outline]]).revolve(this.sides(72));
  }

  /** A hollow body of rotation, open above: the outer outline from the foot up, the wall's thickness, the height of the floor. */
  vessel(outer: readonly Point[], wall: number, floor: number): Solid {
    const inner = outer.map(([r, z]): Point => [Math.max(0.001, r - wall), Math.max(floor, z)]).toReversed();
    const lip = outer.at(-1)!;
    const rounded: Point = [lip[0] - wall / 2, lip[1] + wall / 3];
    return this.lathe([[0, outer[0]![1]], ...outer, rounded, ...inner, [0, floor]]);
  }

  /** A thin glaze inside a vessel of the same measures, a little proud of its lip. */
  lining(outer: readonly Point[], wall: number, floor: number): Solid {
    const inside = outer.map(([r, z]): Point => [Math.max(0.002, r - wall + 0.004), Math.max(floor - 0.004, z)]);
    const lip = inside.at(-1)!;
    return this.vessel([...inside, [lip[0], lip[1] + wall / 3 + 0.004]], 0.012, floor + 0.008);
  }

  /** A tube around the Z axis, open at both ends, of a wall that follows an outline from below upwards. */
  sleeve(outline: readonly Point[], wall: number): Solid {
    return this.lathe([...outline, ...outline.map(([r, z]): Point => [r - wall, z]).toReversed()]);
  }

  /** A rod along a path, as thick as one radius or one for each point. */
  tube(path: readonly Place[], radius: number | readonly number[]): Solid {
    const { Manifold } = this.kernel;
    const beads = path.map((place, i) => {
      const thickness = typeof radius === 'number' ? radius : radius[i]!;
      return Manifold.sphere(thickness, this.sides(20)).translate(place);
    });
    return this.union(...beads.slice(1).map((bead, i) => Manifold.hull([beads[i]!, bead])));
  }

  /** A board cut along outlines (holes run the other way round), lying on z = 0, with rounded edges. */
  board(outlines: Point[][], thickness: number, bevel = 0): Solid {
    const cut = this.flat(outlines);
    if (bevel === 0) return cut.extrude(thickness);
    return this.kernel.Manifold.ofMesh(bevelledMesh(this.kernel, cut.toPolygons(), thickness, bevel));
  }

  /** A board put upright: its outline is seen from the front, its middle is at y = 0. */
  panel(outlines: Point[][], thickness: number, bevel = 0): Solid {
    return this.board(outlines, thickness, bevel)
      .translate([0, 0, -thickness / 2])
      .rotate([90, 0, 0]);
  }

  union(...solids: Solid[]): Solid {
    return this.kernel.Manifold.union(solids);
  }

  /** The smallest convex solid around others. */
  hull(...solids: Solid[]): Solid {
    return this.kernel.Manifold.hull(solids);
  }

  private flat(outlines: Point[][]): ReturnType<ManifoldToplevel['CrossSection']['ofPolygons']> {
    // by default clockwise outlines would be dropped
    return this.kernel.CrossSection.ofPolygons(outlines, 'NonZero');
  }
}

const signs = [-1, 1];

/** A smooth curve through points (Catmull-Rom), with so many steps between each two. */
export function curve<T extends number[]>(points: readonly T[], steps = 8): T[] {
  const at = (index: number): T => points[Math.min(points.length - 1, Math.max(0, index))]!;
  const between = (i: number, t: number): T =>
    at(i).map((_, axis) => {
      const [a, b, c, d] = [at(i - 1)[axis]!, at(i)[axis]!, at(i + 1)[axis]!, at(i + 2)[axis]!];
      return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t ** 2 + (3 * b - a - 3 * c + d) * t ** 3);
    }) as T;
  const inner = points.slice(1).flatMap((_, i) => Array.from({ length: steps }, (_step, k) => between(i, k / steps)));
  return [...inner, at(points.length - 1)];
}

/** Thicknesses along a curve of so many steps between each two. */
export const swell = (thicknesses: readonly number[], steps: number): number[] =>
  curve(
    thicknesses.map((thickness) => [thickness]),
    steps,
  ).map(([thickness]) => thickness!);

/** Points on a circle or arc, angles in degrees, anticlockwise from +x. */
export function arc(radius: number, from: number, to: number, steps: number, centre: Point = [0, 0]): Point[] {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / steps) * Math.PI) / 180;
    return [centre[0] + radius * Math.cos(angle), centre[1] + radius * Math.sin(angle)];
  });
}

/** The results of `make` for so many angles, in degrees, evenly around a full turn. */
export function around<T>(count: number, make: (angle: number, index: number) => T, first = 0): T[] {
  return Array.from({ length: count }, (_, i) => make(first + (360 * i) / count, i));
}

/** The same outline seen in a mirror, closing what is given as a right half. */
export function mirrored(half: readonly Point[]): Point[] {
  return [...half, ...half.toReversed().map(([x, y]): Point => [-x, y])];
}
