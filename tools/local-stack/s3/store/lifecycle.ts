import { S3Error } from '../errors.js';
import { childOf, childrenOf, parseXml, textOf, type XmlElement } from '../xml.js';

/** An enabled rule: what it is about and when that is over. */
export interface LifecycleRule {
  prefix: string;
  /** Objects go so many days after they were written. */
  objectDays?: number;
  /** Objects go at this time, milliseconds since the epoch. */
  objectsAtMs?: number;
  /** Multipart uploads go so many days after they were begun. */
  uploadDays?: number;
}

/** Uploads nobody finished are removed after this time in any bucket, so that they cannot fill the disk. */
const abandonedUploadDays = 7;
const dayMs = 24 * 3_600_000;

/**
 * Reads a LifecycleConfiguration. Expiration of objects and AbortIncompleteMultipartUpload, by prefix, are offered;
 * any other element is NotImplemented, a broken document MalformedXML. Disabled rules are left out.
 */
export function parseLifecycle(source: string): LifecycleRule[] {
  const rules = childrenOf(parseXml(source), 'Rule');
  if (rules.length === 0) throw new S3Error('MalformedXML', 'no Rule');
  const parsed = rules.map((rule) => ({ status: textOf(rule, 'Status'), rule: parseRule(rule) }));
  if (parsed.some(({ status }) => status !== 'Enabled' && status !== 'Disabled')) {
    throw new S3Error('MalformedXML', 'Status');
  }
  return parsed.filter(({ status }) => status === 'Enabled').map(({ rule }) => rule);
}

function parseRule(rule: XmlElement): LifecycleRule {
  allowOnly(rule, ['ID', 'Status', 'Prefix', 'Filter', 'Expiration', 'AbortIncompleteMultipartUpload']);
  const filter = childOf(rule, 'Filter');
  if (filter) allowOnly(filter, ['Prefix', 'And']);
  const both = filter && childOf(filter, 'And');
  if (both) allowOnly(both, ['Prefix']);
  const prefix = [both, filter, rule].map((place) => place && childOf(place, 'Prefix')?.text).find(Boolean) ?? '';
  const parsed: LifecycleRule = { prefix, ...parseExpiration(childOf(rule, 'Expiration')) };
  const abort = childOf(rule, 'AbortIncompleteMultipartUpload');
  if (abort) parsed.uploadDays = days(textOf(abort, 'DaysAfterInitiation'));
  if (Object.keys(parsed).length === 1) throw new S3Error('MalformedXML', 'a Rule without an action');
  return parsed;
}

function parseExpiration(expiration: XmlElement | undefined): Pick<LifecycleRule, 'objectDays' | 'objectsAtMs'> {
  if (!expiration) return {};
  allowOnly(expiration, ['Days', 'Date']);
  const date = textOf(expiration, 'Date');
  if (date === undefined) return { objectDays: days(textOf(expiration, 'Days')) };
  if (Number.isNaN(Date.parse(date))) throw new S3Error('MalformedXML', 'Date');
  return { objectsAtMs: Date.parse(date) };
}

function allowOnly(element: XmlElement, names: readonly string[]): void {
  const other = element.children.find(({ name }) => !names.includes(name));
  if (other) throw new S3Error('NotImplemented', `${element.name} with ${other.name}`);
}

function days(text: string | undefined): number {
  if (!/^[1-9]\d{0,5}$/.test(text ?? '')) throw new S3Error('MalformedXML', 'days are a positive number');
  return Number(text);
}

/** Whether the rules say that an object is over. Unlike S3, days are not rounded up to midnight. */
export function isObjectExpired(
  rules: readonly LifecycleRule[],
  object: { key: string; modified: string },
  nowMs: number,
): boolean {
  return rules
    .filter(({ prefix }) => object.key.startsWith(prefix))
    .some(({ objectDays = Infinity, objectsAtMs = Infinity }) => {
      return nowMs >= objectsAtMs || nowMs >= Date.parse(object.modified) + objectDays * dayMs;
    });
}

/** Whether a multipart upload has been left behind: after the days of a rule, or seven. */
export function isUploadAbandoned(
  rules: readonly LifecycleRule[],
  upload: { key: string; begun: string },
  nowMs: number,
): boolean {
  const limits = rules.filter(({ prefix }) => upload.key.startsWith(prefix)).map(({ uploadDays }) => uploadDays);
  const shortest = Math.min(abandonedUploadDays, ...limits.filter((limit) => limit !== undefined));
  return nowMs >= Date.parse(upload.begun) + shortest * dayMs;
}
