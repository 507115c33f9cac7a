import type { Document } from '@gltf-transform/core';
import { bumps, checker, cutOut, glowingBand, roughnessAndMetal } from './a-picture.js';
import { aBox, aGlobe } from './a-shape.js';
import { DocumentBuilder } from './a-document.js';

/** One material with every map and no factor at its default; 3,968 triangles. */
export async function aPbrModel(): Promise<Document> {
  const build = new DocumentBuilder();
  const roughness = await build.texture('roughness and metal', 256, roughnessAndMetal);
  const material = build.doc
    .createMaterial('PBR')
    .setBaseColorTexture(await build.texture('base', 512, checker))
    .setNormalTexture(await build.texture('normal', 512, bumps))
    .setMetallicRoughnessTexture(roughness)
    .setOcclusionTexture(roughness)
    .setEmissiveTexture(await build.texture('glow', 128, glowingBand))
    .setEmissiveFactor([1, 1, 1])
    .setBaseColorFactor([1, 0.9, 0.8, 1])
    .setRoughnessFactor(0.8)
    .setMetallicFactor(0.9)
    .setDoubleSided(true);
  return build.show('globe', aGlobe(64, 32), { material }).doc;
}

/** Vertex colours as normalised bytes; no UVs, no pictures. 2,208 triangles. */
export function aVertexColouredModel(): Document {
  const build = new DocumentBuilder();
  const shape = aGlobe(48, 24, (u, v) => 1 + 0.2 * Math.sin(u * Math.PI * 10) * Math.sin(v * Math.PI));
  const colors = new Uint8Array((shape.uvs.length / 2) * 4);
  for (let i = 0; i < shape.uvs.length / 2; i++) {
    colors.set([255 * shape.uvs[2 * i]!, 255 * shape.uvs[2 * i + 1]!, 128, 255], 4 * i);
  }
  const material = build.doc.createMaterial('painted').setMetallicFactor(0);
  return build.show('painted', shape, { material, uvs: false, colors }).doc;
}

/**
 * A tree of nodes: a mesh of two primitives shown twice, a mirrored glass box inside a stretched and turned parent,
 * names in Cyrillic, Japanese and with quotes. 484 triangles.
 */
export async function aTreeModel(): Promise<Document> {
  const build = new DocumentBuilder();
  const { doc } = build;
  const lacquer = doc.createMaterial('Красный лак').setBaseColorFactor([0.8, 0.05, 0.05, 1]).setMetallicFactor(0);
  const glass = doc.createMaterial('ガラス').setBaseColorFactor([0.4, 0.7, 0.9, 0.4]).setAlphaMode('BLEND');
  const wood = doc.createMaterial('Holz – Eiche').setMetallicFactor(0).setRoughnessFactor(0.5);
  wood.setBaseColorTexture(await build.texture('木目', 256, checker, 'jpeg'));
  const seat = build.primitive(aBox(), { material: lacquer.setRoughnessFactor(0.3) });
  const chair = build.mesh(
    '椅子',
    seat,
    build.primitive(
      aGlobe(16, 8, () => 0.6),
      { material: wood },
    ),
  );
  const box = build.mesh('Würfel', build.primitive(aBox(), { material: glass }));
  const quarter = Math.SQRT1_2;
  const stretched = doc.createNode('椅子 1').setMesh(chair).setRotation([0, quarter, 0, quarter]).setScale([1, 2, 3]);
  stretched.addChild(doc.createNode('glass "q" & <x>').setMesh(box).setTranslation([0, 0, 4]).setScale([-1, 1, 1]));
  const lifted = doc.createNode('椅子 2').setMesh(chair).setTranslation([0, 5, 0]);
  return build.place(doc.createNode('корень').setTranslation([10, 0, 0]).addChild(stretched).addChild(lifted)).doc;
}

/**
 * What lets light through: a pane with a blended factor, a leaf with a cut-out picture, a veil with a blended one.
 * 24 triangles.
 */
export async function aSeeThroughModel(): Promise<Document> {
  const build = new DocumentBuilder();
  const { doc } = build;
  const picture = await build.texture('cut out', 64, cutOut);
  const pane = doc.createMaterial('pane').setBaseColorFactor([0.2, 0.4, 0.8, 0.25]).setAlphaMode('BLEND');
  const leaf = doc.createMaterial('leaf').setBaseColorTexture(picture).setAlphaMode('MASK').setAlphaCutoff(0.3);
  const veil = doc.createMaterial('veil').setBaseColorTexture(picture).setAlphaMode('BLEND');
  veil.setBaseColorFactor([1, 1, 1, 0.5]).setDoubleSided(true);
  build.show('pane', aBox(), { material: pane });
  for (const [k, material] of [leaf, veil].entries()) {
    const mesh = build.mesh(material.getName(), build.primitive(aBox(3), { material }));
    build.place(
      doc
        .createNode(material.getName())
        .setMesh(mesh)
        .setTranslation([2 * k + 2, 0, 0]),
    );
  }
  return build.doc;
}

/** What a shape-only model gives: no normals, no UVs, no material; 39,600 triangles. */
export function aRawShape(): Document {
  return new DocumentBuilder().show('geometry_0', aGlobe(200, 100), { normals: false, uvs: false }).doc;
}

/** Coarse and fine ripples that leave the poles of a globe alone. */
const ripples = (u: number, v: number): number =>
  Math.sin(v * Math.PI) *
  (0.06 * Math.sin(u * 12 * Math.PI) * Math.sin(v * Math.PI * 5) +
    0.02 * Math.sin(u * 80 * Math.PI) * Math.sin(v * Math.PI * 30));

/** 200,704 triangles with a 2048 px JPEG and a 1024 px PNG: the size a generator delivers. */
export async function aBigModel(): Promise<Document> {
  const build = new DocumentBuilder();
  const material = build.doc
    .createMaterial('Material_0')
    .setBaseColorTexture(await build.texture('base', 2048, checker, 'jpeg'))
    .setMetallicRoughnessTexture(await build.texture('roughness and metal', 1024, roughnessAndMetal))
    .setDoubleSided(true);
  return build.show(
    'geometry_0',
    aGlobe(448, 225, (u, v) => 0.5 + ripples(u, v)),
    { material },
  ).doc;
}

/**
 * One closed globe cut into four primitives with four materials that meet along bit-equal borders, as a segmented model
 * is delivered. 15,872 triangles.
 */
export function aPatchworkModel(): Document {
  const build = new DocumentBuilder();
  const whole = aGlobe(128, 63, (u, v) => 1 + 0.15 * Math.sin(u * 8 * Math.PI) * Math.sin(v * 6 * Math.PI));
  const quarter = Math.floor(whole.indices.length / 12) * 3;
  const patches = [0.05, 0.3, 0.55, 0.8].map((hue, n) => {
    const indices = whole.indices.slice(n * quarter, n === 3 ? undefined : (n + 1) * quarter);
    const material = build.doc
      .createMaterial(`patch ${n}`)
      .setBaseColorFactor([hue, 1 - hue, 0.4, 1])
      .setMetallicFactor(0);
    return build.primitive({ ...whole, indices }, { material });
  });
  return build.place(build.doc.createNode('patchwork').setMesh(build.mesh('patchwork', ...patches))).doc;
}

/** 1,000 boxes of growing size that do not touch, in one primitive; 12,000 triangles. */
export function aCrumbledModel(): Document {
  const box = aBox();
  const [positions, normals, uvs, indices]: number[][] = [[], [], [], []];
  for (let n = 0; n < 1_000; n++) {
    const at = [n % 10, Math.floor(n / 10) % 10, Math.floor(n / 100)];
    const first = positions!.length / 3;
    positions!.push(...Array.from(box.positions, (value, k) => value * (0.5 + n / 2_000) + 2 * at[k % 3]!));
    normals!.push(...box.normals);
    uvs!.push(...box.uvs);
    indices!.push(...Array.from(box.indices, (vertex) => vertex + first));
  }
  const shape = {
    positions: new Float32Array(positions!),
    normals: new Float32Array(normals!),
    uvs: new Float32Array(uvs!),
    indices: new Uint32Array(indices!),
  };
  return new DocumentBuilder().show('crumbs', shape).doc;
}
