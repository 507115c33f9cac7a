import type { FileKind, FileView } from '#contracts';

/** A file whose bytes are in the store, whole and checked. */
export interface StoredFile {
  id: string;
  ownerId: string;
  kind: FileKind;
  filename: string;
  mediaType: string;
  sizeBytes: number;
  sha256: string;
  /** In pixels, as the picture is to be shown; null for what is no picture. */
  width: number | null;
  height: number | null;
  /** The task that made it; null for an upload. */
  taskId: string | null;
  objectKey: string;
  createdAt: Date;
}

/** A file as its owner sees it: where its object lies stays inside. */
export const viewOf = (file: StoredFile): FileView => ({
  file_id: file.id,
  filename: file.filename,
  media_type: file.mediaType,
  size_bytes: file.sizeBytes,
  sha256: file.sha256,
  kind: file.kind,
  ...(file.width !== null && file.height !== null ? { width: file.width, height: file.height } : {}),
  ...(file.taskId === null ? {} : { task_id: file.taskId }),
  created_at: file.createdAt.toISOString(),
  url: `/files/${file.id}`,
});
