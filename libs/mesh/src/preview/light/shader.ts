import type { SurfacePoint } from '../surface/surface-point.js';
import { ambient, type Lamp, reflected, type Studio } from './studio.js';

const { exp, max, min, sqrt } = Math;

/** How much light reaches a point: 1 all of it, 0 none. */
export interface Reach {
  /** Of the key lamp */
  key: number;
  /** Of the ambient light */
  ambient: number;
}

/** What the blackest things throw back: nothing real throws back less than two or three percent. */
const blackest = 0.012;

/** Lights points of a surface: Lambert and GGX (glTF 2.0 appendix B) under the lamps, ambient light and reflections. */
export class Shader {
  /** Linear red, green, blue of the point shaded last. */
  readonly color = new Float64Array(3);
  /** How strongly that point mirrors and glows, 0–1: what one sees even of clear glass. */
  gloss = 0;
  private readonly diffuse = new Float64Array(3);
  private readonly specular = new Float64Array(3);
  private readonly f0 = new Float64Array(3);
  private readonly sky = new Float64Array(3);
  private readonly view = new Float64Array(3);
  private readonly mirrored = new Float64Array(3);
  private facing = 0;
  /** The share of a lamp's light that arrives */
  private arriving = 0;

  /** `eye`: where the picture is taken from. */
  constructor(
    private readonly studio: Studio,
    private readonly eye: readonly [number, number, number],
  ) {}

  shade(point: SurfacePoint, reach: Reach): void {
    const { position, normal } = point;
    const vx = this.eye[0] - position[0]!;
    const vy = this.eye[1] - position[1]!;
    const vz = this.eye[2] - position[2]!;
    const distance = sqrt(vx * vx + vy * vy + vz * vz) || 1;
    const { view } = this;
    view[0] = vx / distance;
    view[1] = vy / distance;
    view[2] = vz / distance;
    this.facing = max(0.02, normal[0]! * view[0] + normal[1]! * view[1] + normal[2]! * view[2]);
    for (let k = 0; k < 3; k++) this.f0[k] = 0.04 + (point.color[k]! - 0.04) * point.metallic;
    this.ambientLight(point, reach);
    this.arriving = reach.key;
    this.lamp(this.studio.key, point);
    this.arriving = 0.4 + 0.6 * reach.ambient;
    this.lamp(this.studio.fill, point);
    this.lamp(this.studio.rim, point);
    for (let k = 0; k < 3; k++) {
      const albedo = blackest + (1 - blackest) * point.color[k]!;
      const body = albedo * (1 - point.metallic) * this.diffuse[k]!;
      this.color[k] = body + this.specular[k]! + point.emissive[k]!;
    }
    this.gloss = min(1, this.specular[1]! + point.emissive[1]!);
  }

  private ambientLight(point: SurfacePoint, reach: Reach): void {
    const { view } = this;
    const { normal, roughness } = point;
    const open = point.openness * reach.ambient;
    ambient(normal[1]!, this.sky);
    const twice = 2 * (normal[0]! * view[0]! + normal[1]! * view[1]! + normal[2]! * view[2]!);
    for (let k = 0; k < 3; k++) this.mirrored[k] = twice * normal[k]! - view[k]!;
    const mirror = reflected(this.studio, this.mirrored, roughness) * (open + (1 - open) * 0.15);
    const edge = grazing(roughness, this.facing);
    const scale = -1.04 * edge + 1.04 - 0.572 * roughness;
    const bias = 1.04 * edge + 0.022 * roughness - 0.04;
    for (let k = 0; k < 3; k++) {
      this.diffuse[k] = this.sky[k]! * open;
      this.specular[k] = mirror * (this.f0[k]! * scale + bias);
    }
  }

  private lamp({ direction, light, size }: Lamp, point: SurfacePoint): void {
    const { view } = this;
    const { normal, roughness } = point;
    const lit = normal[0]! * direction[0] + normal[1]! * direction[1] + normal[2]! * direction[2];
    const { arriving } = this;
    if (lit <= 0 || arriving <= 0) return;
    const hx = direction[0] + view[0]!;
    const hy = direction[1] + view[1]!;
    const hz = direction[2] + view[2]!;
    const length = sqrt(hx * hx + hy * hy + hz * hz) || 1;
    const nh = (normal[0]! * hx + normal[1]! * hy + normal[2]! * hz) / length;
    const vh = (view[0]! * hx + view[1]! * hy + view[2]! * hz) / length;
    const peak = ggx(roughness, size, lit, this.facing, nh) * Math.PI * lit * arriving;
    const slant = 1 - max(0, vh);
    const fresnel = slant * slant * slant * slant * slant;
    for (let k = 0; k < 3; k++) {
      this.diffuse[k]! += light[k]! * lit * arriving;
      this.specular[k]! += light[k]! * peak * (this.f0[k]! + (1 - this.f0[k]!) * fresnel);
    }
  }
}

/** Distribution and visibility of microfacets; a large lamp widens the highlight and takes from its peak what it adds. */
function ggx(roughness: number, size: number, lit: number, facing: number, nh: number): number {
  const alpha = roughness * roughness;
  const wide = min(1, alpha + size * (1 - alpha) * 0.5);
  const a2 = wide * wide;
  const d = nh * nh * (a2 - 1) + 1;
  const distribution = a2 / (Math.PI * d * d);
  const v = lit * sqrt(facing * facing * (1 - a2) + a2) + facing * sqrt(lit * lit * (1 - a2) + a2);
  return (distribution * 0.5 * sqrt(alpha / wide)) / max(v, 1e-4);
}

/** How much of ambient reflections is due to grazing light: B. Karis, "Physically Based Shading on Mobile", 2014. */
function grazing(roughness: number, facing: number): number {
  const a = 1 - roughness;
  return min(a * a, exp(-6.432 * facing)) * a + 0.0425 - 0.0275 * roughness;
}
