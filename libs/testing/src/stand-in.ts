import { randomUUID } from 'node:crypto';
import type { Event, PayloadOf, ReplyOf, RequestOf, Rpc, ServiceName } from '#contracts';
import { rpcsOf } from '#contracts';
import { declareEventExchanges, type Delivery, eventExchange, EventServer, Publisher, RpcServer } from '#messaging';

type Server = RpcServer | EventServer;

const listen = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => server.listen((error) => (error ? reject(error) : resolve())));

/** A service that the test is not about, speaking its real contracts on the real broker. */
export class StandIn {
  private readonly answers: RpcServer;
  private readonly events: EventServer;
  private readonly publisher: Publisher;
  private readonly heard = new Map<string, { key: string; payload: unknown }>();
  private listens = false;

  constructor(
    private readonly url: string,
    private readonly service: ServiceName,
  ) {
    this.answers = new RpcServer({ url, service });
    for (const { key } of rpcsOf(service)) {
      this.answers.addHandler(key, () => Promise.reject(new Error(`the test gives no answer to ${key}`)));
    }
    this.events = new EventServer({ url, service });
    this.publisher = new Publisher({ url, name: `${service} stand-in`, declare: declareEventExchanges });
  }

  answer<C extends Rpc>({ key }: C, handle: (request: RequestOf<C>) => Promise<ReplyOf<C>>): this {
    this.answers.addHandler(key, handle as never);
    return this;
  }

  /** Remembers every fact of this kind, once however often the broker delivers it. */
  hear(...facts: Event[]): this {
    this.listens = true;
    for (const { key } of facts) {
      const remember = async (payload: unknown, { id }: Delivery): Promise<void> => {
        this.heard.set(id, { key, payload });
      };
      this.events.addHandler(key, remember as never);
    }
    return this;
  }

  heardOf<E extends Event>({ key }: E): PayloadOf<E>[] {
    return [...this.heard.values()].filter((fact) => fact.key === key).map(({ payload }) => payload as PayloadOf<E>);
  }

  /** Announces a fact; the same message id is a repetition of the same message. */
  async announce<E extends Event>({ key }: E, payload: PayloadOf<E>, messageId: string = randomUUID()): Promise<void> {
    await this.publisher.publish(eventExchange, key, Buffer.from(JSON.stringify(payload)), { messageId, type: key });
  }

  async start(): Promise<this> {
    await this.publisher.open();
    if (rpcsOf(this.service).length > 0) await listen(this.answers);
    if (this.listens) await listen(this.events);
    return this;
  }

  async stop(): Promise<void> {
    await Promise.all([this.answers.close(), this.events.close(), this.publisher.close()]);
  }
}
