import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { costsOf } from './costs.decorator.js';
import { LimitsService } from './limits.service.js';
import { tell, tooManyRequests } from './rate-limit-fields.js';

/** Counts a request for the account that it was proved to come from. */
@Injectable()
export class AccountLimitGuard implements CanActivate {
  constructor(private readonly limits: LimitsService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & { user?: { accountId: string } }>();
    const { points } = costsOf(request);
    if (!this.limits.enabled || !request.user || points === 0) return true;
    const verdict = await this.limits.take('account', request.user.accountId, points);
    tell(http.getResponse<FastifyReply>(), verdict);
    if (!verdict.admitted) throw tooManyRequests(verdict);
    return true;
  }
}
