import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Caller, SessionCaller } from './caller.js';

const callerOf = (context: ExecutionContext): Caller => context.switchToHttp().getRequest<{ user: Caller }>().user;

/** The id of the account that is calling. */
export const Account = createParamDecorator((_: unknown, context: ExecutionContext) => callerOf(context).accountId);

/** The session that is calling; only where the route is @SessionOnly(). */
export const Session = createParamDecorator((_: unknown, context: ExecutionContext): SessionCaller => {
  const caller = callerOf(context);
  if (caller.kind !== 'session') throw new Error('a route that asks for the session has to be @SessionOnly()');
  return caller;
});
