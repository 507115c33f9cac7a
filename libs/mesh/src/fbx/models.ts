import type { Quaternion, Scene, SceneNode } from '../scene/scene.js';
import { type FbxGeometries, materialsOf } from './geometries.js';
import type { FbxMaterials } from './materials.js';
import { type FbxObjects, rootId } from './objects.js';
import { enumProperty, intProperty, localProperty, properties } from './format/properties.js';
import { block, bool, int, leaf, long, objectName, text } from './format/record.js';

export interface ModelParts {
  objects: FbxObjects;
  geometries: FbxGeometries;
  materials: FbxMaterials;
  unitsPerMetre: number;
}

/** Writes the tree of nodes as FBX models; an instance refers to the geometry its twin uses. */
export async function writeModels(scene: Scene, parts: ModelParts): Promise<void> {
  for (const root of scene.roots) await writeModel(root, rootId, parts);
}

async function writeModel(node: SceneNode, parent: number, parts: ModelParts): Promise<void> {
  const { objects, unitsPerMetre } = parts;
  const id = objects.nextId();
  const name = node.name || node.mesh?.name || 'node';
  const [x, y, z] = node.translation;
  objects.add(
    block(
      'Model',
      [long(id), objectName(name, 'Model'), text(node.mesh ? 'Mesh' : 'Null')],
      [
        leaf('Version', int(232)),
        properties(
          enumProperty('InheritType', inheritRotationScale),
          intProperty('DefaultAttributeIndex', 0),
          localProperty('Lcl Translation', [x * unitsPerMetre, y * unitsPerMetre, z * unitsPerMetre]),
          localProperty('Lcl Rotation', eulerDegrees(node.rotation)),
          localProperty('Lcl Scaling', node.scale),
        ),
        leaf('Shading', bool(true)),
        leaf('Culling', text('CullingOff')),
      ],
    ),
  );
  objects.connect(id, parent);
  await attach(node, id, name, parts);
  for (const child of node.children) await writeModel(child, id, parts);
}

/** `eInheritRSrs`: scaling passes through rotated children as in glTF, shear included. */
const inheritRotationScale = 1;

async function attach(node: SceneNode, id: number, name: string, parts: ModelParts): Promise<void> {
  const { objects, geometries, materials } = parts;
  if (node.mesh) {
    objects.connect(geometries.idOf(node.mesh), id);
    for (const material of materialsOf(node.mesh)) objects.connect(await materials.idOf(material), id);
    return;
  }
  const attribute = objects.nextId();
  objects.add(
    block(
      'NodeAttribute',
      [long(attribute), objectName(name, 'NodeAttribute'), text('Null')],
      [leaf('TypeFlags', text('Null')), properties()],
    ),
  );
  objects.connect(attribute, id);
}

const degrees = 180 / Math.PI;
/** From here on the middle angle is ±90° and the other two turn about one axis. */
const pole = 0.9999999;

/** Euler angles, X first, then Y, then Z, about fixed axes. */
function eulerDegrees([x, y, z, w]: Quaternion): [number, number, number] {
  const sine = 2 * (w * y - z * x);
  if (Math.abs(sine) > pole) return [2 * Math.atan2(x, w) * degrees, Math.sign(sine) * 90, 0];
  return [
    Math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)) * degrees,
    Math.asin(sine) * degrees,
    Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)) * degrees,
  ];
}
