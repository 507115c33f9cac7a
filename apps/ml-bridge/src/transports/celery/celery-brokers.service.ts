import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { CatalogueModel, CelerySettings } from '../../catalogue/catalogue-model.js';
import { CatalogueService } from '../../catalogue/catalogue.service.js';
import type { BrokerListener, CeleryBroker } from './celery-broker.js';
import { CeleryWorkers } from './celery-workers.js';
import { RabbitmqBroker } from './rabbitmq/rabbitmq-broker.client.js';
import { RedisBroker } from './redis/redis-broker.client.js';

/** One broker with the workers behind it. */
export interface CeleryLine {
  broker: CeleryBroker;
  workers: CeleryWorkers;
}

/** A model whose workers speak Celery. */
export interface CeleryModel {
  id: string;
  settings: CelerySettings;
}

/** Takes in one state of a task that came over a line. */
export type ResultHandler = (line: CeleryLine, body: string) => Promise<void>;

/** The brokers that the catalogue names now, each connected once. */
@Injectable()
export class CeleryBrokersService implements OnApplicationShutdown {
  private readonly logger = new Logger(CeleryBrokersService.name);
  private readonly lines = new Map<string, CeleryLine>();
  private readonly unusable = new Set<string>();
  private onResult: ResultHandler | null = null;

  constructor(private readonly catalogue: CatalogueService) {}

  /** From now on there are connections; what comes in goes to `onResult`. */
  async start(onResult: ResultHandler): Promise<void> {
    this.onResult = onResult;
    await this.follow();
  }

  /** Takes in what has been read, and nothing more. Workers are still counted, and told to stop, until the service shuts down. */
  async stopReading(): Promise<void> {
    this.onResult = null;
    await Promise.all([...this.lines.values()].map(({ broker }) => broker.stopReading()));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.lines.values()].map(({ broker }) => broker.close()));
    this.lines.clear();
  }

  /** Connects to the brokers that have come into the catalogue, and leaves those that are in it no more. */
  async follow(): Promise<void> {
    if (!this.onResult) return;
    const wanted = new Set(this.models().map(({ settings }) => settings.brokerUrl));
    for (const url of wanted) if (!this.lines.has(url)) await this.connect(url, this.onResult);
    for (const [url, { broker }] of this.lines) {
      if (wanted.has(url)) continue;
      this.lines.delete(url);
      await broker.stopReading();
      await broker.close();
    }
  }

  models(): CeleryModel[] {
    return this.catalogue.all().flatMap((model) => {
      const { transport, offer } = model;
      return transport.type === 'celery' ? [{ id: offer.id, settings: transport }] : [];
    });
  }

  /** The line of a model's broker; undefined before the start. */
  lineOf({ brokerUrl }: CelerySettings): CeleryLine | undefined {
    return this.lines.get(brokerUrl);
  }

  /** Every line with the models that it leads to. */
  linesWithModels(): { line: CeleryLine; models: CeleryModel[] }[] {
    const models = this.models();
    return [...this.lines].map(([url, line]) => ({
      line,
      models: models.filter(({ settings }) => settings.brokerUrl === url),
    }));
  }

  /** An address that no broker can have is said once, and its models have no workers. */
  private async connect(url: string, onResult: ResultHandler): Promise<void> {
    if (this.unusable.has(url)) return;
    try {
      const line = lineTo(url, onResult);
      this.lines.set(url, line);
      await line.broker.open();
      this.logger.log({ message: 'workers of Celery are sought', broker: new URL(url).host });
    } catch (error) {
      this.unusable.add(url);
      this.logger.error({ message: `not the address of a broker: ${(error as Error).message}` });
    }
  }
}

function lineTo(url: string, onResult: ResultHandler): CeleryLine {
  const workers: CeleryWorkers = new CeleryWorkers((command, ticket) => broker.tell(command, ticket));
  const broker = brokerAt(url, {
    onResult: (body) => onResult({ broker, workers }, body),
    onAnswer: (ticket, body) => workers.hear(ticket, body),
  });
  return { broker, workers };
}

function brokerAt(url: string, listener: BrokerListener): CeleryBroker {
  return /^rediss?:/.test(url) ? new RedisBroker(url, listener) : new RabbitmqBroker(url, listener);
}

/** How the workers of a model are reached. Throws for a model whose workers do not speak Celery. */
export function celerySettingsOf({ offer, transport }: CatalogueModel): CelerySettings {
  if (transport.type !== 'celery') throw new Error(`the workers of ${offer.id} do not speak Celery`);
  return transport;
}
