import type { Supervised } from '../processes/supervised.js';

export interface RabbitmqServer {
  /** By name. */
  servers: Record<string, Supervised>;
  /** Starts them in the order that they need. */
  start: () => Promise<void>;
  /** `amqp://127.0.0.1:<port>`, to be completed with a user and a vhost. */
  baseUrl: string;
  /** The management interface, on in throw-away stacks only: with it, the end takes five seconds longer. */
  managementUrl?: string | undefined;
  source: string;
}
