import type { Document } from '@gltf-transform/core';
import { EXTMeshGPUInstancing } from '@gltf-transform/extensions';
import fc, { type Arbitrary } from 'fast-check';
import { DocumentBuilder } from './a-document.js';
import { aBox, aGlobe, severed, type Shape } from './a-shape.js';

const size = fc.double({ min: 0.01, max: 4, noNaN: true });
const moved = fc.tuple(size, size, size);

/** A shape of every kind a decimation can stumble over. */
const aShape: Arbitrary<Shape> = fc.oneof(
  fc.tuple(fc.integer({ min: 3, max: 16 }), fc.integer({ min: 2, max: 10 })).map(([a, d]) => aGlobe(a, d)),
  fc.integer({ min: 1, max: 6 }).map((sides) => aBox(sides)),
  fc.integer({ min: 4, max: 12 }).map((down) => severed(aGlobe(8, down))),
  fc.integer({ min: 4, max: 12 }).map((down) => openAt(aGlobe(12, down))),
  fc.integer({ min: 2, max: 60 }).map((boxes) => crumbs(boxes)),
  fc.tuple(fc.integer({ min: 1, max: 80 }), fc.nat()).map(([triangles, seed]) => soup(triangles, seed)),
  fc.integer({ min: 1, max: 10 }).map((side) => sheet(side)),
);

interface Piece {
  shape: Shape;
  scale: [number, number, number];
  /** Nodes that show it; with `batch`, each of them so many times. */
  nodes: number;
  batch: number;
}

const aPiece: Arbitrary<Piece> = fc.record({
  shape: aShape,
  scale: moved,
  nodes: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 12 }) }),
  batch: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 20 }) }),
});

/** A model of one to many pieces, some of them shown often. */
export const aModel: Arbitrary<Document> = fc
  .oneof(
    { weight: 4, arbitrary: fc.array(aPiece, { minLength: 1, maxLength: 5 }) },
    {
      weight: 1,
      arbitrary: fc.array(aPiece, { minLength: 40, maxLength: 80 }),
    },
  )
  .map((pieces) => built(pieces));

function built(pieces: Piece[]): Document {
  const build = new DocumentBuilder();
  for (const [number, { shape, scale, nodes, batch }] of pieces.entries()) {
    const mesh = build.mesh(`mesh ${number}`, build.primitive(shape));
    for (let copy = 0; copy < nodes; copy++) {
      const node = build.doc.createNode(`node ${number}`).setMesh(mesh).setScale(scale);
      build.place(node.setTranslation([number % 7, copy, Math.floor(number / 7)]));
      if (batch > 0) node.setExtension('EXT_mesh_gpu_instancing', instances(build.doc, batch));
    }
  }
  return build.doc;
}

function instances(doc: Document, count: number) {
  const places = Float32Array.from({ length: 3 * count }, (_, i) => (i % 3 === 2 ? i : 0));
  const accessor = doc.createAccessor().setType('VEC3').setArray(places).setBuffer(doc.getRoot().listBuffers()[0]!);
  return doc.createExtension(EXTMeshGPUInstancing).createInstancedMesh().setAttribute('TRANSLATION', accessor);
}

const openAt = (shape: Shape): Shape => ({ ...shape, indices: shape.indices.slice(0, shape.indices.length - 9) });

/** Boxes in a row that do not touch, in one primitive. */
function crumbs(count: number): Shape {
  const box = aBox();
  const all = { positions: [] as number[], normals: [] as number[], uvs: [] as number[], indices: [] as number[] };
  for (let n = 0; n < count; n++) {
    const first = all.positions.length / 3;
    all.positions.push(...Array.from(box.positions, (value, k) => value + (k % 3 === 0 ? 2 * n : 0)));
    all.normals.push(...box.normals);
    all.uvs.push(...box.uvs);
    all.indices.push(...Array.from(box.indices, (vertex) => vertex + first));
  }
  return asShape(all);
}

/** Triangles that share nothing, cut through each other and may have no area. */
function soup(triangles: number, seed: number): Shape {
  const value = (i: number): number => Math.round(Math.sin((seed % 1_000) + i * 12.9898) * 8) / 8;
  const corners = Array.from({ length: 3 * triangles }, (_, i) => i);
  return asShape({
    positions: corners.flatMap((i) => [value(3 * i), value(3 * i + 1), value(3 * i + 2)]),
    normals: corners.flatMap(() => [0, 1, 0]),
    uvs: corners.flatMap((i) => [value(i), value(i + 7)]),
    indices: corners,
  });
}

/** A flat square of `side` × `side` quads. */
function sheet(side: number): Shape {
  const across = side + 1;
  const points = Array.from({ length: across * across }, (_, i) => [i % across, Math.floor(i / across)] as const);
  return asShape({
    positions: points.flatMap(([x, y]) => [x / side, 0, y / side]),
    normals: points.flatMap(() => [0, 1, 0]),
    uvs: points.flatMap(([x, y]) => [x / side, y / side]),
    indices: points.flatMap(([x, y], i) =>
      x < side && y < side ? [i, i + across, i + 1, i + 1, i + across, i + across + 1] : [],
    ),
  });
}

const asShape = (lists: Record<keyof Shape, number[]>): Shape => ({
  positions: new Float32Array(lists.positions),
  normals: new Float32Array(lists.normals),
  uvs: new Float32Array(lists.uvs),
  indices: new Uint32Array(lists.indices),
});
