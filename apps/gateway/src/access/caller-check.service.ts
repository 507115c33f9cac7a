import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type ApiScope, Problem } from '#contracts';
import { ApiKeyStrategy, apiKeyIn } from '../api-keys/api-key.strategy.js';
import type { Caller } from './caller.js';
import { permit } from './policy.js';
import { RevocationsService } from './revocations.service.js';

/** Whether who was let in would still be, for answers that go on for long. */
@Injectable()
export class CallerCheckService {
  constructor(
    private readonly revocations: RevocationsService,
    private readonly apiKeys: ApiKeyStrategy,
  ) {}

  /** To be called now and then: refuses once the token has expired or was taken back, or the key has lost the scope. */
  checkOf(request: FastifyRequest, scope: ApiScope): () => Promise<void> {
    const { user } = request as FastifyRequest & { user: Caller };
    return () => this.check(user, apiKeyIn(request.headers), scope);
  }

  private async check(caller: Caller, key: string | undefined, scope: ApiScope): Promise<void> {
    if (caller.kind === 'api_key') return permit({ for: 'scope', scope }, await this.apiKeys.validate(key!));
    if (caller.expiresAt <= Date.now()) throw new Problem('invalid_token', 'The access token has expired');
    this.revocations.refuseRevoked(caller.accountId, caller.sessionId);
  }
}
