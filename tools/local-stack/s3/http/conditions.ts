import type { IncomingHttpHeaders } from 'node:http';
import { S3Error } from '../errors.js';

/** What a condition is about: the version of an object. */
export interface Version {
  etag: string;
  /** ISO 8601. */
  modified: string;
}

/** HTTP dates know whole seconds only, so an object is as old as the second it was written in. */
export const modifiedSecondMs = ({ modified }: Version): number => Math.floor(Date.parse(modified) / 1_000) * 1_000;

function names(list: string, { etag }: Version): boolean {
  return list.split(',').some((item) => {
    const tag = item.trim().replace(/^W\//, '').replaceAll('"', '');
    return tag === '*' || tag === etag;
  });
}

interface Conditions {
  match?: string;
  noneMatch?: string;
  modifiedSince?: string;
  unmodifiedSince?: string;
}

/** RFC 9110, section 13.2.2: an entity tag outranks the date beside it; a date that is none is ignored. */
function evaluate(given: Conditions, version: Version): 'go on' | 'failed' | 'not modified' {
  const at = modifiedSecondMs(version);
  if (given.match !== undefined) {
    if (!names(given.match, version)) return 'failed';
  } else if (at > Date.parse(given.unmodifiedSince ?? '')) return 'failed';
  if (given.noneMatch !== undefined) return names(given.noneMatch, version) ? 'not modified' : 'go on';
  return at <= Date.parse(given.modifiedSince ?? '') ? 'not modified' : 'go on';
}

/** The conditions of a GET or HEAD: true when the client's copy is still good. Throws PreconditionFailed. */
export function isUnmodified(headers: IncomingHttpHeaders, version: Version): boolean {
  const verdict = evaluate(
    {
      match: headers['if-match'],
      noneMatch: headers['if-none-match'],
      modifiedSince: headers['if-modified-since'],
      unmodifiedSince: headers['if-unmodified-since'],
    },
    version,
  );
  if (verdict === 'failed') throw new S3Error('PreconditionFailed');
  return verdict === 'not modified';
}

/** Whether If-Range, when there is one, still names this version: otherwise the whole object is sent. */
export function rangeApplies(header: string | undefined, version: Version): boolean {
  if (header === undefined) return true;
  return header.startsWith('"') ? names(header, version) : Date.parse(header) === modifiedSecondMs(version);
}

/** The conditions under which another object is copied. Throws PreconditionFailed. */
export function checkCopySource(headers: IncomingHttpHeaders, source: Version): void {
  const value = (name: string): string | undefined => headers[`x-amz-copy-source-${name}`]?.toString();
  const verdict = evaluate(
    {
      match: value('if-match'),
      noneMatch: value('if-none-match'),
      modifiedSince: value('if-modified-since'),
      unmodifiedSince: value('if-unmodified-since'),
    },
    source,
  );
  if (verdict !== 'go on') throw new S3Error('PreconditionFailed');
}

/** What a write asks of the object it replaces, checked in the moment of publishing. Throws PreconditionFailed. */
export type WriteCondition = (current: Version | undefined) => void;

/** `If-None-Match: *` creates once, `If-Match` replaces one known version. */
export function writeCondition(headers: IncomingHttpHeaders): WriteCondition {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (noneMatch !== undefined && noneMatch !== '*') throw new S3Error('NotImplemented', 'If-None-Match other than *');
  return (current) => {
    if (noneMatch && current) throw new S3Error('PreconditionFailed');
    if (match === undefined) return;
    if (!current) throw new S3Error('NoSuchKey');
    if (!names(match, current)) throw new S3Error('PreconditionFailed');
  };
}
