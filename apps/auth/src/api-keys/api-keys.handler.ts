import { Controller } from '@nestjs/common';
import {
  type ApiKeyGrant,
  type ApiKeyHash,
  type ApiKeyOfAccount,
  type ApiKeyPage,
  type CreateApiKey,
  createApiKey,
  type CreatedApiKey,
  type ListApiKeys,
  listApiKeys,
  type Nothing,
  revokeApiKey,
  verifyApiKey,
} from '#contracts';
import { Handles } from '#messaging';
import { ApiKeysService } from './api-keys.service.js';

@Controller()
export class ApiKeysHandler {
  constructor(private readonly keys: ApiKeysService) {}

  @Handles(createApiKey)
  create(request: CreateApiKey): Promise<CreatedApiKey> {
    return this.keys.create(request);
  }

  @Handles(listApiKeys)
  list(request: ListApiKeys): Promise<ApiKeyPage> {
    return this.keys.list(request);
  }

  @Handles(revokeApiKey)
  revoke(request: ApiKeyOfAccount): Promise<Nothing> {
    return this.keys.revoke(request);
  }

  @Handles(verifyApiKey)
  verify(request: ApiKeyHash): Promise<ApiKeyGrant> {
    return this.keys.verify(request);
  }
}
