import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntitySubscriberInterface } from 'typeorm';
import { declareEventExchanges, envelope, eventExchange, Publisher } from '#messaging';
import type { OutboxRow } from './outbox.js';

/** A row with what the database's clock leaves of its time: null when it has no end. */
type WaitingFact = OutboxRow & { remainingMs: number | null };

const batchSize = 200;
const pollEveryMs = 500;
const inboxMemory = '7 days';

/**
 * Carries committed facts to the broker: claims a batch, publishes it with pipelined confirms, deletes what was confirmed.
 * Several relays share one outbox (SKIP LOCKED). A crash in between publishes a fact twice, which every consumer's inbox expects.
 */
@Injectable()
export class OutboxRelay implements OnModuleInit, EntitySubscriberInterface {
  private readonly logger = new Logger(OutboxRelay.name);
  private readonly publisher: Publisher;
  private timer: NodeJS.Timeout | undefined;
  private cleaner: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private again = false;
  private stopped = false;

  constructor(
    private readonly database: DataSource,
    options: { url: string; service: string },
  ) {
    this.publisher = new Publisher({ url: options.url, name: options.service, declare: declareEventExchanges });
    this.closeBefore(database);
  }

  /** Nest closes the database after the servers have drained; the relay has to go in between, whatever the order of the modules. */
  private closeBefore(database: DataSource): void {
    const destroy = database.destroy.bind(database);
    database.destroy = async () => {
      await this.close();
      await destroy();
    };
  }

  async onModuleInit(): Promise<void> {
    await this.publisher.open();
    this.database.subscribers.push(this);
    this.timer = setInterval(() => this.wake(), pollEveryMs);
    this.cleaner = setInterval(() => void this.forgetOldMessages(), 3_600_000);
    this.wake();
  }

  /** What is committed by now leaves before the relay does, if the broker takes it. */
  async close(): Promise<void> {
    if (this.stopped) return;
    clearInterval(this.timer);
    clearInterval(this.cleaner);
    this.stopped = true;
    await this.running; // it may have looked before the last commit
    await this.drain();
    await this.publisher.close();
  }

  get connected(): boolean {
    return this.publisher.connected;
  }

  /** TypeORM calls this after each commit of this process: most facts leave within a millisecond or two. */
  afterTransactionCommit(): void {
    this.wake();
  }

  private wake(): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = this.drain().finally(() => {
      this.running = null;
      if (this.again) {
        this.again = false;
        this.wake();
      }
    });
  }

  private async drain(): Promise<void> {
    try {
      while (this.publisher.connected && (await this.relayBatch()) === batchSize);
    } catch (error) {
      this.logger.warn(`facts stay in the outbox for now: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private async relayBatch(): Promise<number> {
    const runner = this.database.createQueryRunner();
    try {
      await runner.query('BEGIN'); // not startTransaction: its commit would wake this relay again
      const rows = (await runner.query(
        `SELECT id, message_id AS "messageId", key, payload, request_id AS "requestId", traceparent, version,
           ceil(extract(epoch FROM expires_at - clock_timestamp()) * 1000)::float AS "remainingMs"
         FROM outbox ORDER BY id LIMIT ${batchSize} FOR UPDATE SKIP LOCKED`,
      )) as WaitingFact[];
      const results = await Promise.allSettled(rows.map((row) => this.publish(row)));
      const sent = rows.filter((_, index) => results[index]?.status === 'fulfilled').map(({ id }) => id);
      if (sent.length > 0) await runner.query('DELETE FROM outbox WHERE id = ANY($1)', [sent]);
      await runner.query('COMMIT');
      if (sent.length < rows.length) throw new Error(`the broker took ${sent.length} of ${rows.length}`);
      return rows.length;
    } catch (error) {
      await runner.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }

  private async publish(fact: WaitingFact): Promise<void> {
    const { messageId, key, payload, requestId, traceparent, version, remainingMs } = fact;
    if (remainingMs !== null && remainingMs <= 0) {
      this.logger.warn({ msg: 'a fact was dropped: its time is over', message_type: key, late_ms: -remainingMs });
      return;
    }
    await this.publisher.publish(eventExchange, key, Buffer.from(JSON.stringify(payload)), {
      messageId,
      type: key,
      // without `expiration`: what expires in a queue of facts would be parked there like what nobody could handle
      headers: envelope({ requestId, traceparent, version, remainingMs }).headers,
    });
  }

  private async forgetOldMessages(): Promise<void> {
    await this.database
      .query(`DELETE FROM inbox WHERE received_at < now() - interval '${inboxMemory}'`)
      .catch((error: Error) => this.logger.warn(error.message));
  }
}
