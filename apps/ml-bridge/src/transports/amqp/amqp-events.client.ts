import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ReliableConsumer } from '#messaging';
import { ContractViolation, parseWorkerEvent, type WorkerEvent } from '#worker-contract';
import { MlBridgeConfig } from '../../ml-bridge.config.js';
import { WorkerEventsService } from '../../workers/worker-events.service.js';
import { AmqpClient, declareWorkerTopology } from './amqp.client.js';

/** Reads `ml.events`, where workers report. What does not fit the contract is parked. */
@Injectable()
export class AmqpEventsClient implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly consumer: ReliableConsumer;

  constructor(
    config: MlBridgeConfig,
    private readonly events: WorkerEventsService,
    private readonly workers: AmqpClient,
  ) {
    this.consumer = new ReliableConsumer({
      url: config.ML_RABBITMQ_URL,
      name: 'ml-bridge worker events',
      declare: declareWorkerTopology,
      handle: ({ content }) => this.takeIn(parseWorkerEvent(content)),
      isHopeless: (error) => error instanceof ContractViolation,
    });
  }

  onApplicationBootstrap(): Promise<void> {
    return this.consumer.open();
  }

  /** One that does not go on anyway need not be told to stop. */
  private async takeIn(event: WorkerEvent): Promise<void> {
    const answer = await this.events.takeIn(event);
    if (answer.type !== 'stop' || (event.type !== 'accepted' && event.type !== 'progress')) return;
    await this.workers.tellToStop(event, answer.reason, answer.another ? event.worker_id : undefined);
  }

  /** Before the database and the other clients close: it finishes what it has read. */
  onModuleDestroy(): Promise<void> {
    return this.consumer.close();
  }
}
