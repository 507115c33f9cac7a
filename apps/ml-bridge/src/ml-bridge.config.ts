import { IsInt, IsUrl, Max, Min } from 'class-validator';
import { loadConfig, ServiceConfig } from '#runtime';

export class MlBridgeConfig extends ServiceConfig {
  /** The workers' virtual host: they may enter no other. */
  @IsUrl({ protocols: ['amqp', 'amqps'], require_tld: false, require_protocol: true }) ML_RABBITMQ_URL: string;
  /** How often a worker has to report while it works. */
  @IsInt() @Min(1000) @Max(60_000) WORKER_HEARTBEAT_MS = 5000;
}

/** Read once, in main.ts. */
export const mlBridgeConfig = (): MlBridgeConfig => loadConfig(MlBridgeConfig);
