import { arranged, type ExportOptions } from '../scene/arrange.js';
import { type BakedMesh, bakedMeshes } from '../scene/bake.js';
import { defaultMaterial, type Material, type Scene, type Vec3 } from '../scene/scene.js';
import { refuseTooLarge } from '../scene/size.js';
import { decimalsFor } from '../text/decimals.js';
import { TextBuffer } from '../text/text-buffer.js';
import { zip } from '../zip/zip.js';
import { materialText } from './usd-material.js';
import { writeMesh } from './usd-mesh.js';
import { asciiOf, materialScope, PrimNames, quoted, rootPath } from './usd-names.js';
import { UsdTextures } from './usd-textures.js';

/** Data of every file of a USDZ starts at a multiple of this ("Usdz File Format Specification", Layout). */
const alignment = 64;

/**
 * Writes a USDZ package: one text layer, the first file of it, and its pictures as PNG or JPEG, stored and aligned so that
 * readers can map them. World space, metres, Y up whatever is asked, for that is what Quick Look places; UsdPreviewSurface
 * with all maps. Prims are named in ASCII and keep the full name as `displayName`. Equal scenes give equal bytes.
 */
export async function exportUsdz(scene: Scene, { name = 'model', sizeMm }: ExportOptions = {}): Promise<Uint8Array> {
  refuseTooLarge(scene, 'a USDZ file');
  const meshes = [...bakedMeshes(arranged(scene, { sizeMm }))];
  const textures = new UsdTextures();
  const materials = new UsdMaterials();
  const prims = new PrimNames(materialScope);
  const decimals = decimalsFor(meshes.map(({ positions }) => positions));
  const layer = new TextBuffer().text(head(name));
  for (const mesh of meshes) {
    writeMesh(layer, mesh, { prim: prims.of(mesh.name, 'mesh'), material: materials.pathFor(mesh), decimals });
  }
  layer.text(`def Scope "${materialScope}"\n{\n`);
  for (const { material, prim, vertexColour } of materials.used()) {
    layer.text(`${await materialText(prim, material, { vertexColour, textures })}\n`);
  }
  layer.text('}\n}\n');
  const pictures = Array.from(textures.files, ([path, data]) => ({ name: path, data }));
  return zip([{ name: `${asciiOf(name) || 'model'}.usda`, data: layer.toBytes() }, ...pictures], { alignment });
}

const head = (name: string): string =>
  [
    '#usda 1.0',
    '(',
    `defaultPrim = "${rootPath.slice(1)}"`,
    'metersPerUnit = 1',
    'upAxis = "Y"',
    ')',
    `def Xform "${rootPath.slice(1)}" (`,
    `displayName = ${quoted(name)}`,
    'kind = "component"',
    ')',
    '{',
    '',
  ].join('\n');

interface UsedMaterial {
  material: Material;
  prim: string;
  /** What the vertex colours of its first mesh come to; `null` where vertices have none. */
  vertexColour: Vec3 | null;
}

/** The materials of a layer: one worn by meshes with and without vertex colours is two. */
class UsdMaterials {
  private readonly known = new Map<Material, Map<boolean, UsedMaterial>>();
  private readonly names = new PrimNames();

  pathFor({ material: worn, colors }: BakedMesh): string {
    const material = worn ?? defaultMaterial;
    const coloured = colors !== null && material.baseColorImage === null;
    const variants = this.known.get(material) ?? new Map<boolean, UsedMaterial>();
    const used = variants.get(coloured) ?? {
      material,
      prim: this.names.of(material.name, 'material'),
      vertexColour: coloured ? meanOf(colors) : null,
    };
    this.known.set(material, variants.set(coloured, used));
    return `${rootPath}/${materialScope}/${used.prim}`;
  }

  *used(): Generator<UsedMaterial> {
    for (const variants of this.known.values()) yield* variants.values();
  }
}

function meanOf(colors: Float32Array): Vec3 {
  const sum: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < colors.length; i += 4) for (let k = 0; k < 3; k++) sum[k]! += colors[i + k]!;
  return [sum[0] / (colors.length / 4), sum[1] / (colors.length / 4), sum[2] / (colors.length / 4)];
}
