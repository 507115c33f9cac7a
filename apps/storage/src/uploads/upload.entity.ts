import { EntitySchema } from 'typeorm';

/** An upload that was allowed and is not a file yet. It has the id that the file will have. */
export interface Upload {
  id: string;
  ownerId: string;
  filename: string;
  ticketHash: string;
  claimedAt: Date | null;
  createdAt: Date;
}

/** A row leads to whatever its upload has left in the store until it is a file or swept away. */
export const UploadEntity = new EntitySchema<Upload>({
  name: 'Upload',
  tableName: 'uploads',
  columns: {
    id: { type: 'uuid', primary: true },
    ownerId: { type: 'uuid', name: 'owner_id' },
    filename: { type: 'text' },
    ticketHash: { type: 'text', name: 'ticket_hash' },
    claimedAt: { type: 'timestamptz', name: 'claimed_at', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at', createDate: true },
  },
});
