import type { IncomingHttpHeaders } from 'node:http';
import type { RequestBody } from '../body/request-body.js';
import type { BucketStore } from '../store/bucket-store.js';
import type { Reading } from '../store/blobs.js';
import { xmlDocument } from '../xml.js';

/** An authenticated request as the operations see it. */
export interface S3Request {
  method: string;
  headers: IncomingHttpHeaders;
  bucket: string;
  key: string;
  query: ReadonlyMap<string, string>;
  /** The body, to be read once. Throws when its form is not valid. */
  body: () => RequestBody;
}

/** What an operation answers. A Reading is streamed and released by the server. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string | Reading;
}

/** One operation of the S3 API. */
export type Operation = (store: BucketStore, request: S3Request) => Reply | Promise<Reply>;

/** A reply with an XML document. */
export const xmlReply = (root: string, ...children: string[]): Reply => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: xmlDocument(root, ...children),
});

/** An entity tag as it is written in headers and documents. */
export const quoted = (etag: string): string => `"${etag}"`;
