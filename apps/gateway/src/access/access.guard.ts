import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Problem } from '#contracts';
import { isPublic } from './public.decorator.js';

/** Lets nobody in without a valid access token, except where @Public() says so. */
@Injectable()
export class BearerGuard extends AuthGuard('bearer') {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override canActivate(context: ExecutionContext) {
    const open = this.reflector.getAllAndOverride<boolean>(isPublic, [context.getHandler(), context.getClass()]);
    return open ? true : super.canActivate(context);
  }

  /** `reason` is why the strategy refused the token; a Problem among the reasons (no keys yet) is told as it is. */
  override handleRequest<T>(error: unknown, caller: T | false, reason: unknown, context: ExecutionContext): T {
    if (error) throw error as Error;
    if (caller) return caller;
    if (reason instanceof Problem) throw reason;
    const { authorization } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    if (!/^bearer\b/i.test(authorization ?? '')) throw new Problem('authentication_required');
    const expired = reason instanceof Error && reason.name === 'TokenExpiredError';
    throw new Problem('invalid_token', expired ? 'The access token has expired' : undefined);
  }
}
