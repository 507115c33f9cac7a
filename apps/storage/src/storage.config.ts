import { IsInt, IsNotEmpty, IsOptional, IsString, IsUrl, Matches, Max, Min } from 'class-validator';
import { loadConfig, ServiceConfig } from '#runtime';

const mebibyte = 1024 * 1024;

/** The settings of the storage service. */
export class StorageConfig extends ServiceConfig {
  /** Any S3-compatible store, addressed in path style. */
  @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true }) S3_ENDPOINT: string;
  /**
   * The same store as clients reach it, for downloads that they are sent to (`?redirect=true`). Scheme, host and port alone: they are
   * part of each signature. Left out: bytes always come through the gateway.
   */
  @IsOptional()
  @Matches(/^https?:\/\/[^/?#@]+\/?$/)
  S3_PUBLIC_ENDPOINT?: string;
  /** The name of a key that may read, write, list and delete in the bucket. */
  @IsString() @IsNotEmpty() S3_ACCESS_KEY: string;
  /** The secret of that key. */
  @IsString() @IsNotEmpty() S3_SECRET_KEY: string;
  /** Made at the start when it is missing. */
  @Matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/) S3_BUCKET: string;
  /** The region that requests are signed for. */
  @IsString() @IsNotEmpty() S3_REGION = 'us-east-1';

  /** Where the gateway reaches this service's HTTP side; any replica can take any upload. */
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true })
  INTERNAL_URL?: string;

  /** The largest file that is accepted, a picture or a model. It lies in `UPLOAD_DIR` until it is stored. */
  @IsInt() @Min(1024) @Max(1024 * mebibyte) UPLOAD_MAX_BYTES = 20 * mebibyte;
  /**
   * Where files lie while they arrive and are checked, with room for twice `UPLOAD_MAX_BYTES` for each upload at once. By default the
   * system's folder for temporary files.
   */
  @IsOptional() @IsString() @IsNotEmpty() UPLOAD_DIR?: string;
  /** How long a client may take to send one file; shorter than the time after which an unfinished upload is swept away. */
  @IsInt() @Min(1000) @Max(240_000) UPLOAD_TIMEOUT_MS = 240_000;
  /** How many uploads one process takes at once; further ones are told to come back. */
  @IsInt() @Min(1) @Max(1000) MAX_CONCURRENT_UPLOADS = 16;
  /** Width times height of the largest picture that is accepted. */
  @IsInt() @Min(1) @Max(268_402_689) MAX_IMAGE_PIXELS = 50_000_000;
  /** What looking at one upload may take of memory before it is refused; two are looked at at once. 50 million pixels need up to 920. */
  @IsInt() @Min(256) @Max(65_536) INSPECTION_MEMORY_MB = 1280;
  /** How many files an account keeps before its uploads are refused; what tasks make counts, and is never refused. */
  @IsInt() @Min(1) MAX_FILES_PER_ACCOUNT = 10_000;
  /** How many bytes an account keeps before its uploads are refused; what tasks make counts, and is never refused. */
  @IsInt() @Min(1) MAX_BYTES_PER_ACCOUNT = 10 * 1024 * mebibyte;
  /** The largest output that is taken over from a worker. */
  @IsInt() @Min(1) MAX_ARTIFACT_BYTES = 512 * mebibyte;
  /** An upload that no task has used for so many days is removed; 0: never. What a task made goes with its task. */
  @IsInt() @Min(0) @Max(36_500) RETENTION_DAYS = 30;
  /** How often abandoned uploads are looked for. */
  @IsInt() @Min(100) SWEEP_INTERVAL_MS = 60_000;
}

/** Read once, in main.ts. */
export const storageConfig = (): StorageConfig => loadConfig(StorageConfig);

/** The base of upload addresses, without a slash at its end. */
export const internalUrl = ({ INTERNAL_URL, PORT }: StorageConfig): string =>
  (INTERNAL_URL ?? `http://127.0.0.1:${PORT}`).replace(/\/+$/, '');
