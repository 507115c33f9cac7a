import sharp from 'sharp';
import { MeshError } from '../error.js';
import { bakedMeshes } from '../scene/bake.js';
import type { Scene } from '../scene/scene.js';
import { Camera } from './camera.js';
import { ambientReach, OwnerOf } from './contact.js';
import { type DrawnMesh, drawnMeshes } from './drawn-mesh.js';
import { GroundShadow } from './ground.js';
import { KeyShadow } from './key-shadow.js';
import { Picture } from './picture.js';
import { Shader } from './shade.js';
import { studioFor } from './studio.js';
import { SurfacePoint } from './surface-point.js';
import { Triangle } from './triangle.js';
import { checkCost, scan, Visibility } from './visibility.js';

export interface PreviewOptions {
  /** Width and height in pixels, at most 2,048. */
  size?: number;
  /** Degrees the camera walks round the model, to its left; 0 is the front (+Z). */
  yaw?: number;
  /** Degrees the camera rises; 90 looks down. */
  pitch?: number;
  /** CSS colour behind the model; `null` leaves the background transparent. */
  background?: string | null;
}

const maxSize = 2048;
const samplesPerPixel = 2;

/**
 * A picture of a scene as PNG, drawn without a GPU: perspective, 2 × 2 samples a pixel, metallic-roughness materials with
 * all their maps, studio light, shadows, and a soft shadow on the ground. The same scene and options give the same bytes.
 * 512 px of 200,000 triangles take about 0.8 s.
 */
export async function renderPreview(scene: Scene, options: PreviewOptions = {}): Promise<Uint8Array> {
  const { size = 512, yaw = 30, pitch = 18, background = null } = options;
  const pixels = Math.round(Math.min(maxSize, Math.max(16, size)));
  const meshes = [...bakedMeshes(scene)];
  if (meshes.length === 0) throw new MeshError('no_geometry', 'There is nothing to draw');
  const camera = new Camera(
    meshes.map(({ positions }) => positions),
    { yaw, pitch: Math.min(89, Math.max(-89, pitch)) },
    pixels * samplesPerPixel,
  );
  const drawn = await drawnMeshes(meshes, camera);
  const image = sharp(draw(drawn, camera), { raw: { width: pixels, height: pixels, channels: 4 } });
  return (background === null ? image : image.flatten({ background })).png({ compressionLevel: 6 }).toBuffer();
}

function draw(meshes: DrawnMesh[], camera: Camera): Uint8Array {
  checkCost(meshes, camera.samples);
  const visibility = new Visibility(camera.samples);
  for (const mesh of meshes) if (!isBlended(mesh)) visibility.draw(mesh);
  const painter = new Painter(meshes, camera, visibility);
  painter.paintSolid();
  for (const mesh of meshes) if (isBlended(mesh)) painter.paintBlended(mesh);
  const ground = new GroundShadow(meshes, camera, studioFor(camera).key.direction);
  return painter.picture.pixels((x, y) => ground.darkness(x, y));
}

const isBlended = ({ material }: DrawnMesh): boolean => material.alphaMode === 'BLEND';

/** Lights what the samples see. */
class Painter {
  readonly picture: Picture;
  private readonly at = new Triangle();
  private readonly point = new SurfacePoint();
  private readonly reach = { key: 1, ambient: 1 };
  private readonly shader: Shader;
  private readonly shadow: KeyShadow;
  private readonly open: Float32Array;

  constructor(
    private readonly meshes: DrawnMesh[],
    private readonly camera: Camera,
    private readonly visibility: Visibility,
  ) {
    const studio = studioFor(camera);
    this.picture = new Picture(camera.samples);
    this.shader = new Shader(studio, camera.eye);
    this.shadow = new KeyShadow(meshes, camera, studio.key.direction);
    this.open = ambientReach(visibility, meshes, camera);
  }

  paintSolid(): void {
    const { triangles } = this.visibility;
    const owner = new OwnerOf(this.meshes);
    let selected = -1;
    for (let sample = 0; sample < triangles.length; sample++) {
      const triangle = triangles[sample]!;
      if (triangle < 0) continue;
      const mesh = owner.of(triangle);
      if (triangle !== selected) this.at.select(mesh, triangle - mesh.firstTriangle);
      selected = triangle;
      this.light(sample);
      this.picture.lay(sample, this.shader.color, 1);
    }
  }

  /** Translucent triangles, the farthest first, over what is behind them. */
  paintBlended(mesh: DrawnMesh): void {
    let selected = -1;
    scan(
      mesh,
      this.camera.samples,
      (sample, nearness, triangle) => {
        if (nearness <= this.visibility.nearness[sample]!) return;
        if (triangle !== selected) this.at.select(mesh, triangle);
        selected = triangle;
        this.light(sample);
        this.picture.lay(sample, this.shader.color, Math.min(1, this.point.alpha));
      },
      farthestFirst(mesh),
    );
  }

  private light(sample: number): void {
    const { samples } = this.camera;
    const [x, y] = [sample % samples, Math.floor(sample / samples)];
    this.at.lookAt(x + 0.5, y + 0.5);
    this.point.read(this.at);
    this.reach.ambient = this.open[(y >> 1) * (samples / 2) + (x >> 1)]!;
    this.reach.key = this.shadow.reach(this.point.position, this.point.face, (x & 3) * 4 + (y & 3));
    this.shader.shade(this.point, this.reach);
  }
}

function farthestFirst({ indices, screen }: DrawnMesh): Uint32Array {
  const nearness = Float32Array.from({ length: indices.length / 3 }, (_, triangle) =>
    [0, 1, 2].reduce((sum, k) => sum + screen.nearness[indices[3 * triangle + k]!]!, 0),
  );
  return Uint32Array.from(nearness.keys()).toSorted((a, b) => nearness[a]! - nearness[b]!);
}
