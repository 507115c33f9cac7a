import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { metrics, type Reading } from '#telemetry';

/** What the rows of the outbox say; the age is 0 when there are none. */
interface Waiting {
  rows: string;
  seconds: number;
}

/** Tells how many connections are in use, who waits for one, and what waits in the outbox. */
@Injectable()
export class DatabaseMetrics implements OnModuleInit, OnModuleDestroy {
  private stops: (() => void)[] = [];

  constructor(private readonly database: DataSource) {}

  onModuleInit(): void {
    this.stops = [
      metrics.databaseConnections.from(() => this.connections()),
      metrics.databaseConnectionsMax.from(() => [{ value: this.pool.options.max }]),
      metrics.databaseWaiting.from(() => [{ value: this.pool.waitingCount }]),
      metrics.outboxWaiting.from(async () => [{ value: Number((await this.waiting()).rows) }]),
      metrics.outboxOldest.from(async () => [{ value: (await this.waiting()).seconds }]),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.stops) stop();
  }

  private connections(): Reading<'state'>[] {
    const { totalCount, idleCount } = this.pool;
    return [
      { labels: { state: 'busy' }, value: totalCount - idleCount },
      { labels: { state: 'idle' }, value: idleCount },
    ];
  }

  private async waiting(): Promise<Waiting> {
    const [found] = await this.database.query<Waiting[]>(
      `SELECT count(*) AS rows, coalesce(extract(epoch FROM now() - min(announced_at)), 0)::float AS seconds FROM outbox`,
    );
    return found!;
  }

  private get pool(): Pool {
    return (this.database.driver as unknown as { master: Pool }).master;
  }
}
