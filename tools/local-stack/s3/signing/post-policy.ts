import { S3Error } from '../errors.js';
import { scopeOf, type Credentials } from './authentication.js';
import { policySignature, sameText, signingKey } from './signature.js';

/** What a signed policy allows a form to upload. */
export interface Permit {
  key: string;
  minSize: number;
  maxSize: number;
}

interface PolicyDocument {
  expiration?: unknown;
  conditions?: unknown;
}

/** Fields that carry the policy itself; every other one must appear in a condition. */
const uncovered = new Set(['policy', 'x-amz-signature', 'file']);

/**
 * Checks the policy of a browser upload (S3 API Reference, "POST Policy"): signed by the account, not expired, every
 * condition met, and every field of the form, the bucket and the key covered by a condition.
 */
export function permitOf(
  form: { bucket: string; filename: string; fields: ReadonlyMap<string, string> },
  account: Credentials,
  nowMs: number,
): Permit {
  const { fields, bucket, filename } = form;
  const [policy, signature, credential] = ['policy', 'x-amz-signature', 'x-amz-credential'].map((name) =>
    fields.get(name),
  );
  if (!policy || !signature || !credential || fields.get('x-amz-algorithm') !== 'AWS4-HMAC-SHA256') {
    throw new S3Error('AccessDenied');
  }
  const scope = scopeOf(credential, account);
  if (!sameText(policySignature(signingKey(account.secretKey, scope), policy), signature)) {
    throw new S3Error('SignatureDoesNotMatch');
  }
  const key = (fields.get('key') ?? '').replaceAll('${filename}', () => filename);
  const values = new Map([...fields, ['bucket', bucket], ['key', key]]);
  return { key, ...checkPolicy(parsePolicy(policy), values, nowMs) };
}

function parsePolicy(base64: string): PolicyDocument {
  try {
    const document: unknown = JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
    if (typeof document === 'object' && document !== null) return document;
  } catch {
    // falls through to the refusal
  }
  throw new S3Error('InvalidPolicyDocument');
}

function checkPolicy(
  document: PolicyDocument,
  values: ReadonlyMap<string, string>,
  nowMs: number,
): Omit<Permit, 'key'> {
  const { expiration, conditions } = document;
  if (typeof expiration !== 'string' || !Array.isArray(conditions)) throw new S3Error('InvalidPolicyDocument');
  if (!(Date.parse(expiration) > nowMs)) throw new S3Error('AccessDenied', 'the policy has expired');
  const size = { minSize: 0, maxSize: Infinity };
  const covered = new Set(uncovered);
  for (const [operator, name, value] of conditions.flatMap(conditionsOf)) {
    if (operator === 'content-length-range') {
      size.minSize = Math.max(size.minSize, byteCount(name));
      size.maxSize = Math.min(size.maxSize, byteCount(value));
      continue;
    }
    const actual = values.get(name) ?? '';
    if (operator === 'eq' ? actual !== value : !actual.startsWith(value)) {
      throw new S3Error('AccessDenied', `the policy does not allow this ${name}`);
    }
    covered.add(name);
  }
  const extra = [...values.keys()].find((name) => !covered.has(name) && !name.startsWith('x-ignore-'));
  if (extra) throw new S3Error('AccessDenied', `the policy does not mention the field ${extra}`);
  return size;
}

type Condition = [operator: 'eq' | 'starts-with' | 'content-length-range', name: string, value: string];

/** The two spellings of a condition: `{"name": "value"}` and `["operator", "$name", "value"]`. */
function conditionsOf(condition: unknown): Condition[] {
  if (!Array.isArray(condition)) {
    return Object.entries(condition ?? {}).map(([name, value]) => ['eq', name.toLowerCase(), String(value)]);
  }
  const [operator, name, value] = condition.map(String);
  if (condition.length !== 3 || name === undefined || value === undefined) throw new S3Error('InvalidPolicyDocument');
  if (operator === 'content-length-range') return [[operator, name, value]];
  if (operator !== 'eq' && operator !== 'starts-with') throw new S3Error('InvalidPolicyDocument');
  return [[operator, name.replace(/^\$/, '').toLowerCase(), value]];
}

function byteCount(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new S3Error('InvalidPolicyDocument');
  return Number(text);
}
