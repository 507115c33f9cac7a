import { Injectable } from '@nestjs/common';
import type { TokenPair } from '#contracts';
import { AuthConfig } from '../auth.config.js';
import { SigningKeysService } from '../signing-keys/signing-keys.service.js';
import { signAccessToken } from './access-token.js';
import type { Session } from './session.js';

/** Signs the access tokens of sessions. */
@Injectable()
export class AccessTokensService {
  constructor(
    private readonly signingKeys: SigningKeysService,
    private readonly config: AuthConfig,
  ) {}

  /**
   * Gets ready to sign: what can fail, fails here. Called before a transaction, so that none waits for a key and no refresh token is
   * spent in vain.
   */
  async issuer(): Promise<(session: Session, now: Date) => Omit<TokenPair, 'refresh_token'>> {
    const signer = await this.signingKeys.signer();
    const lifetime = this.config.ACCESS_TOKEN_SECONDS;
    return ({ id, accountId }, now) => ({
      access_token: signAccessToken({ sub: accountId, sid: id }, signer, now, lifetime),
      token_type: 'Bearer',
      expires_in: lifetime,
    });
  }
}
