import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/**
 * Lets the pages of these origins call the API from a browser (CORS); with none, no page may. They may send the refresh
 * token's cookie: only where these origins are named, and never with a wildcard.
 */
export function allowOrigins(app: NestFastifyApplication, origins: string[]): void {
  if (origins.length === 0) return;
  app.enableCors({
    origin: origins,
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'If-None-Match',
      'If-Range',
      'Last-Event-ID',
      'Range',
      'Traceparent',
      'X-Request-Id',
    ],
    exposedHeaders: [
      'Accept-Ranges',
      'Content-Disposition',
      'Content-Range',
      'ETag',
      'Idempotent-Replayed',
      'Location',
      'RateLimit',
      'RateLimit-Policy',
      'Retry-After',
      'WWW-Authenticate',
      'X-Request-Id',
    ],
    maxAge: 600,
    strictPreflight: false,
  });
}
