import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

const finishWithinMs = 20_000;

/**
 * The way out of a process. It says that it is not ready, then begins nothing more, finishes what it began, and cuts off connections on
 * which that takes too long.
 */
@Injectable()
export class Departure implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger('departure');
  private readonly steps: (() => Promise<void>)[] = [];
  private leaving = false;

  constructor(private readonly host: HttpAdapterHost) {}

  /** Whether the process is here to stay. */
  get accepting(): boolean {
    return !this.leaving;
  }

  /** From now on the process is not ready; it goes on with its work until it is closed. */
  begin(): void {
    this.leaving = true;
  }

  /** Something that has to have ended before the HTTP side is closed, while everything that it needs is still there. */
  beforeClosing(step: () => Promise<void>): void {
    this.steps.push(step);
  }

  onModuleDestroy(): void {
    this.begin();
  }

  async beforeApplicationShutdown(): Promise<void> {
    setTimeout(() => this.cutOff(), finishWithinMs).unref();
    await Promise.all(this.steps.map((step) => step()));
  }

  private cutOff(): void {
    this.logger.warn(`requests are still under way after ${finishWithinMs} ms: their connections are closed`);
    this.host.httpAdapter.getInstance<FastifyInstance>().server.closeAllConnections();
  }
}
