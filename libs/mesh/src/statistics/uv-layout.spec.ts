import { aBox, aGlobe, severed, type Shape } from '../../test/a-shape.js';
import { measureUvs, type UvLayout } from './uv-layout.js';

const geometry = ({ positions, normals, uvs, indices }: Shape, mapped = true) => ({
  positions,
  normals,
  uvs: mapped ? uvs : null,
  colors: null,
  indices,
});

/** A triangle or more by their corners in UV space. */
const charts = (...uvs: number[]): Shape => ({
  positions: new Float32Array((uvs.length / 2) * 3),
  normals: new Float32Array((uvs.length / 2) * 3),
  uvs: new Float32Array(uvs),
  indices: new Uint32Array((uvs.length / 6) * 3).map((_, i) => i),
});

const measured = (...shapes: Shape[]): UvLayout => measureUvs([shapes.map((shape) => geometry(shape))])!;

describe('the layout of UVs', () => {
  it('is unknown without UVs', () => {
    expect(measureUvs([[geometry(aBox(), false)]])).toBeNull();
    expect(measureUvs([])).toBeNull();
  });

  it('covers the area of a triangle', () => {
    const { coverage, overlap } = measured(charts(0.1, 0.1, 0.9, 0.2, 0.3, 0.8));
    expect(coverage).toBeCloseTo((0.8 * 0.7 - 0.1 * 0.2) / 2, 3);
    expect(overlap).toBe(0);
  });

  it('counts no cell twice where triangles share an edge, however it runs', () => {
    const { coverage, overlap } = measured(aGlobe(97, 61));
    expect(coverage).toBeCloseTo(60 / 61, 3); // at the poles every second triangle has no area
    expect(overlap).toBe(0);
  });

  it('is the same whichever way round a chart lies', () => {
    const [there, back] = [charts(0.1, 0.1, 0.9, 0.2, 0.3, 0.8), charts(0.3, 0.8, 0.9, 0.2, 0.1, 0.1)];
    expect(measured(there)).toEqual(measured(back));
  });

  it('sees the gaps between many small charts', () => {
    const { coverage, overlap } = measured(severed(aGlobe(12, 7)));
    expect(coverage).toBeGreaterThan(0.25);
    expect(coverage).toBeLessThan(0.33);
    expect(overlap).toBe(0);
  });

  it('sees charts that lie on each other: the sides of a box share one square', () => {
    expect(measured(aBox())).toEqual({ coverage: 1, overlap: 1 });
    expect(measured(aBox(1))).toEqual({ coverage: 1, overlap: 0 });
  });

  it('gives every material a square of its own', () => {
    const half = charts(0, 0, 0.5, 0, 0.5, 1, 0, 0, 0.5, 1, 0, 1);
    expect(measureUvs([[geometry(half)], [geometry(half)]])).toEqual({ coverage: 0.5, overlap: 0 });
    expect(measured(half, half)).toEqual({ coverage: 0.5, overlap: 1 });
  });

  it('folds charts outside of the square back into it', () => {
    const moved = charts(-0.5, 3, 0, 3, 0, 4, -0.5, 3, 0, 4, -0.5, 4);
    expect(measured(moved)).toEqual({ coverage: 0.5, overlap: 0 });
  });

  it('gives up on a picture repeated without end, and at once', () => {
    expect(measureUvs([[geometry(charts(0, 0, 1e9, 0, 0, 1e9))]])).toBeNull();
    expect(measureUvs([[geometry(charts(0, 0, 3e38, 1, 0, -3e38))]])).toBeNull();
  });

  it('passes over triangles without area', () => {
    expect(measured(charts(0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.1, 0.5, 0.9, 0.5, 0.4, 0.5))).toEqual({
      coverage: 0,
      overlap: 0,
    });
  });
});
