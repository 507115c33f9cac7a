import { IsInt, IsOptional, IsString, Max, Min, MinLength } from 'class-validator';
import { loadConfig, ServiceConfig } from '#runtime';

export class AuthConfig extends ServiceConfig {
  /**
   * Encrypts the private keys of the access tokens in the database. With another one the service does not start; without its
   * `signing_keys` it starts, makes a new key, and every access token given out before is worthless.
   */
  @IsString({ message: 'AUTH_SECRET is required' })
  @MinLength(32, { message: 'AUTH_SECRET must be at least 32 characters long' })
  AUTH_SECRET: string;

  /**
   * A second secret, while AUTH_SECRET is being changed: it opens what the other replicas, or those of before, encrypted and signed, and
   * makes nothing new. Left out at all other times.
   */
  @IsOptional()
  @MinLength(32, { message: 'AUTH_SECRET_PREVIOUS must be at least 32 characters long' })
  AUTH_SECRET_PREVIOUS?: string;

  /** How long an access token is good. */
  @IsInt() @Min(30) @Max(86_400) ACCESS_TOKEN_SECONDS = 900;

  /** How long a session lives without being refreshed. */
  @IsInt() @Min(1) @Max(365) REFRESH_TOKEN_DAYS = 30;

  /** How long a session lives at the most, however often it is refreshed. */
  @IsInt() @Min(1) @Max(3650) SESSION_MAX_DAYS = 365;

  /** How long a key signs access tokens before the next one does. */
  @IsInt() @Min(1) @Max(3650) SIGNING_KEY_DAYS = 30;

  /** How long a new key is published before it signs. Others than the gateways may keep the key set for five minutes. */
  @IsInt() @Min(5) @Max(86_400) SIGNING_KEY_LEAD_SECONDS = 600;

  /**
   * How many characters a new password has at least; those that exist stay good. NIST SP 800-63B-4 asks for 15 where a password is all
   * that protects an account.
   */
  @IsInt() @Min(8) @Max(64) PASSWORD_MIN_LENGTH = 8;

  /** Each takes a core and 19 MiB while it runs; libuv has four threads for these and for file and name look-ups. */
  @IsInt() @Min(1) @Max(64) PASSWORD_HASHES_AT_ONCE = 2;

  /** How many registrations and log-ins may wait for their turn before further ones are told to come back. */
  @IsInt() @Min(0) @Max(10_000) PASSWORD_HASHES_WAITING = 64;
}

/** The secrets of this deployment: the first makes what is new, each opens what it made. */
export const secretsOf = ({ AUTH_SECRET, AUTH_SECRET_PREVIOUS }: AuthConfig): [string, ...string[]] =>
  AUTH_SECRET_PREVIOUS ? [AUTH_SECRET, AUTH_SECRET_PREVIOUS] : [AUTH_SECRET];

/** Read once, in main.ts. A wrong setting stops the process and prints its name. */
export const authConfig = (): AuthConfig => loadConfig(AuthConfig);
