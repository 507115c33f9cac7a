import type { Vec3 } from '../../scene/scene.js';
import { block, double, type FbxRecord, type FbxValue, int, leaf, text } from './record.js';

/** One line of a `Properties70` block. */
export type FbxProperty = FbxRecord;

const property = (name: string, type: string, label: string, flags: string, ...values: FbxValue[]): FbxProperty =>
  leaf('P', text(name), text(type), text(label), text(flags), ...values);

/** `A` marks what an animator may key. */
const animatable = 'A';

export const intProperty = (name: string, value: number): FbxProperty =>
  property(name, 'int', 'Integer', '', int(value));
export const enumProperty = (name: string, value: number): FbxProperty => property(name, 'enum', '', '', int(value));
export const boolProperty = (name: string, value: boolean): FbxProperty =>
  property(name, 'bool', '', '', int(value ? 1 : 0));
export const doubleProperty = (name: string, value: number): FbxProperty =>
  property(name, 'double', 'Number', '', double(value));
export const numberProperty = (name: string, value: number): FbxProperty =>
  property(name, 'Number', '', animatable, double(value));
export const textProperty = (name: string, value: string): FbxProperty =>
  property(name, 'KString', '', '', text(value));
export const pathProperty = (name: string, value: string): FbxProperty =>
  property(name, 'KString', 'XRefUrl', '', text(value));
export const objectProperty = (name: string): FbxProperty => property(name, 'object', '', '');

export const colorProperty = (name: string, [red, green, blue]: Vec3): FbxProperty =>
  property(name, 'Color', '', animatable, double(red), double(green), double(blue));
export const vectorProperty = (name: string, [x, y, z]: Vec3): FbxProperty =>
  property(name, 'Vector3D', 'Vector', '', double(x), double(y), double(z));
/** Translation, rotation and scaling of a model name their type after themselves. */
export const localProperty = (name: string, [x, y, z]: Vec3): FbxProperty =>
  property(name, name, '', animatable, double(x), double(y), double(z));

export const properties = (...lines: FbxProperty[]): FbxRecord => block('Properties70', [], lines);
