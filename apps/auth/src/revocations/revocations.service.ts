import { Injectable } from '@nestjs/common';
import type { Revocations } from '#contracts';
import { AuthConfig } from '../auth.config.js';
import { ErasuresRepository } from '../erasures/erasures.repository.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';

/** Clocks may differ by this, and a transaction may take so long to commit after it looked at its clock. */
const marginSeconds = 60;

/** What was taken back while access tokens of it may still be about. */
@Injectable()
export class RevocationsService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly erasures: ErasuresRepository,
    private readonly config: AuthConfig,
  ) {}

  async list(): Promise<Revocations> {
    const remember_seconds = this.config.ACCESS_TOKEN_SECONDS + marginSeconds;
    const [session_ids, account_ids] = await Promise.all([
      this.sessions.endedWithin(remember_seconds),
      this.erasures.erasedWithin(remember_seconds),
    ]);
    return { session_ids, account_ids, remember_seconds };
  }
}
