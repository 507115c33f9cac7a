import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { WebhookSecretView } from '#contracts';
import { databaseTime, refuseErased } from '#persistence';
import { TaskConfig } from '../task.config.js';
import { secretsAt } from './webhook-secret.js';
import { WebhookSecretsRepository } from './webhook-secrets.repository.js';

/** What an account's webhooks are signed with. */
@Injectable()
export class WebhookSecretsService {
  constructor(
    private readonly database: DataSource,
    private readonly secrets: WebhookSecretsRepository,
    private readonly config: TaskConfig,
  ) {}

  find(accountId: string): Promise<WebhookSecretView> {
    return this.viewOf(this.database.manager, accountId);
  }

  /** From now on a new secret signs; the one before does so too for a day, and no older one. */
  rotate(accountId: string): Promise<WebhookSecretView> {
    return this.database.transaction(async (tx) => {
      await refuseErased(tx, accountId);
      await this.secrets.rotate(tx, accountId);
      return this.viewOf(tx, accountId);
    });
  }

  private async viewOf(manager: EntityManager, accountId: string): Promise<WebhookSecretView> {
    const current = await this.secrets.find(manager, accountId);
    return secretsAt(this.config.WEBHOOKS_SECRET, accountId, current, await databaseTime(manager));
  }
}
