import multipart from '@fastify/multipart';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { carryContext, createLogger, Departure, NestLogger, requestIdOf } from '#runtime';
import { entriesOf, type GatewayConfig, jsonBodyLimit } from './gateway.config.js';
import { GatewayModule } from './gateway.module.js';
import { allowOrigins } from './server/cross-origin.hook.js';
import { limitAddresses } from './limits/address-limit.hook.js';
import { LimitsService } from './limits/limits.service.js';
import { problemOfStatus } from './http/problem-document.js';
import { sendProblem } from './http/problem.filter.js';
import { readJsonBodies } from './server/json-body.hook.js';
import { lingerOverBodies } from './server/lingering.hook.js';
import { closeWhenLeaving } from './server/closing.hook.js';
import { showRequestId } from './server/request-id.hook.js';
import { logRequests } from './server/request-log.hook.js';
import { RouteTable } from './server/route-table.js';
import { setSecurityHeaders } from './server/security-headers.hook.js';
import { refuseUnreadable } from './server/unreadable-request.hook.js';
import { serveOpenApi } from './site/openapi.setup.js';

/** How long a client may take to send a whole request, an upload included. */
const receiveWithinMs = 300_000;

/** The gateway, ready to listen; it connects to the broker when it starts. Tests use it too. */
export async function createGateway(config: GatewayConfig): Promise<NestFastifyApplication> {
  const logger = createLogger('gateway', config.LOG_LEVEL);
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.with(config), adapterFor(config), {
    logger: new NestLogger(logger),
    abortOnError: false,
    bodyParser: false, // Fastify's own takes JSON; Nest's would take urlencoded forms as well
  });
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeContentTypeParser('text/plain');
  readJsonBodies(fastify);
  fastify.addHook('onRoute', ({ method, url }) => app.get(RouteTable).add(method, url));
  carryContext(fastify);
  showRequestId(fastify);
  logRequests(fastify, logger);
  closeWhenLeaving(fastify, app.get(Departure));
  lingerOverBodies(fastify);
  await setSecurityHeaders(fastify);
  await fastify.register(multipart);
  allowOrigins(app, entriesOf(config.CORS_ORIGINS));
  limitAddresses(fastify, app.get(LimitsService));
  serveOpenApi(app);
  return app;
}

const adapterFor = ({ TRUST_PROXY }: GatewayConfig): FastifyAdapter =>
  new FastifyAdapter({
    bodyLimit: jsonBodyLimit,
    requestTimeout: receiveWithinMs,
    genReqId: requestIdOf,
    requestIdHeader: false,
    trustProxy: TRUST_PROXY === '' ? false : entriesOf(TRUST_PROXY),
    forceCloseConnections: 'idle' as never,
    return503OnClosing: false, // what arrives on an open connection while leaving is still answered
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, problemOfStatus(error.statusCode ?? 400)),
  });
