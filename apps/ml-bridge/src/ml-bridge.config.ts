import { IsInt, IsString, IsUrl, Max, Min, ValidateBy } from 'class-validator';
import { loadConfig, ServiceConfig } from '#runtime';
import { areWorkerTokens } from './transports/http/worker-tokens.js';

export class MlBridgeConfig extends ServiceConfig {
  /** The workers' virtual host: they may enter no other. */
  @IsUrl({ protocols: ['amqp', 'amqps'], require_tld: false, require_protocol: true }) ML_RABBITMQ_URL: string;
  /** How often a worker has to report while it works. */
  @IsInt() @Min(1000) @Max(60_000) WORKER_HEARTBEAT_MS = 5000;
  /** The models of this deployment: a YAML file, looked at again every second. Relative to the working directory. */
  @IsString() MODELS_FILE = 'config/models.yaml';
  /** The port for workers that fetch their jobs over HTTP. It is opened when there are WORKER_TOKENS. */
  @IsInt() @Min(0) @Max(65_535) WORKER_PORT = 3100;
  /** The address to listen on for them. */
  @IsString() WORKER_HOST = '0.0.0.0';
  /**
   * Who may fetch jobs over HTTP: `pool:token` pairs, separated by commas or new lines, each token random and of 32 characters or more.
   * A pool may have several, so that they can be changed one by one.
   */
  @ValidateBy({
    name: 'workerTokens',
    validator: {
      validate: (value) => typeof value === 'string' && areWorkerTokens(value),
      defaultMessage: () => '$property must be pairs pool:token with tokens of 32 characters or more, each once',
    },
  })
  WORKER_TOKENS = '';
}

/** Read once, in main.ts. */
export const mlBridgeConfig = (): MlBridgeConfig => loadConfig(MlBridgeConfig);
