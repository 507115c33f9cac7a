import { type DeliveredArtifact, mediaTypes, Problem, type WorkerFormat } from '#contracts';
import { type ArtifactType, artifactTypes } from './artifact-type.js';
import { pngSize } from './content.js';

const artifactName = /^[a-z0-9][a-z0-9_.-]{0,63}$/;

/** A delivered output and what it is to become. */
export interface Artifact extends DeliveredArtifact {
  type: ArtifactType;
  /** What the file is to be called. */
  filename: string;
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
    const type = Object.hasOwn(artifactTypes, format) ? artifactTypes[format as WorkerFormat] : undefined;
    if (!artifactName.test(name)) throw rejected(name, 'is not a name of an output');
    if (names.has(name)) throw rejected(name, 'was delivered twice');
    if (!type) throw rejected(name, `has the unknown format ${format}`);
    if (bytes > maxBytes) throw rejected(name, `is larger than ${maxBytes} bytes`);
    names.add(name);
    return { ...artifact, type, filename: type.filenameOf(name) };
  });
}

/** Refuses content that is not what the worker said it wrote. */
export function checkContent({ name, format, bytes, sha256, type }: Artifact, content: Content): void {
  checkSize({ name, bytes }, content.bytes);
  if (content.sha256 !== sha256) throw rejected(name, 'has another SHA-256 than was promised');
  if (!type.isOne(content.head, content.bytes)) throw rejected(name, `is no ${format} file`);
}

/** The size alone: known before the first byte is read. */
export function checkSize({ name, bytes }: Pick<Artifact, 'name' | 'bytes'>, found: number): void {
  if (found !== bytes) throw rejected(name, `has ${found} bytes instead of ${bytes}`);
}

/** Width and height of a preview; nothing for other artifacts. */
export const pictureSize = (type: ArtifactType, head: Buffer): { width: number; height: number } | undefined =>
  type.format === 'png' ? pngSize(head) : undefined;

/** The refusal of an output, by its name. */
export const rejected = (name: string, why: string): Problem =>
  new Problem('output_rejected', `The output ${name} ${why}`, { members: { output: name } });
