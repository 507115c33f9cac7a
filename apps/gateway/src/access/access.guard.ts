import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Problem } from '#contracts';
import type { Caller } from './caller.js';
import { permit } from './policy.js';
import { policyOf } from './policy.decorator.js';

/** Lets in whom the route's policy names: @Public(), @Needs(scope) or @SessionOnly(). A route without one is closed to everybody. */
@Injectable()
export class AccessGuard extends AuthGuard(['api-key', 'bearer']) {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const policy = policyOf(this.reflector, context.getHandler() as () => unknown, context.getClass());
    if (policy.for === 'anybody') return true;
    await super.canActivate(context);
    permit(policy, context.switchToHttp().getRequest<{ user: Caller }>().user);
    return true;
  }

  /** `reasons` say why each strategy refused the token, the last one's counts; a Problem among them is told as it is. */
  override handleRequest<T>(error: unknown, caller: T | false, reasons: unknown, context: ExecutionContext): T {
    if (error) throw error as Error;
    if (caller) return caller;
    const reason: unknown = [reasons].flat().at(-1);
    if (reason instanceof Problem) throw reason;
    const { authorization } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    if (!/^bearer\b/i.test(authorization ?? '')) throw new Problem('authentication_required');
    const expired = reason instanceof Error && reason.name === 'TokenExpiredError';
    throw new Problem('invalid_token', expired ? 'The access token has expired' : undefined);
  }
}
