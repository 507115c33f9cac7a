import { hostname } from 'node:os';
import { IsInt, IsString, IsUrl, Matches, Max, Min } from 'class-validator';
import { loadConfig, ProcessConfig } from '#runtime';

export class EngineConfig extends ProcessConfig {
  /** The workers' virtual host. */
  @IsUrl({ protocols: ['amqp', 'amqps'], require_tld: false, require_protocol: true }) ML_RABBITMQ_URL: string;
  /** Whose jobs this engine takes, separated by commas: one of each at a time, each in a process of its own. */
  @IsString() @Matches(/^[a-z0-9-]{1,40}(,[a-z0-9-]{1,40})*$/) ENGINE_POOLS = 'reference,convert,finish';
  /** One per process start, so that a restarted engine is a new worker. */
  @IsString() @Matches(/^[A-Za-z0-9_.@:-]{1,100}$/) WORKER_ID =
    `engine@${hostname().slice(0, 50)}:${process.pid}:${Date.now().toString(36)}`;
  /** The most memory each process that computes may use for JavaScript objects. */
  @IsInt() @Min(256) @Max(32_768) ENGINE_MEMORY_MB = 1024;
  /** A job whose process says nothing for this long is given up. */
  @IsInt() @Min(5) @Max(3600) ENGINE_STALL_SECONDS = 120;
}

/** Each once. */
export const poolsOf = ({ ENGINE_POOLS }: EngineConfig): string[] => [...new Set(ENGINE_POOLS.split(','))];

/** Read once, in main.ts. */
export const engineConfig = (): EngineConfig => loadConfig(EngineConfig);
