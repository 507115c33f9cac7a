import { type Accessor, Document, Logger, type Material, type Mesh, type Primitive } from '@gltf-transform/core';
import { aPicture, type Paint } from './a-picture.js';
import type { Shape } from './a-shape.js';

export interface Wearing {
  material?: Material;
  normals?: boolean;
  uvs?: boolean;
  /** Red, green, blue, alpha per vertex, 0–255. */
  colors?: Uint8Array;
}

/** Builds a document piece by piece; what a test does not name gets the plainest value. */
export class DocumentBuilder {
  readonly doc = new Document().setLogger(new Logger(Logger.Verbosity.SILENT));
  private readonly buffer = this.doc.createBuffer();
  private readonly scene = this.doc.createScene('Scene');

  primitive(shape: Shape, { material, normals = true, uvs = true, colors }: Wearing = {}): Primitive {
    const primitive = this.doc
      .createPrimitive()
      .setIndices(this.accessor('SCALAR', shape.indices))
      .setAttribute('POSITION', this.accessor('VEC3', shape.positions))
      .setMaterial(material ?? null);
    if (normals) primitive.setAttribute('NORMAL', this.accessor('VEC3', shape.normals));
    if (uvs) primitive.setAttribute('TEXCOORD_0', this.accessor('VEC2', shape.uvs));
    if (colors) primitive.setAttribute('COLOR_0', this.accessor('VEC4', colors).setNormalized(true));
    return primitive;
  }

  mesh(name: string, ...primitives: Primitive[]): Mesh {
    const mesh = this.doc.createMesh(name);
    for (const primitive of primitives) mesh.addPrimitive(primitive);
    return mesh;
  }

  /** A mesh of one primitive on a node of the same name. */
  show(name: string, shape: Shape, wearing: Wearing = {}): this {
    return this.place(this.doc.createNode(name).setMesh(this.mesh(name, this.primitive(shape, wearing))));
  }

  place(node: ReturnType<Document['createNode']>): this {
    this.scene.addChild(node);
    return this;
  }

  async texture(name: string, size: number, paint: Paint, format: 'png' | 'jpeg' = 'png') {
    const picture = await aPicture(size, paint, format);
    return this.doc.createTexture(name).setImage(new Uint8Array(picture)).setMimeType(`image/${format}`);
  }

  private accessor(
    type: 'SCALAR' | 'VEC2' | 'VEC3' | 'VEC4',
    array: Float32Array | Uint32Array | Uint8Array,
  ): Accessor {
    return this.doc.createAccessor().setType(type).setArray(array.slice()).setBuffer(this.buffer);
  }
}
