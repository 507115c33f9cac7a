import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** A parameter of a handler that is read from a request, beside its body, and stands in the OpenAPI document by these decorators. */
export const documentedParameter =
  (read: (request: FastifyRequest) => unknown, ...documentation: MethodDecorator[]): ParameterDecorator =>
  (target, method, index) => {
    createParamDecorator((_: unknown, context: ExecutionContext) =>
      read(context.switchToHttp().getRequest<FastifyRequest>()),
    )()(target, method, index);
    applyDecorators(...documentation)(target, method, Object.getOwnPropertyDescriptor(target, method!));
  };
