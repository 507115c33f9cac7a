import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { Refuses } from '../http/refuses.decorator.js';

const bytes = { '*/*': { schema: { type: 'string', format: 'binary' } } };

const elsewhere = ApiResponse({
  status: 302,
  description: 'The store gives the bytes at this address for some minutes; it takes no `Authorization` header',
  headers: { Location: { schema: { type: 'string', format: 'uri' } } },
});

const ownedAlready = ApiResponse({ status: 304, description: 'The caller has these bytes already' });

const condition = ApiHeader({
  name: 'If-None-Match',
  required: false,
  description: 'The ETag of the bytes you have',
});

/** Documents a route that answers a file: whole, in part, from elsewhere, or "you have it already". */
export const AnswersBytes = (summary: string): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary }),
    ApiHeader({ name: 'Range', required: false, example: 'bytes=0-1023' }),
    condition,
    ApiResponse({ status: 200, description: 'The whole file', content: bytes }),
    ApiResponse({ status: 206, description: 'The part that Range asked for', content: bytes }),
    elsewhere,
    ownedAlready,
    Refuses('range_not_satisfiable', 'service_unavailable'),
  );

/** Documents the HEAD beside it. */
export const DescribesBytes = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'What GET would answer, without the bytes and without a redirect' }),
    condition,
    ApiResponse({ status: 200, description: 'The whole file' }),
    ownedAlready,
  );
