import type { AddressInfo } from 'node:net';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { uuidv7 } from 'uuidv7';
import { Problem } from '#contracts';
import { WorkInProgress } from '#messaging';
import { requestIdHeader, withRequest } from '#telemetry';
import { outageOf } from '#persistence';
import { MlBridgeConfig } from '../../ml-bridge.config.js';
import { WorkerProblem, workerProblemDocument, workerProblemHeaders, workerProblemOfStatus } from './worker-problem.js';
import { WorkerRequestsService } from './worker-requests.service.js';
import { workerTokensOf } from './worker-tokens.js';

const maxEventBytes = 1_048_576;
const maxLeaseBytes = 4096;
const mostConnections = 2000;
/** How long a whole request may take to come in. */
const receiveWithinMs = 30_000;
/** How long answers may take when the bridge leaves: results may just be taken over. */
const finishWithinMs = 20_000;
/** Longer than the idle time of most proxies, so that they close first. */
const keepAliveMs = 75_000;

/** The port that workers come to over HTTP. Without tokens it is not opened. */
@Injectable()
export class WorkerPort implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(WorkerPort.name);
  private server: FastifyInstance | null = null;
  private readonly underWay = new WorkInProgress();
  private leaving = false;

  constructor(
    private readonly config: MlBridgeConfig,
    private readonly requests: WorkerRequestsService,
  ) {}

  /** Where it listens, e.g. `http://127.0.0.1:3100`; null while it does not. */
  get url(): string | null {
    const address = this.server?.server.address() as AddressInfo | null | undefined;
    return address ? `http://127.0.0.1:${address.port}` : null;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { WORKER_PORT: port, WORKER_HOST: host, WORKER_TOKENS } = this.config;
    if (workerTokensOf(WORKER_TOKENS).length === 0) return;
    this.server = this.create();
    await this.server.listen({ port, host });
    this.logger.log({ message: 'workers may come over HTTP', port });
  }

  /** Who waits for a job is sent away, and who is being answered is answered; then what is open is cut off: it may say nothing for long. */
  async onModuleDestroy(): Promise<void> {
    this.leaving = true;
    this.requests.sendAway();
    const closing = this.server?.close();
    await this.underWay.finished(finishWithinMs);
    this.server?.server.closeAllConnections();
    await closing;
    this.server = null;
  }

  private create(): FastifyInstance {
    const fastify = Fastify({
      bodyLimit: maxEventBytes,
      requestTimeout: receiveWithinMs,
      keepAliveTimeout: keepAliveMs,
      forceCloseConnections: 'idle',
      return503OnClosing: false,
      genReqId: () => uuidv7(),
      http: { headersTimeout: receiveWithinMs / 2, maxHeaderSize: 8192 },
    });
    fastify.server.maxConnections = mostConnections;
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    fastify.addHook('onRequest', (_request, reply, done) => {
      this.underWay.track(new Promise((resolve) => reply.raw.once('close', resolve)));
      done();
    });
    fastify.addHook('onSend', (_request, reply, payload, done) => {
      if (this.leaving) void reply.header('connection', 'close'); // kept open it would keep us from leaving
      done(null, payload);
    });
    fastify.setErrorHandler((error: FastifyError, request, reply) => this.refuse(error, request, reply));
    fastify.setNotFoundHandler((request, reply) => this.refuse(new WorkerProblem('not_found'), request, reply));
    this.addRoutes(fastify);
    return fastify;
  }

  private addRoutes(fastify: FastifyInstance): void {
    const { requests } = this;
    const onRequest = (request: FastifyRequest, _reply: FastifyReply, done: () => void): void => {
      requests.authenticate(request); // before a body is read
      done();
    };
    fastify.get('/worker/health', () => ({ status: 'ok' }));
    fastify.post('/worker/lease', { onRequest, bodyLimit: maxLeaseBytes }, (request, reply) =>
      withRequest({ requestId: request.id }, () => requests.lease(request, reply)),
    );
    fastify.post('/worker/events', { onRequest }, (request) =>
      withRequest({ requestId: request.id }, () => requests.report(request)),
    );
  }

  private refuse(error: Error, request: FastifyRequest, reply: FastifyReply): void {
    const problem = problemOf(error);
    if (problem.code === 'internal_error') this.logger.error(error);
    void reply
      .status(problem.status)
      .headers({ ...workerProblemHeaders(problem), [requestIdHeader]: request.id })
      .send(Buffer.from(JSON.stringify(workerProblemDocument(problem, request.id))));
  }
}

function problemOf(error: Error & { statusCode?: number }): WorkerProblem {
  if (error instanceof WorkerProblem) return error;
  if (outageOf(error) || (error instanceof Problem && error.code === 'service_unavailable')) {
    return new WorkerProblem('service_unavailable');
  }
  return workerProblemOfStatus(error.statusCode ?? 500);
}
