import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ReliableConsumer } from '#messaging';
import { ContractViolation, parseWorkerEvent } from '#worker-contract';
import { MlBridgeConfig } from '../ml-bridge.config.js';
import { declareWorkerTopology } from './worker.client.js';
import { WorkerEventsService } from './worker-events.service.js';

/** Reads `ml.events`, where workers report. What does not fit the contract is parked. */
@Injectable()
export class WorkerEventsClient implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly consumer: ReliableConsumer;

  constructor(config: MlBridgeConfig, events: WorkerEventsService) {
    this.consumer = new ReliableConsumer({
      url: config.ML_RABBITMQ_URL,
      name: 'ml-bridge worker events',
      declare: declareWorkerTopology,
      handle: ({ content }) => events.takeIn(parseWorkerEvent(content)),
      isHopeless: (error) => error instanceof ContractViolation,
    });
  }

  onApplicationBootstrap(): Promise<void> {
    return this.consumer.open();
  }

  /** Before the database and the other clients close: it finishes what it has read. */
  onModuleDestroy(): Promise<void> {
    return this.consumer.close();
  }
}
