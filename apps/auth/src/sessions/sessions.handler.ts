import { Controller } from '@nestjs/common';
import {
  closeSession,
  endSession,
  listSessions,
  type ListSessions,
  type Nothing,
  type OpenedSession,
  type RefreshSession,
  refreshSession,
  type RefreshToken,
  type SessionOfAccount,
  type SessionPage,
} from '#contracts';
import { Handles } from '#messaging';
import { RefreshService } from './refresh.service.js';
import { SessionsService } from './sessions.service.js';

@Controller()
export class SessionsHandler {
  constructor(
    private readonly sessions: SessionsService,
    private readonly refreshes: RefreshService,
  ) {}

  @Handles(refreshSession)
  refresh(request: RefreshSession): Promise<OpenedSession> {
    return this.refreshes.refresh(request);
  }

  @Handles(closeSession)
  close(request: RefreshToken): Promise<Nothing> {
    return this.sessions.close(request);
  }

  @Handles(listSessions)
  list(request: ListSessions): Promise<SessionPage> {
    return this.sessions.list(request);
  }

  @Handles(endSession)
  end(request: SessionOfAccount): Promise<Nothing> {
    return this.sessions.end(request);
  }
}
