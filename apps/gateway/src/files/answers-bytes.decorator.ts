import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { Refuses } from '../http/refuses.decorator.js';

const bytes = { '*/*': { schema: { type: 'string', format: 'binary' } } };

/** Documents a route that answers a file: whole, in part, or "you have it already". */
export const AnswersBytes = (summary: string): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary }),
    ApiHeader({ name: 'Range', required: false, example: 'bytes=0-1023' }),
    ApiHeader({ name: 'If-None-Match', required: false, description: 'The ETag of the bytes you have' }),
    ApiResponse({ status: 200, description: 'The whole file', content: bytes }),
    ApiResponse({ status: 206, description: 'The part that Range asked for', content: bytes }),
    ApiResponse({ status: 304, description: 'The caller has these bytes already' }),
    Refuses('range_not_satisfiable', 'service_unavailable'),
  );
