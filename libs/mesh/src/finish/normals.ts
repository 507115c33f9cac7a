import type { Primitive as GltfPrimitive } from '@gltf-transform/core';
import { floatsOf } from '../scene/reading/accessor.js';
import { rebuild, replaceAttribute } from './put-back.js';
import type { Surface } from './surface.js';

/** Faces that meet at a sharper angle keep an edge between them; the facets of a decimated ball do not. */
const creaseDegrees = 50;

/**
 * Gives normals to the primitives that have none: smooth, weighted by angle, across UV seams and material borders, with a
 * hard edge where faces meet at more than 50°. Normals a model brings along are only made unit length.
 */
export function completeNormals(surface: Surface): void {
  for (const primitive of surface.primitives) unitNormals(primitive);
  const missing = surface.primitives.filter((primitive) => !primitive.getAttribute('NORMAL'));
  if (missing.length === 0) return;
  const normals = cornerNormals(surface);
  for (const primitive of missing) applyNormals(surface, primitive, normals);
}

/** A length this close to one is one: dividing by it would only change last digits. */
const rounding = 1e-5;

/** Removes normals that are zero or not numbers anywhere: they are computed like missing ones. */
function unitNormals(primitive: GltfPrimitive): void {
  const accessor = primitive.getAttribute('NORMAL');
  if (!accessor) return;
  const values = floatsOf(accessor).slice();
  for (let i = 0; i < values.length; i += 3) {
    const length = Math.hypot(values[i]!, values[i + 1]!, values[i + 2]!);
    if (!(length > 1e-6 && length < Infinity)) {
      primitive.setAttribute('NORMAL', null);
      return;
    }
    if (Math.abs(length - 1) < rounding) continue;
    for (let k = i; k < i + 3; k++) values[k]! /= length;
  }
  replaceAttribute(primitive, 'NORMAL', 'VEC3', values);
}

/** x, y, z of a normal for every corner of every triangle. */
function cornerNormals({ positions, indices, places, placeCount }: Surface): Float32Array {
  const faces = faceNormals(positions, indices);
  const weights = cornerAngles(positions, indices);
  const { start, corners } = cornersByPlace(indices, places, placeCount);
  const crease = Math.cos((creaseDegrees * Math.PI) / 180);
  const normals = new Float32Array(indices.length * 3);
  for (let corner = 0; corner < indices.length; corner++) {
    const face = 3 * Math.floor(corner / 3);
    const place = places[indices[corner]!]!;
    let [x, y, z] = [0, 0, 0];
    for (let k = start[place]!; k < start[place + 1]!; k++) {
      const other = corners[k]!;
      const at = 3 * Math.floor(other / 3);
      const likeness =
        faces[face]! * faces[at]! + faces[face + 1]! * faces[at + 1]! + faces[face + 2]! * faces[at + 2]!;
      if (likeness < crease) continue;
      x += faces[at]! * weights[other]!;
      y += faces[at + 1]! * weights[other]!;
      z += faces[at + 2]! * weights[other]!;
    }
    const length = Math.hypot(x, y, z);
    normals.set(length > 0 ? [x / length, y / length, z / length] : [0, 1, 0], 3 * corner);
  }
  return normals;
}

function faceNormals(p: Float32Array, indices: Uint32Array): Float32Array {
  const normals = new Float32Array(indices.length);
  for (let i = 0; i + 2 < indices.length; i += 3) {
    const [a, b, c] = [3 * indices[i]!, 3 * indices[i + 1]!, 3 * indices[i + 2]!];
    const [ux, uy, uz] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!];
    const [vx, vy, vz] = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!];
    const [x, y, z] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    const length = Math.hypot(x, y, z) || 1;
    normals[i] = x / length;
    normals[i + 1] = y / length;
    normals[i + 2] = z / length;
  }
  return normals;
}

function cornerAngles(p: Float32Array, indices: Uint32Array): Float32Array {
  return Float32Array.from(indices, (vertex, corner) => {
    const face = corner - (corner % 3);
    const at = 3 * vertex;
    const [b, c] = [3 * indices[face + ((corner + 1) % 3)]!, 3 * indices[face + ((corner + 2) % 3)]!];
    const [ux, uy, uz] = [p[b]! - p[at]!, p[b + 1]! - p[at + 1]!, p[b + 2]! - p[at + 2]!];
    const [vx, vy, vz] = [p[c]! - p[at]!, p[c + 1]! - p[at + 1]!, p[c + 2]! - p[at + 2]!];
    const cross = Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx);
    return Math.atan2(cross, ux * vx + uy * vy + uz * vz);
  });
}

/** The corners at every place: `corners[start[place]]` up to `corners[start[place + 1]]`. */
function cornersByPlace(indices: Uint32Array, places: Uint32Array, placeCount: number) {
  const start = new Uint32Array(placeCount + 1);
  for (const vertex of indices) start[places[vertex]! + 1]!++;
  for (let place = 0; place < placeCount; place++) start[place + 1]! += start[place]!;
  const next = start.slice();
  const corners = new Uint32Array(indices.length);
  for (let corner = 0; corner < indices.length; corner++) corners[next[places[indices[corner]!]!]!++] = corner;
  return { start, corners };
}

/** Writes the normals to one primitive; a vertex whose corners disagree is split. */
function applyNormals({ primitives, firstVertex, indices }: Surface, primitive: GltfPrimitive, normals: Float32Array) {
  const own = primitives.indexOf(primitive);
  const [first, end] = [firstVertex[own]!, firstVertex[own + 1]!];
  const numbers = new Map<string, number>();
  const [sources, values, corners]: [number[], number[], number[]] = [[], [], []];
  for (let corner = 0; corner < indices.length; corner++) {
    const vertex = indices[corner]!;
    if (vertex < first || vertex >= end) continue;
    const normal = normals.subarray(3 * corner, 3 * corner + 3);
    const key = `${vertex},${normal.map((value) => Math.round(value * 1e4) + 0).join()}`;
    const number = numbers.get(key) ?? sources.length;
    if (number === sources.length) {
      numbers.set(key, number);
      sources.push(vertex - first);
      values.push(...normal);
    }
    corners.push(number);
  }
  rebuild(primitive, sources, corners);
  replaceAttribute(primitive, 'NORMAL', 'VEC3', Float32Array.from(values));
}
