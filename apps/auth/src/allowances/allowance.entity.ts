import { EntitySchema } from 'typeorm';

/** The window of a bucket that is under way, or over and not swept yet. `used` counts what was asked for, see allowance.ts. */
export interface AllowanceWindow {
  bucket: string;
  used: number;
  resetsAt: Date;
}

export const AllowanceEntity = new EntitySchema<AllowanceWindow>({
  name: 'Allowance',
  tableName: 'allowances',
  columns: {
    bucket: { type: 'text', primary: true },
    used: { type: 'integer' },
    resetsAt: { type: 'timestamptz', name: 'resets_at' },
  },
});
