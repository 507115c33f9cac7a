import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Caller } from './bearer.strategy.js';

/** The id of the account that is calling. */
export const Account = createParamDecorator(
  (_: unknown, context: ExecutionContext): string =>
    context.switchToHttp().getRequest<{ user: Caller }>().user.accountId,
);
