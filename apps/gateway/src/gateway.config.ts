import { isIP } from 'node:net';
import { IsIn, IsInt, Max, Min, ValidateBy } from 'class-validator';
import { BrokerConfig, loadConfig } from '#runtime';

/** A JSON body may be this long; file bytes come as multipart and have a limit of their own. */
export const jsonBodyLimit = 256 * 1024;

const ListOf = (what: string, isOne: (entry: string) => boolean): PropertyDecorator =>
  ValidateBy({
    name: 'listOf',
    validator: {
      validate: (value) => typeof value === 'string' && entriesOf(value).every(isOne),
      defaultMessage: () => `$property must be a comma-separated list of ${what}`,
    },
  });

export class GatewayConfig extends BrokerConfig {
  /** A second port for operators alone, with the health of the process and its metrics; 0 for none. */
  @IsInt() @Min(0) @Max(65_535) INTERNAL_PORT = 0;
  /** The web pages that may call the API from a browser. Never `*`, and `null` (a sandboxed page) is no origin. */
  @ListOf('origins such as https://app.example.org', isOrigin) CORS_ORIGINS = '';
  /** The longest file that is passed on to the storage service, whose own limit counts too. */
  @IsInt() @Min(1024) @Max(2_147_483_647) UPLOAD_MAX_BYTES = 20_971_520;
  /** Downloads that go on at once through this process; one more is told to come back. The store has to bear as many connections. */
  @IsInt() @Min(1) @Max(10_000) MAX_DOWNLOADS = 256;
  /** How many of them one account may have. */
  @IsInt() @Min(1) @Max(10_000) MAX_DOWNLOADS_PER_ACCOUNT = 32;
  /** Uploads that go on at once through this process; the storage service has a limit of its own. */
  @IsInt() @Min(1) @Max(10_000) MAX_UPLOADS = 64;
  /** How many of them one account may have. */
  @IsInt() @Min(1) @Max(10_000) MAX_UPLOADS_PER_ACCOUNT = 8;
  /** A client that takes nothing of its download for so long, or sends nothing of its upload, is given up. */
  @IsInt() @Min(1) @Max(3600) TRANSFER_IDLE_SECONDS = 60;
  /** How long the store may take until the first bytes of a download. One that fails again and again is left alone for seconds. */
  @IsInt() @Min(100) @Max(60_000) STORE_TIMEOUT_MS = 5000;
  /** The proxies whose X-Forwarded-* headers are believed; without one nobody's are. */
  @ListOf('addresses or networks such as 10.0.0.0/8', isNetwork) TRUST_PROXY = '';
  /** `off` lifts the three limits below, for benchmarks. The protection of log-in against guessing stays whatever this says. */
  @IsIn(['on', 'off']) RATE_LIMITS = 'on';
  /**
   * Points a minute for all requests of one address, or of one /64 of IPv6, through all gateways. Most requests cost 1 point,
   * downloads 2, a refresh 5, and generating, uploading, registering, logging in and changing a password 10; pages for people
   * and health probes cost nothing. Behind a proxy that TRUST_PROXY does not name, everybody has one address.
   */
  @IsInt() @Min(10) @Max(1_000_000) RATE_LIMIT_PER_ADDRESS = 2400;
  /** Points a minute for all requests of one account, wherever they come from, at the same prices. */
  @IsInt() @Min(10) @Max(1_000_000) RATE_LIMIT_PER_ACCOUNT = 1200;
  /** Attempts an hour to register, whatever becomes of them, from one address or one /64 of IPv6. */
  @IsInt() @Min(1) @Max(1_000_000) REGISTRATIONS_PER_ADDRESS = 30;
}

/** Read once, in main.ts. A wrong setting stops the process and prints its name. */
export const gatewayConfig = (): GatewayConfig => loadConfig(GatewayConfig);

/** The entries of a comma-separated setting. */
export const entriesOf = (list: string): string[] =>
  list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

function isOrigin(entry: string): boolean {
  return /^https?:\/\/[^*]+$/.test(entry) && URL.canParse(entry) && new URL(entry).origin === entry;
}

function isNetwork(entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/');
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return longest >= 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && +bits <= longest));
}
