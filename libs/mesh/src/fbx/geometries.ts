import { toSrgb } from '../scene/colour.js';
import type { Material, Mesh, Primitive } from '../scene/scene.js';
import type { FbxObjects } from './objects.js';
import { type Places, welded } from '../scene/places.js';
import { properties } from './format/properties.js';
import { block, doubles, type FbxRecord, int, ints, leaf, long, objectName, text } from './format/record.js';
import { uvSet } from './textures.js';

/** The materials of a mesh, each once: their order is the order they are connected in. */
export function materialsOf(mesh: Mesh): (Material | null)[] {
  return [...new Set(mesh.primitives.map(({ material }) => material))];
}

/** Meshes of an FBX file: the primitives of one mesh become one geometry with a material number a triangle. */
export class FbxGeometries {
  private readonly ids = new Map<Mesh, number>();

  constructor(
    private readonly objects: FbxObjects,
    private readonly unitsPerMetre: number,
  ) {}

  /** The id of a mesh, written on first use. */
  idOf(mesh: Mesh): number {
    const known = this.ids.get(mesh);
    if (known !== undefined) return known;
    const id = this.objects.nextId();
    this.ids.set(mesh, id);
    const { places, polygons, corners } = joined(mesh.primitives);
    const layers = layersOf(mesh, corners);
    this.objects.add(
      block(
        'Geometry',
        [long(id), objectName(mesh.name, 'Geometry'), text('Mesh')],
        [
          properties(),
          leaf('GeometryVersion', int(124)),
          leaf('Vertices', doubles(places.coordinates(this.unitsPerMetre))),
          leaf('PolygonVertexIndex', ints(polygons)),
          ...layers,
          block(
            'Layer',
            [int(0)],
            [
              leaf('Version', int(100)),
              ...layers.map(({ name }) =>
                block('LayerElement', [], [leaf('Type', text(name)), leaf('TypedIndex', int(0))]),
              ),
            ],
          ),
        ],
      ),
    );
    return id;
  }
}

interface Joined {
  places: Places;
  /** Places of the corners; the last of a polygon is written as its complement. */
  polygons: Int32Array;
  /** Vertices of the corners, counted through all primitives. */
  corners: Int32Array;
}

function joined(primitives: Primitive[]): Joined {
  const { places, numbers } = welded(primitives);
  const size = primitives.reduce((sum, { indices }) => sum + indices.length, 0);
  const [polygons, corners] = [new Int32Array(size), new Int32Array(size)];
  let [firstVertex, corner] = [0, 0];
  for (const [k, { indices }] of primitives.entries()) {
    const ofPart = numbers[k]!;
    for (let i = 0; i < indices.length; i++, corner++) {
      corners[corner] = firstVertex + indices[i]!;
      polygons[corner] = i % 3 === 2 ? ~ofPart[indices[i]!]! : ofPart[indices[i]!]!;
    }
    firstVertex += ofPart.length;
  }
  return { places, polygons, corners };
}

function layersOf(mesh: Mesh, corners: Int32Array): FbxRecord[] {
  const { primitives } = mesh;
  const layers: FbxRecord[] = [];
  if (primitives.every(({ normals }) => normals)) {
    const normals = gathered(primitives, 3, ({ normals: values }) => values, 0);
    layers.push(
      layer('LayerElementNormal', '', leaf('Normals', doubles(normals)), leaf('NormalsIndex', ints(corners))),
    );
  }
  if (primitives.some(({ colors }) => colors)) {
    const colors = gathered(primitives, 4, ({ colors: values }) => values, 1);
    const encoded = colors.map((value, i) => (i % 4 < 3 ? toSrgb(value) : value));
    layers.push(
      layer('LayerElementColor', 'Color', leaf('Colors', doubles(encoded)), leaf('ColorIndex', ints(corners))),
    );
  }
  if (primitives.some(({ uvs }) => uvs)) {
    const uvs = gathered(primitives, 2, ({ uvs: values }) => values, 0);
    const upwards = uvs.map((value, i) => (i % 2 === 1 ? 1 - value : value));
    layers.push(layer('LayerElementUV', uvSet, leaf('UV', doubles(upwards)), leaf('UVIndex', ints(corners))));
  }
  return [...layers, materialLayer(mesh)];
}

/** One attribute of all primitives in one array; primitives without it get a constant. */
function gathered(
  primitives: Primitive[],
  size: number,
  attribute: (primitive: Primitive) => Float32Array | null,
  missing: number,
): Float64Array {
  const vertices = primitives.reduce((sum, { positions }) => sum + positions.length / 3, 0);
  const values = new Float64Array(vertices * size).fill(missing);
  let offset = 0;
  for (const primitive of primitives) {
    values.set(attribute(primitive) ?? [], offset);
    offset += (primitive.positions.length / 3) * size;
  }
  return values;
}

function layer(type: string, name: string, ...data: FbxRecord[]): FbxRecord {
  return block(
    type,
    [int(0)],
    [
      leaf('Version', int(101)),
      leaf('Name', text(name)),
      leaf('MappingInformationType', text('ByPolygonVertex')),
      leaf('ReferenceInformationType', text('IndexToDirect')),
      ...data,
    ],
  );
}

function materialLayer(mesh: Mesh): FbxRecord {
  const materials = materialsOf(mesh);
  const several = materials.length > 1;
  return block(
    'LayerElementMaterial',
    [int(0)],
    [
      leaf('Version', int(101)),
      leaf('Name', text('')),
      leaf('MappingInformationType', text(several ? 'ByPolygon' : 'AllSame')),
      leaf('ReferenceInformationType', text('IndexToDirect')),
      leaf('Materials', ints(several ? materialNumbers(mesh, materials) : new Int32Array(1))),
    ],
  );
}

/** The number of its material for every triangle. */
function materialNumbers({ primitives }: Mesh, materials: (Material | null)[]): Int32Array {
  const numbers = new Int32Array(primitives.reduce((sum, { indices }) => sum + indices.length / 3, 0));
  let triangle = 0;
  for (const { material, indices } of primitives) {
    numbers.fill(materials.indexOf(material), triangle, triangle + indices.length / 3);
    triangle += indices.length / 3;
  }
  return numbers;
}
