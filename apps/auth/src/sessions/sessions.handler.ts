import { Controller } from '@nestjs/common';
import { closeSession, type Nothing, type RefreshToken, refreshSession, type TokenPair } from '#contracts';
import { Handles } from '#messaging';
import { SessionsService } from './sessions.service.js';

@Controller()
export class SessionsHandler {
  constructor(private readonly sessions: SessionsService) {}

  @Handles(refreshSession)
  refresh(request: RefreshToken): Promise<TokenPair> {
    return this.sessions.refresh(request);
  }

  @Handles(closeSession)
  close(request: RefreshToken): Promise<Nothing> {
    return this.sessions.close(request);
  }
}
