import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SecretGenerationEntity } from './secret-generation.entity.js';
import type { SecretGeneration } from './webhook-secret.js';

/** Every query about which secret of an account signs. */
@Injectable()
export class WebhookSecretsRepository {
  /** null when the account still has its first secret. */
  find(manager: EntityManager, accountId: string): Promise<SecretGeneration | null> {
    return manager.findOneBy(SecretGenerationEntity, { accountId });
  }

  /** Two rotations at once are one after the other. */
  async rotate(tx: EntityManager, accountId: string): Promise<void> {
    await tx.query(
      `INSERT INTO webhook_secrets (account_id, generation, rotated_at) VALUES ($1, 2, clock_timestamp())
       ON CONFLICT (account_id) DO UPDATE
       SET generation = webhook_secrets.generation + 1, rotated_at = clock_timestamp()`,
      [accountId],
    );
  }

  /** Whether there was something to remove. */
  async remove(tx: EntityManager, accountId: string): Promise<boolean> {
    const { affected } = await tx.delete(SecretGenerationEntity, { accountId });
    return affected === 1;
  }
}
