import { IsInt, IsString, Max, Min, MinLength, ValidateBy } from 'class-validator';
import { loadConfig, ServiceConfig } from '#runtime';
import { areNetworks } from './webhooks/address-guard.js';

export class TaskConfig extends ServiceConfig {
  /** How many of one account's tasks may wait at once. */
  @IsInt() @Min(1) @Max(1_000_000) MAX_QUEUED_TASKS_PER_ACCOUNT = 100;
  /** How many of one account's tasks may run at once; 0: as many as there are workers. */
  @IsInt() @Min(0) @Max(1_000_000) MAX_RUNNING_TASKS_PER_ACCOUNT = 0;
  /** A finished task is removed with its files after so many days; 0: never. */
  @IsInt() @Min(0) @Max(36_500) RETENTION_DAYS = 30;
  /** The model of a request that names none; `auto` chooses one for each. */
  @IsString() DEFAULT_MODEL = 'reference';
  /** A worker that has not been heard of for this long has lost its task. */
  @IsInt() @Min(3) @Max(3600) LEASE_SECONDS = 30;
  /** How often a task is tried before it fails for good. */
  @IsInt() @Min(1) @Max(100) MAX_FAILURES = 3;
  /** After so many failures of its engine in a row a model rests: for 30 seconds at first, for 5 minutes at most. */
  @IsInt() @Min(1) @Max(1000) MODEL_FAILURES = 5;
  /** A cancel that no worker confirms is final after this long. */
  @IsInt() @Min(1) @Max(3600) CANCEL_CONFIRM_SECONDS = 15;
  /**
   * What the secrets that sign webhooks are derived from. With another one every account has other secrets, which its receivers do not
   * know: keep it with the backups.
   */
  @IsString({ message: 'WEBHOOKS_SECRET is required' })
  @MinLength(32, { message: 'WEBHOOKS_SECRET must be at least 32 characters long' })
  WEBHOOKS_SECRET: string;
  /**
   * Networks in CIDR notation, separated by commas, whose addresses webhooks may call although they are not public, by http and at any
   * port, too. Whoever may use the API can have requests sent there.
   */
  @ValidateBy({
    name: 'networks',
    validator: {
      validate: (value) => typeof value === 'string' && areNetworks(value),
      defaultMessage: () => '$property must be networks such as 10.0.0.0/8, separated by commas',
    },
  })
  WEBHOOK_ALLOWED_NETWORKS = '';
}

/** Read once, in main.ts. */
export const taskConfig = (): TaskConfig => loadConfig(TaskConfig);
