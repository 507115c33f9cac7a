import { IsIn, IsInt, IsNumber, IsOptional, IsString, IsUrl, Max, Min } from 'class-validator';

/** What every process needs. */
export class ProcessConfig {
  /** The port of the HTTP side: the API in the gateway, health and internal transfers elsewhere. */
  @IsInt() @Min(0) @Max(65_535) PORT = 3000;
  /** The address to listen on. */
  @IsString() HOST = '0.0.0.0';
  /** The least important log lines to write; each is one JSON object. */
  @IsIn(['silent', 'error', 'warn', 'info', 'debug']) LOG_LEVEL = 'info';
  /**
   * How long a process that was told to end still works while it says that it is not ready: as long as it takes until nobody sends it
   * anything new. It ends within 30 seconds more.
   */
  @IsInt() @Min(0) @Max(60_000) SHUTDOWN_DELAY_MS = 0;
  /** Where an OpenTelemetry collector takes traces, by OTLP over HTTP: http://collector:4318. Without one they are kept by nobody. */
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true })
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;
  /** The part of the traces that begin here to keep, 0 to 1; one that a caller began is kept when the caller says so. */
  @IsNumber() @Min(0) @Max(1) OTEL_TRACES_SAMPLER_ARG = 1;
}

/** What every service behind the broker needs. */
export class BrokerConfig extends ProcessConfig {
  /** RabbitMQ: the virtual host of our own traffic, as this process's own user. */
  @IsUrl({ protocols: ['amqp', 'amqps'], require_tld: false, require_protocol: true }) RABBITMQ_URL: string;
  /** How long a question to another service may take; after that it is a `service_unavailable`. */
  @IsInt() @Min(100) @Max(60_000) RPC_TIMEOUT_MS = 5000;
}

/** What every service with a schema of its own needs. */
export class ServiceConfig extends BrokerConfig {
  /** PostgreSQL, as this service's own role. */
  @IsUrl({ protocols: ['postgres', 'postgresql'], require_tld: false, require_protocol: true }) DATABASE_URL: string;
  /** How many database connections one process holds at most. */
  @IsOptional() @IsInt() @Min(2) @Max(200) DATABASE_POOL_SIZE = 10;
}
