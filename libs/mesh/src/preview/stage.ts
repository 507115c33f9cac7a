import type { BakedMesh } from '../scene/bake.js';
import { MeshError } from '../error.js';
import { Camera, type Extent, extentOf } from './camera.js';
import { GroundShadow } from './light/ground-shadow.js';
import { KeyShadow } from './light/key-shadow.js';
import { studioFor } from './light/studio.js';
import { Painter } from './painter.js';
import { Picture } from './picture.js';
import { scanBlended } from './surface/blended.js';
import { dressed, type DressedMesh, type DrawnMesh } from './surface/drawn-mesh.js';
import { costOf } from './surface/scan.js';
import { Screen } from './surface/screen.js';
import { solidityOf } from './surface/solidity.js';
import { Visibility } from './surface/visibility.js';

/** Where a camera stands: degrees it walks round the model, to its left, and degrees it rises. */
export interface Angles {
  yaw: number;
  pitch: number;
}

/** Sample tests beyond which a picture is refused: a model of giant triangles behind each other would take minutes. */
const maxTests = 2e9;
/** Texels of the lamp's depth map: twice as many as the picture has pixels, but not more than this. */
const widestShadow = 1024;

/** A model set up to be drawn from any side: pictures decoded, the ground's shadow laid, memory for one picture. */
export class Stage {
  private readonly screen: Screen;
  private readonly picture: Picture;
  private readonly lampMap: Visibility;
  private readonly darkness: Float32Array;

  private constructor(
    private readonly meshes: DressedMesh[],
    private readonly extent: Extent,
    private readonly ground: GroundShadow,
    pixels: number,
  ) {
    this.screen = new Screen(pixels);
    this.picture = new Picture(this.screen.cells);
    this.lampMap = new Visibility({ side: Math.min(widestShadow, 2 * pixels), staggered: true });
    this.darkness = new Float32Array(pixels * pixels);
  }

  /** `pixels`: width and height of the pictures. Refuses broken pictures as `invalid_image`. */
  static async of(meshes: BakedMesh[], pixels: number): Promise<Stage> {
    const extent = extentOf(meshes.map(({ positions }) => positions));
    const shown = await dressed(meshes, 2 * pixels);
    return new Stage(shown, extent, new GroundShadow(shown, extent), pixels);
  }

  /** Draws the model as a camera sees it, in each of those sizes: red, green, blue, alpha, 0–255, not premultiplied. */
  draw(angles: Angles, sizes: number[]): Uint8Array[] {
    const { screen, picture, lampMap, darkness } = this;
    const positions = this.meshes.map((mesh) => mesh.positions);
    const camera = new Camera(positions, this.extent, angles, screen.side);
    const meshes = this.meshes.map((mesh, index) => ({ ...mesh, screen: camera.screens[index]! }));
    this.look(meshes);
    const studio = studioFor(camera);
    const shadow = new KeyShadow(this.meshes, this.extent, studio.key.direction, lampMap);
    const painter = new Painter(picture, screen, meshes, camera, studio, shadow);
    picture.clear();
    painter.paintSolid();
    scanBlended(meshes, screen, painter.paintBlended.bind(painter));
    const under = this.ground.seenBy(camera, studio.key.direction);
    const [pixels, wide] = [screen.pixels, screen.side / screen.pixels];
    for (let i = 0; i < darkness.length; i++) {
      darkness[i] = under(((i % pixels) + 0.5) * wide, (Math.floor(i / pixels) + 0.5) * wide);
    }
    return sizes.map((size) => picture.pixels(size, darkness));
  }

  private look(meshes: DrawnMesh[]): void {
    const { side, solid } = this.screen;
    const tests = meshes.reduce((sum, mesh) => sum + costOf(mesh, side), 0);
    if (tests > maxTests) throw new MeshError('too_large', 'The model covers the picture too many times over');
    solid.clear();
    for (const mesh of meshes) {
      const solidity = solidityOf(mesh, side);
      if (solidity === false) continue;
      solid.draw(mesh, mesh.firstTriangle, mesh.material.doubleSided, solidity === true ? null : solidity);
    }
  }
}
