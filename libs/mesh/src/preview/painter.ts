import { ambientReach } from './light/ambient-reach.js';
import type { Camera } from './camera.js';
import { type DrawnMesh, MeshFinder } from './surface/drawn-mesh.js';
import { KeyShadow } from './light/key-shadow.js';
import { Picture } from './picture.js';
import { Shader } from './light/shader.js';
import type { Studio } from './light/studio.js';
import { SurfacePoint } from './surface/surface-point.js';
import { Triangle } from './surface/triangle.js';
import { scan, type Visibility } from './surface/visibility.js';

/** Lights what the samples see. */
export class Painter {
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
    studio: Studio,
  ) {
    this.picture = new Picture(camera.samples);
    this.shader = new Shader(studio, camera.eye);
    this.shadow = new KeyShadow(meshes, camera, studio.key.direction);
    this.open = ambientReach(visibility, meshes, camera);
  }

  paintSolid(): void {
    const { triangles } = this.visibility;
    const owner = new MeshFinder(this.meshes);
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
