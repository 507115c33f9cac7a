import { type DeliveredArtifact, mediaTypes, Problem } from '#contracts';

/** What becomes of an output in one of the formats that workers deliver, and how its bytes begin. */
export interface ArtifactType {
  kind: 'model' | 'preview';
  /** As clients know it: OBJ arrives as a zip and is called obj. */
  format: 'glb' | 'obj' | 'fbx' | 'png';
  filename: string;
  magic: Buffer;
}

const artifactTypes: Record<string, ArtifactType> = {
  glb: { kind: 'model', format: 'glb', filename: 'model.glb', magic: Buffer.from('glTF') },
  'obj.zip': { kind: 'model', format: 'obj', filename: 'model-obj.zip', magic: Buffer.from('PK\u0003\u0004') },
  fbx: { kind: 'model', format: 'fbx', filename: 'model.fbx', magic: Buffer.from('Kaydara FBX Binary') },
  png: {
    kind: 'preview',
    format: 'png',
    filename: 'preview.png',
    magic: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  },
};

/** As many first bytes of an artifact as the rules below look at. */
export const headBytes = 32;
const artifactName = /^[a-z0-9][a-z0-9_.-]{0,63}$/;

/** A delivered output and what it is to become. */
export interface Artifact extends DeliveredArtifact {
  type: ArtifactType;
}

/** What was really found in the store. */
export interface Content {
  bytes: number;
  sha256: string;
  head: Buffer;
}

/** RFC 6838 media type. */
export const mediaTypeOf = ({ format }: ArtifactType): string => mediaTypes[format];

/** The delivery with what each part is to become, or `output_rejected`: unknown formats, bad or repeated names, too large. */
export function expectedArtifacts(delivered: DeliveredArtifact[], maxBytes: number): Artifact[] {
  const names = new Set<string>();
  return delivered.map((artifact) => {
    const { name, format, bytes } = artifact;
    const type = Object.hasOwn(artifactTypes, format) ? artifactTypes[format] : undefined;
    if (!artifactName.test(name)) throw rejected(name, 'is not a name of an output');
    if (names.has(name)) throw rejected(name, 'was delivered twice');
    if (!type) throw rejected(name, `has the unknown format ${format}`);
    if (bytes > maxBytes) throw rejected(name, `is larger than ${maxBytes} bytes`);
    names.add(name);
    return { ...artifact, type };
  });
}

/** Refuses content that is not what the worker said it wrote. */
export function checkContent({ name, format, bytes, sha256, type }: Artifact, content: Content): void {
  checkSize({ name, bytes }, content.bytes);
  if (content.sha256 !== sha256) throw rejected(name, 'has another SHA-256 than was promised');
  if (!content.head.subarray(0, type.magic.length).equals(type.magic)) throw rejected(name, `is no ${format} file`);
}

/** The size alone: known before the first byte is read. */
export function checkSize({ name, bytes }: Pick<Artifact, 'name' | 'bytes'>, found: number): void {
  if (found !== bytes) throw rejected(name, `has ${found} bytes instead of ${bytes}`);
}

/** Width and height of a PNG, which its first chunk begins with (ISO/IEC 15948 §11.2.2); nothing for other formats. */
export function pictureSize(type: ArtifactType, head: Buffer): { width: number; height: number } | undefined {
  if (type.format !== 'png' || head.length < 24 || head.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
}

/** The refusal of an output, by its name. */
export const rejected = (name: string, why: string): Problem =>
  new Problem('output_rejected', `The output ${name} ${why}`, { members: { output: name } });
