import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { uuidv7 } from 'uuidv7';
import {
  type ApiKeyGrant,
  type ApiKeyHash,
  type ApiKeyOfAccount,
  type ApiKeyPage,
  apiKeyRevoked,
  type CreateApiKey,
  type CreatedApiKey,
  type ListApiKeys,
  newApiKey,
  type Nothing,
  Problem,
} from '#contracts';
import { announce, databaseTime, idFrom, pageOf } from '#persistence';
import { apiKeyGrant, apiKeyView, newApiKeyRow } from './api-key.js';
import { ApiKeysRepository } from './api-keys.repository.js';

/** More than a person keeps apart, and few enough that a list of them is one page. */
const mostKeys = 50;

@Injectable()
export class ApiKeysService {
  constructor(
    private readonly database: DataSource,
    private readonly keys: ApiKeysRepository,
  ) {}

  /** Makes a key and shows it, this once. */
  async create(request: CreateApiKey): Promise<CreatedApiKey> {
    const key = newApiKey((limit) => randomInt(limit));
    return this.database.transaction(async (tx) => {
      const row = newApiKeyRow(uuidv7(), key, request, await databaseTime(tx));
      await this.makeRoom(tx, request.account_id, row.createdAt);
      await this.keys.insert(tx, row);
      return { ...apiKeyView(row), key };
    });
  }

  /** Keys that have expired stay in the list until they are revoked or their place is needed. */
  private async makeRoom(tx: EntityManager, accountId: string, now: Date): Promise<void> {
    if (!(await this.keys.holdAccount(tx, accountId))) throw new Problem('invalid_token', 'The account is gone');
    if ((await this.keys.count(tx, accountId)) < mostKeys) return;
    await this.keys.deleteExpired(tx, accountId, now);
    if ((await this.keys.count(tx, accountId)) < mostKeys) return;
    throw new Problem('too_many_api_keys', `An account may have ${mostKeys} API keys: revoke one first`);
  }

  async list({ account_id, limit, cursor }: ListApiKeys): Promise<ApiKeyPage> {
    const found = await this.keys.list(account_id, limit + 1, idFrom(cursor));
    const { items, next_cursor } = pageOf(found, limit, ({ id }) => id);
    return { items: items.map(apiKeyView), next_cursor };
  }

  /** The key is worth nothing from now on, and whoever remembers it is told. Somebody else's is `not_found` like none. */
  async revoke({ account_id, key_id }: ApiKeyOfAccount): Promise<Nothing> {
    await this.database.transaction(async (tx) => {
      if (!(await this.keys.delete(tx, key_id, account_id))) throw new Problem('not_found', 'No such API key');
      await announce(tx, apiKeyRevoked, { key_id });
    });
    return {};
  }

  /** Whose key it is and what it may do; `invalid_token` when it is unknown, revoked or expired. */
  async verify({ sha256 }: ApiKeyHash): Promise<ApiKeyGrant> {
    const key = await this.keys.findLive(Buffer.from(sha256, 'hex'));
    if (!key) throw new Problem('invalid_token', 'The API key is unknown, revoked or expired');
    await this.keys.noteUse(key.id);
    return apiKeyGrant(key);
  }
}
