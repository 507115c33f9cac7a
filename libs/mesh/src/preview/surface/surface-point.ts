import { fromSrgb } from '../../scene/colour.js';
import { readTexture, type Texture } from './texture.js';
import type { Triangle } from './triangle.js';

const { max, min, round, sqrt } = Math;

const linearOf = Float64Array.from({ length: 256 }, (_, value) => fromSrgb(value / 255));
/** Below this roughness a highlight would be smaller than a sample. */
const smoothest = 0.045;

/** The material of one point of the surface, as light meets it. Reused: nothing is allocated per sample. */
export class SurfacePoint {
  /** Place in the world */
  readonly position = new Float64Array(3);
  /** Unit normal, bumps included, towards the viewer's side */
  readonly normal = new Float64Array(3);
  /** Linear base colour */
  readonly color = new Float64Array(3);
  readonly emissive = new Float64Array(3);
  alpha = 1;
  roughness = 1;
  metallic = 0;
  /** 1 where ambient light reaches the point. */
  openness = 1;
  private readonly texel = new Float64Array(4);

  /** Reads the point a triangle is looked at. */
  read(at: Triangle): void {
    const { positions, uvs } = at.mesh;
    for (let k = 0; k < 3; k++) this.position[k] = at.value(positions, 3, k);
    this.readFactors(at);
    this.readNormal(at);
    if (uvs) this.readTextures(at, at.value(uvs, 2, 0), at.value(uvs, 2, 1));
    this.roughness = max(smoothest, min(1, this.roughness));
    if (!at.back) return;
    for (let k = 0; k < 3; k++) this.normal[k] = -this.normal[k]!;
  }

  private readFactors(at: Triangle): void {
    const { material, colors } = at.mesh;
    for (let k = 0; k < 3; k++) {
      this.color[k] = material.baseColor[k]! * (colors ? at.value(colors, 4, k) : 1);
      this.emissive[k] = material.emissive[k]!;
    }
    this.alpha = material.baseColor[3] * (colors ? at.value(colors, 4, 3) : 1);
    this.roughness = material.roughness;
    this.metallic = material.metallic;
    this.openness = 1;
  }

  private readNormal(at: Triangle): void {
    const { normals } = at.mesh;
    if (normals) this.setNormal(at.value(normals, 3, 0), at.value(normals, 3, 1), at.value(normals, 3, 2));
    else this.setNormal(at.nx, at.ny, at.nz);
  }

  private setNormal(x: number, y: number, z: number): void {
    const length = sqrt(x * x + y * y + z * z) || 1;
    this.normal[0] = x / length;
    this.normal[1] = y / length;
    this.normal[2] = z / length;
  }

  private readTextures(at: Triangle, u: number, v: number): void {
    const { material } = at.mesh;
    if (material.baseColorTexture) {
      this.readColor(at, material.baseColorTexture, u, v, this.color);
      this.alpha *= this.texel[3]! / 255;
    }
    if (material.emissiveTexture) this.readColor(at, material.emissiveTexture, u, v, this.emissive);
    if (material.metallicRoughnessTexture) {
      readTexture(material.metallicRoughnessTexture, u, v, at.detail(material.metallicRoughnessTexture), this.texel);
      this.roughness *= this.texel[1]! / 255;
      this.metallic *= this.texel[2]! / 255;
    }
    if (material.occlusionTexture) {
      readTexture(material.occlusionTexture, u, v, at.detail(material.occlusionTexture), this.texel);
      this.openness = 1 + material.occlusionStrength * (this.texel[0]! / 255 - 1);
    }
    if (material.normalTexture) this.bend(at, material.normalTexture, u, v);
  }

  private readColor(at: Triangle, texture: Texture, u: number, v: number, color: Float64Array): void {
    readTexture(texture, u, v, at.detail(texture), this.texel);
    for (let k = 0; k < 3; k++) color[k]! *= linearOf[round(this.texel[k]!)]!;
  }

  /** Bends the normal as the normal map says: red to the right, green upwards in the picture. */
  private bend(at: Triangle, texture: Texture, u: number, v: number): void {
    readTexture(texture, u, v, at.detail(texture), this.texel);
    const { normalScale } = at.mesh.material;
    const x = (this.texel[0]! / 127.5 - 1) * normalScale;
    const y = (this.texel[1]! / 127.5 - 1) * normalScale;
    const z = max(0.05, this.texel[2]! / 127.5 - 1);
    const { normal } = this;
    const right = this.alongSurface(at.tangent);
    const up = this.alongSurface(at.bitangent);
    const t = at.tangent;
    const b = at.bitangent;
    const n0 = normal[0]!;
    const n1 = normal[1]!;
    const n2 = normal[2]!;
    this.setNormal(
      n0 * (z - x * right.along - y * up.along) + t[0]! * x * right.scale + b[0]! * y * up.scale,
      n1 * (z - x * right.along - y * up.along) + t[1]! * x * right.scale + b[1]! * y * up.scale,
      n2 * (z - x * right.along - y * up.along) + t[2]! * x * right.scale + b[2]! * y * up.scale,
    );
  }

  /** What makes a vector unit length and square to the normal: v · scale − normal · along. */
  private alongSurface(v: Float64Array): { scale: number; along: number } {
    const { normal } = this;
    const into = v[0]! * normal[0]! + v[1]! * normal[1]! + v[2]! * normal[2]!;
    const rest = v[0]! ** 2 + v[1]! ** 2 + v[2]! ** 2 - into * into;
    const scale = rest > 0 ? 1 / sqrt(rest) : 0;
    return { scale, along: into * scale };
  }
}
