import { Controller } from '@nestjs/common';
import { type LogIn, type OpenedSession, openSession } from '#contracts';
import { Handles } from '#messaging';
import { LogInService } from './log-in.service.js';

@Controller()
export class LogInHandler {
  constructor(private readonly logIns: LogInService) {}

  @Handles(openSession)
  open(request: LogIn): Promise<OpenedSession> {
    return this.logIns.logIn(request);
  }
}
