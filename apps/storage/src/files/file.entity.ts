import { EntitySchema } from 'typeorm';
import type { StoredFile } from './file.js';

/** What is kept of a file besides what its owner sees. */
interface UploadedFile {
  usedAt?: Date;
  /** The SHA-256 of the bytes as they were sent, which are not those that are stored; null for what a task made. */
  sentSha256?: string | null;
  /** How often these bytes were uploaded, less how often that was taken back. */
  uploads?: number;
}

/** Rows are files whose bytes are in the store; unfinished uploads have a table of their own. */
export const FileEntity = new EntitySchema<StoredFile & UploadedFile>({
  name: 'File',
  tableName: 'files',
  columns: {
    id: { type: 'uuid', primary: true },
    ownerId: { type: 'uuid', name: 'owner_id' },
    kind: { type: 'text' },
    filename: { type: 'text' },
    mediaType: { type: 'text', name: 'media_type' },
    sizeBytes: {
      type: 'bigint',
      name: 'size_bytes',
      transformer: { from: Number, to: (bytes: number) => bytes }, // pg hands a bigint over as a string
    },
    sha256: { type: 'text' },
    width: { type: 'integer', nullable: true },
    height: { type: 'integer', nullable: true },
    taskId: { type: 'uuid', name: 'task_id', nullable: true },
    objectKey: { type: 'text', name: 'object_key' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    sentSha256: { type: 'text', name: 'sent_sha256', nullable: true, update: false, select: false },
    uploads: { type: 'integer', default: 1, insert: false, update: false, select: false },
    usedAt: {
      type: 'timestamptz',
      name: 'used_at',
      insert: false,
      update: false,
      select: false,
      default: () => 'now()',
    },
  },
});
