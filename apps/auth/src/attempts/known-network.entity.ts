import { EntitySchema } from 'typeorm';

/** A network from which an account has logged in. */
export interface KnownNetwork {
  accountId: string;
  network: string;
  seenAt: Date;
}

export const KnownNetworkEntity = new EntitySchema<KnownNetwork>({
  name: 'KnownNetwork',
  tableName: 'known_networks',
  columns: {
    accountId: { type: 'uuid', name: 'account_id', primary: true },
    network: { type: 'text', primary: true },
    seenAt: { type: 'timestamptz', name: 'seen_at' },
  },
});
