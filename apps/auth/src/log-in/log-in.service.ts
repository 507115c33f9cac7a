import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { LogIn, OpenedSession } from '#contracts';
import { SessionsService } from '../sessions/sessions.service.js';
import { PasswordProofsService } from './password-proofs.service.js';

@Injectable()
export class LogInService {
  constructor(
    private readonly database: DataSource,
    private readonly proofs: PasswordProofsService,
    private readonly sessions: SessionsService,
  ) {}

  /** Opens a session for whoever knows the password; throws as `PasswordProofsService.prove` does. */
  async logIn({ email, password, client }: LogIn): Promise<OpenedSession> {
    const account = await this.proofs.prove(email, password, client);
    return this.database.transaction((tx) => this.sessions.start(tx, account, client));
  }
}
