import {
  HttpException,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { HealthService, serveMetrics } from '#runtime';
import { GatewayConfig } from '../gateway.config.js';

/**
 * The port that operators look at: health and metrics, without tokens, limits or log lines. It is there before the API listens and until
 * its last request is answered.
 */
@Injectable()
export class InternalServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('internal');
  private server: FastifyInstance | undefined;

  constructor(
    private readonly config: GatewayConfig,
    private readonly health: HealthService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { INTERNAL_PORT: port, HOST: host } = this.config;
    if (port === 0) return;
    const server = Fastify({ forceCloseConnections: true });
    server.get('/health/live', () => this.health.live());
    server.get('/health/ready', (_request, reply) => this.ready(reply));
    serveMetrics(server);
    await server.listen({ port, host });
    this.server = server;
    this.logger.log({ msg: 'operators may look', port });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.server?.close();
  }

  private async ready(reply: FastifyReply): Promise<unknown> {
    try {
      return await this.health.ready();
    } catch (error) {
      if (!(error instanceof HttpException)) throw error;
      void reply.status(error.getStatus());
      return error.getResponse();
    }
  }
}
