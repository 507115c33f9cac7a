import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { apiKeyPrefix } from '#contracts';
import type { ApiKeyCaller } from '../access/caller.js';
import { RevocationsService } from '../access/revocations.service.js';
import { ApiKeyGrantsService } from './api-key-grants.service.js';

type Verify = (key: string, done: (error: unknown, caller?: object | null) => void) => void;

/** The bearer value of a request (RFC 6750 §2.1) when it begins like our keys. */
export function apiKeyIn({ authorization }: { authorization?: string }): string | undefined {
  const value = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  return value?.startsWith(apiKeyPrefix) ? value : undefined;
}

/** Takes our keys, and leaves all others to the next strategy. */
class KeyInHeader extends passport.Strategy {
  constructor(private readonly verify: Verify) {
    super();
  }

  override authenticate({ headers }: { headers: { authorization?: string } }): void {
    const key = apiKeyIn(headers);
    if (key === undefined) return this.fail();
    this.verify(key, (error, caller) => {
      if (caller) this.success(caller);
      else this.error(error);
    });
  }
}

/** Lets programs in with an API key. */
@Injectable()
export class ApiKeyStrategy extends PassportStrategy(KeyInHeader, 'api-key') {
  constructor(
    private readonly grants: ApiKeyGrantsService,
    private readonly revocations: RevocationsService,
  ) {
    super();
  }

  async validate(key: string): Promise<ApiKeyCaller> {
    const { account_id: accountId, key_id: keyId, scopes } = await this.grants.grantOf(key);
    this.revocations.refuseRevoked(accountId);
    return { kind: 'api_key', accountId, keyId, scopes };
  }
}
