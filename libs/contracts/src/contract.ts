/** Every service that answers questions on the broker; its queue is `<service>.questions`. */
export type ServiceName = 'auth' | 'task' | 'storage' | 'ml-bridge';

export type Class<T> = new () => T;

/** A question one service answers: both ends import this object, so neither can disagree about the shapes. */
export interface Rpc<Request = unknown, Reply = unknown> {
  readonly service: ServiceName;
  readonly key: string;
  readonly request: Class<Request>;
  readonly reply: Class<Reply>;
  readonly version: number;
}

/** A fact that any service may listen to, delivered at least once. */
export interface Event<Payload = unknown> {
  readonly key: string;
  readonly payload: Class<Payload>;
  readonly version: number;
}

export type RequestOf<C> = C extends Rpc<infer Request> ? Request : never;
export type ReplyOf<C> = C extends Rpc<unknown, infer Reply> ? Reply : never;
export type PayloadOf<C> = C extends Event<infer Payload> ? Payload : never;

const rpcs: Rpc[] = [];
const events: Event[] = [];

/**
 * Defines a question. The key is `<noun>.<verb>`. Readers ignore fields they do not know, so a new optional field needs no new
 * version; a version that a reader does not know is refused.
 */
export function rpc<Request, Reply>(
  service: ServiceName,
  key: string,
  request: Class<Request>,
  reply: Class<Reply>,
  version = 1,
): Rpc<Request, Reply> {
  const contract = { service, key, request, reply, version };
  rpcs.push(contract);
  return contract;
}

/** Defines a fact. The key is `<noun>.<past participle>`. A version that a reader does not know is parked, for a newer release to read. */
export function event<Payload>(key: string, payload: Class<Payload>, version = 1): Event<Payload> {
  const contract = { key, payload, version };
  events.push(contract);
  return contract;
}

/** What a service has promised to answer; it refuses to start while one of these has no handler. */
export const rpcsOf = (service: ServiceName): readonly Rpc[] => rpcs.filter((contract) => contract.service === service);

/** Every contract there is, for the generated documentation. */
export const allContracts = (): { rpcs: readonly Rpc[]; events: readonly Event[] } => ({ rpcs, events });
