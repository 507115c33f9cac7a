import type { BakedMesh } from '../scene/bake.js';
import { paintOf } from '../scene/paint.js';
import { defaultMaterial, type Material } from '../scene/scene.js';
import type { TextBuffer } from '../text/text-buffer.js';
import { Pictures } from './pictures.js';
import { xmlText } from './xml.js';

/** Decimals of texture coordinates. */
const uvDecimals = 6;

/** How the corners of a mesh get their look: a property group, and the entry of every vertex in it. */
export interface Look {
  group: number;
  entryOf: (vertex: number) => number;
}

/**
 * The property groups of a model (3MF Core §5.1, Materials and Properties Extension §2, §3 and §6). Groups are written
 * before the objects that use them, as the core specification asks.
 */
export class Resources {
  readonly pictures = new Pictures(() => this.nextId());
  private readonly materials: Material[] = [];
  private lastId = 0;
  /** `<basematerials>`: every model has one, and it has to know all materials before it is written. */
  readonly materialGroup = this.nextId();

  nextId(): number {
    return ++this.lastId;
  }

  /** The entry of a material among the base materials. */
  materialEntry(worn: Material | null): number {
    const material = worn ?? defaultMaterial;
    const known = this.materials.indexOf(material);
    return known >= 0 ? known : this.materials.push(material) - 1;
  }

  /** The look of a mesh: its picture, else its vertex colours, else its base material. Writes what that needs. */
  async lookOf(out: TextBuffer, mesh: BakedMesh): Promise<Look> {
    const { material, uvs, colors } = mesh;
    const image = material?.baseColorImage;
    if (material && image && uvs) return this.textured(out, uvs, (await this.pictures.of(image, material)).id);
    if (colors) return this.coloured(out, mesh);
    const entry = this.materialEntry(material);
    return { group: this.materialGroup, entryOf: () => entry };
  }

  writeMaterials(out: TextBuffer): void {
    out.text(`<basematerials id="${this.materialGroup}">`);
    for (const material of this.materials) {
      out.text(`<base name="${xmlText(material.name)}" displaycolor="${displayColour(material)}"/>`);
    }
    out.ascii('</basematerials>\n');
  }

  private textured(out: TextBuffer, uvs: Float32Array, texture: number): Look {
    const group = this.nextId();
    out.ascii(`<m:texture2dgroup id="${group}" texid="${texture}">\n`);
    for (let i = 0; i < uvs.length; i += 2) {
      out.ascii('<m:tex2coord u="').decimal(uvs[i]!, uvDecimals);
      out
        .ascii('" v="')
        .decimal(1 - uvs[i + 1]!, uvDecimals)
        .ascii('"/>\n');
    }
    out.ascii('</m:texture2dgroup>\n');
    return { group, entryOf: (vertex) => vertex };
  }

  private coloured(out: TextBuffer, mesh: BakedMesh): Look {
    const group = this.nextId();
    const paint = paintOf(mesh);
    const entries = new Map<number, number>();
    const entryOf = Uint32Array.from({ length: mesh.positions.length / 3 }, (_, vertex) => {
      const colour = paint(vertex);
      const entry = entries.get(colour) ?? entries.size;
      entries.set(colour, entry);
      return entry;
    });
    out.ascii(`<m:colorgroup id="${group}">\n`);
    for (const colour of entries.keys()) out.ascii(`<m:color color="${hex(colour)}"/>\n`);
    out.ascii('</m:colorgroup>\n');
    return { group, entryOf: (vertex) => entryOf[vertex]! };
  }
}

function displayColour(material: Material): string {
  return hex(paintOf({ material, colors: null })(0));
}

/** `#RRGGBB`, with the alpha behind it where it says something (Core §5.1.1, ST_ColorValue). */
function hex(colour: number): string {
  const digits = colour.toString(16).toUpperCase().padStart(8, '0');
  return `#${digits.endsWith('FF') ? digits.slice(0, 6) : digits}`;
}
