import { uuidv7 } from 'uuidv7';
import type { AdoptArtifacts, AdoptedArtifact } from '#contracts';
import type { StoredFile } from '../files/file.js';
import { artifactKey } from '../objects/keys.js';
import { type Artifact, type Content, mediaTypeOf, pictureSize } from './artifact.js';

/** The file that an artifact with this content becomes. */
export function fileOf(
  { owner_id, task_id }: AdoptArtifacts,
  { type, filename, sha256 }: Artifact,
  content: Content,
): StoredFile {
  const { width = null, height = null } = pictureSize(type, content.head) ?? {};
  return {
    id: uuidv7(),
    ownerId: owner_id,
    kind: type.kind,
    filename,
    mediaType: mediaTypeOf(type),
    sizeBytes: content.bytes,
    sha256,
    width,
    height,
    taskId: task_id,
    objectKey: artifactKey(owner_id, task_id, sha256),
    createdAt: new Date(),
  };
}

/** A file as the artifact that it was delivered as. */
export const adoptedAs = ({ name, type }: Artifact, file: StoredFile): AdoptedArtifact => ({
  name,
  kind: type.kind,
  format: type.format,
  file_id: file.id,
  size_bytes: file.sizeBytes,
  sha256: file.sha256,
  ...(file.width !== null && file.height !== null ? { width: file.width, height: file.height } : {}),
});
