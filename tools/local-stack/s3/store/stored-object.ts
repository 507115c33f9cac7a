import type { Segment } from './blobs.js';

/** An object as its record on the disk describes it. */
export interface StoredObject {
  key: string;
  /** Bytes. */
  size: number;
  /** Without quotes. */
  etag: string;
  /** ISO 8601. */
  modified: string;
  /** Sent with every download; names in lower case. */
  headers: Record<string, string>;
  segments: Segment[];
}
