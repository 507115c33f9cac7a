import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

const finishWithinMs = 20_000;

/** The way out: the gateway says that it is not ready, lets requests under way finish, and cuts off what takes too long. */
@Injectable()
export class DrainService implements OnModuleDestroy {
  private readonly logger = new Logger('drain');
  private leaving = false;

  constructor(private readonly host: HttpAdapterHost) {}

  get accepting(): boolean {
    return !this.leaving;
  }

  /** Nest calls this before it closes the server. */
  onModuleDestroy(): void {
    this.leaving = true;
    setTimeout(() => this.cutOff(), finishWithinMs).unref();
  }

  /** A connection that is answered while leaving is not kept for another request. */
  closeConnectionsOf(fastify: FastifyInstance): void {
    fastify.addHook('onSend', (_request, reply, payload, done) => {
      if (this.leaving) void reply.header('connection', 'close');
      done(null, payload);
    });
  }

  private cutOff(): void {
    this.logger.warn(`requests are still under way after ${finishWithinMs} ms: their connections are closed`);
    this.host.httpAdapter.getInstance<FastifyInstance>().server.closeAllConnections();
  }
}
