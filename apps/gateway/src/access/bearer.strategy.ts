import type { KeyObject } from 'node:crypto';
import { callbackify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { isUUID } from 'class-validator';
import { ExtractJwt, type SecretOrKeyProvider, Strategy } from 'passport-jwt';
import { type AccessClaims, Problem, tokenAlgorithm, tokenAudience, tokenIssuer, tokenType } from '#contracts';
import { KeySetService } from '../key-set/key-set.service.js';
import type { SessionCaller } from './caller.js';
import { RevocationsService } from './revocations.service.js';
import { tokenHeaderOf } from './token-header.js';

const clockToleranceSeconds = 5;

/** Verifies access tokens (RFC 9068, RFC 8725): our algorithm, our type, a key of ours, for us, not expired, not taken back. */
@Injectable()
export class BearerStrategy extends PassportStrategy(Strategy, 'bearer') {
  constructor(
    keys: KeySetService,
    private readonly revocations: RevocationsService,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: keyProvider(keys),
      algorithms: [tokenAlgorithm],
      issuer: tokenIssuer,
      audience: tokenAudience,
      jsonWebTokenOptions: { clockTolerance: clockToleranceSeconds },
    });
  }

  /** Called with the claims of a token whose signature and times are right. */
  validate({ sub, sid, exp }: Partial<AccessClaims> & { exp?: number }): SessionCaller {
    if (!sub || !sid || !isUUID(sub) || !isUUID(sid) || exp === undefined) throw new Problem('invalid_token');
    this.revocations.refuseRevoked(sub, sid);
    return { kind: 'session', accountId: sub, sessionId: sid, expiresAt: (exp + clockToleranceSeconds) * 1000 };
  }
}

/** The types know text only; jsonwebtoken verifies with a KeyObject, and far faster. */
const keyProvider = (keys: KeySetService): SecretOrKeyProvider => {
  const find = callbackify((token: string) => keyOf(keys, token)) as unknown as ProvideKey;
  return (_request, token: string, done) => find(token, done);
};

type ProvideKey = (token: string, done: (error: unknown, key?: string | Buffer) => void) => void;

async function keyOf(keys: KeySetService, token: string): Promise<KeyObject> {
  const header = tokenHeaderOf(token);
  if (header?.typ !== tokenType || header.alg !== tokenAlgorithm || typeof header.kid !== 'string') {
    throw new Problem('invalid_token');
  }
  const key = await keys.verifier(header.kid);
  if (!key) throw new Problem('invalid_token');
  return key;
}
