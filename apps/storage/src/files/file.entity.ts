import { EntitySchema } from 'typeorm';
import type { StoredFile } from './file.js';

/** Rows are files whose bytes are in the store; unfinished uploads have a table of their own. */
export const FileEntity = new EntitySchema<StoredFile & { usedAt?: Date }>({
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
