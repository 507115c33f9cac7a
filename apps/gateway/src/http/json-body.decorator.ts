import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { type Class, Problem } from '#contracts';
import { validated } from '#messaging';

/** The JSON body as an instance of its class; anything else about it is a 415 or a 422. */
export const JsonBody =
  <T extends object>(type: Class<T>, examples?: Record<string, { value: object }>): ParameterDecorator =>
  (target, method, index) => {
    createParamDecorator((_: unknown, context: ExecutionContext) => jsonOf(context, type))()(target, method, index);
    ApiBody({ type, ...(examples ? { examples } : {}) })(
      target,
      method!,
      Object.getOwnPropertyDescriptor(target, method!)!,
    );
  };

function jsonOf<T extends object>(context: ExecutionContext, type: Class<T>): T {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  if (request.isMultipart()) throw new Problem('unsupported_media_type', 'This takes application/json');
  return validated(type, request.body);
}
