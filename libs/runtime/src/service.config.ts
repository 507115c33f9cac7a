import { IsIn, IsInt, IsOptional, IsString, IsUrl, Max, Min } from 'class-validator';

/** What every process needs. */
export class ProcessConfig {
  /** The port of the HTTP side: the API in the gateway, health and internal transfers elsewhere. */
  @IsInt() @Min(0) @Max(65_535) PORT = 3000;
  /** The address to listen on. */
  @IsString() HOST = '0.0.0.0';
  /** The least important log lines to write; each is one JSON object. */
  @IsIn(['silent', 'error', 'warn', 'info', 'debug']) LOG_LEVEL = 'info';
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
