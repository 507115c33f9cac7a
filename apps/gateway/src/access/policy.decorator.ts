import { applyDecorators, SetMetadata, type Type } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { ApiBearerAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { ApiScope } from '#contracts';
import { Refuses } from '../http/refuses.decorator.js';
import type { Policy } from './policy.js';

const policyKey = 'lathe:policy';

const policy = (value: Policy): MethodDecorator & ClassDecorator => SetMetadata(policyKey, value);

/** Opens a route, or a whole controller, to callers without a token. */
export const Public = (): MethodDecorator & ClassDecorator => policy({ for: 'anybody' });

/** For every session, and for API keys with this scope. */
export const Needs = (scope: ApiScope): MethodDecorator =>
  applyDecorators(
    policy({ for: 'scope', scope }),
    ApiBearerAuth('bearer'),
    ApiSecurity('api_key'),
    ApiExtension('x-required-scope', scope),
    Refuses('authentication_required', 'invalid_token', 'insufficient_scope'),
  );

/** For sessions; an API key cannot do it, whatever its scopes. */
export const SessionOnly = (): MethodDecorator =>
  applyDecorators(
    policy({ for: 'sessions' }),
    ApiBearerAuth('bearer'),
    Refuses('authentication_required', 'invalid_token', 'insufficient_scope'),
  );

/** Who may call a handler. One that does not say it can be called by nobody: that is a bug. */
export function policyOf(reflector: Reflector, handler: () => unknown, controller: Type): Policy {
  const found = reflector.getAllAndOverride<Policy | undefined>(policyKey, [handler, controller]);
  if (!found) throw new Error(`${controller.name}.${handler.name} does not say who may call it`);
  return found;
}
