import {
  applyDecorators,
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  UseGuards,
} from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '#contracts';
import { entriesOf, GatewayConfig } from '../gateway.config.js';
import { Refuses } from '../http/refuses.decorator.js';
import { sessionModeOf } from './session-mode.js';
import { TokenCarrier } from './token-carrier.js';

/**
 * With a cookie, a request is only as good as the page it comes from: its Origin has to be there, and has to be this site's or one that
 * the settings name. A browser sends it with every POST.
 */
@Injectable()
export class SessionModeGuard implements CanActivate {
  private readonly origins: ReadonlySet<string>;

  constructor(config: GatewayConfig) {
    this.origins = new Set(entriesOf(config.CORS_ORIGINS));
  }

  canActivate(context: ExecutionContext): boolean {
    const { query, headers, protocol, host } = requestOf(context);
    if (sessionModeOf(query as object) === 'body') return true;
    const { origin } = headers;
    if (origin === `${protocol}://${host}` || (origin !== undefined && this.origins.has(origin))) return true;
    throw new Problem('origin_not_allowed');
  }
}

/** For a route that may keep the refresh token in a cookie: `?session=cookie`. */
export const MayUseCookie = (): MethodDecorator =>
  applyDecorators(
    UseGuards(SessionModeGuard),
    ApiQuery({
      name: 'session',
      required: false,
      enum: ['cookie'],
      description: 'For browsers: the refresh token is in an HttpOnly cookie, and `Origin` is checked',
    }),
    Refuses('invalid_parameters', 'origin_not_allowed'),
  );

/** Carries the refresh token of the request and its answer. */
export const Carrier = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { query, headers } = requestOf(context);
  const reply = context.switchToHttp().getResponse<FastifyReply>();
  return new TokenCarrier(sessionModeOf(query as object), headers.cookie, reply);
});

const requestOf = (context: ExecutionContext): FastifyRequest => context.switchToHttp().getRequest<FastifyRequest>();
