import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { KnownNetworkEntity } from './known-network.entity.js';

/** Not seen for this long, a network is somebody else's by now. */
const memory = '180 days';

@Injectable()
export class KnownNetworksRepository {
  constructor(private readonly database: DataSource) {}

  /** Whether the account has logged in from there. */
  has(accountId: string, network: string): Promise<boolean> {
    return this.database.manager.existsBy(KnownNetworkEntity, { accountId, network });
  }

  /** Nothing happens when the account has been erased meanwhile. */
  async note(tx: EntityManager, accountId: string, network: string): Promise<void> {
    await tx.query(
      `INSERT INTO known_networks (account_id, network, seen_at)
       SELECT id, $2, clock_timestamp() FROM accounts WHERE id = $1 FOR KEY SHARE
       ON CONFLICT (account_id, network) DO UPDATE SET seen_at = excluded.seen_at`,
      [accountId, network],
    );
  }

  async sweep(): Promise<void> {
    await this.database.query(`DELETE FROM known_networks WHERE seen_at < now() - interval '${memory}'`);
  }
}
