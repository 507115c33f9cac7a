import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { Problem } from '#contracts';
import { metrics } from '#telemetry';
import { AuthConfig } from '../auth.config.js';
import { isCommonPassword } from './common-passwords.js';
import { ConcurrencyLimit } from './concurrency-limit.js';
import { hashParameters, unmatchableHash } from './password-hash.js';
import { type PasswordOwner, weaknessOf } from './password-rules.js';

/** Hashes and checks passwords a few at a time: a rush of log-ins can exhaust neither the memory nor the thread pool. */
@Injectable()
export class PasswordsService implements OnModuleInit, OnModuleDestroy {
  private readonly limit: ConcurrencyLimit;
  private readonly minLength: number;
  private readonly nobody = unmatchableHash();
  private stopTelling = (): void => undefined;

  constructor({ PASSWORD_HASHES_AT_ONCE, PASSWORD_HASHES_WAITING, PASSWORD_MIN_LENGTH }: AuthConfig) {
    this.limit = new ConcurrencyLimit(PASSWORD_HASHES_AT_ONCE, PASSWORD_HASHES_WAITING);
    this.minLength = PASSWORD_MIN_LENGTH;
  }

  onModuleInit(): void {
    this.stopTelling = metrics.passwordHashesWaiting.from(() => [{ value: this.limit.queued }]);
  }

  onModuleDestroy(): void {
    this.stopTelling();
  }

  /** Throws `invalid_parameters`, with the place of the password in the request, when a new password is too easy to guess. */
  accept(password: string, owner: PasswordOwner, pointer: '/password' | '/new_password'): void {
    const weakness = weaknessOf(password, owner, { minLength: this.minLength, isCommon: isCommonPassword });
    if (weakness === null) return;
    const message = `${pointer.slice(1)} ${weakness}`;
    throw new Problem('invalid_parameters', undefined, { errors: [{ pointer, message }] });
  }

  /** Throws `service_unavailable` when too many are waiting. */
  hash(password: string): Promise<string> {
    return this.limit.run(() => hash(password, hashParameters), tooBusy);
  }

  /** Does the same work, and answers false, when there is no hash to compare with. Throws as `hash` does. */
  matches(password: string, passwordHash = this.nobody): Promise<boolean> {
    return this.limit.run(() => verify(passwordHash, password), tooBusy);
  }
}

const tooBusy = (): Problem =>
  new Problem('service_unavailable', 'Too many people are logging in at this moment', { retryAfter: 2 });
