import { hasTemporaryRule, temporaryRule } from './lifecycle.js';
import { codeOf } from './store-calls.client.js';

/** What of an S3 client is about buckets. */
interface Buckets {
  bucketExists(bucket: string): Promise<boolean>;
  makeBucket(bucket: string, region: string): Promise<void>;
  getBucketLifecycle(bucket: string): Promise<object | null>;
  setBucketLifecycle(bucket: string, rules: { Rule: (typeof temporaryRule)[] }): Promise<void>;
}

/** Several replicas may do this at once: whoever comes second finds the bucket there. */
export async function makeBucket(s3: Buckets, bucket: string, region: string): Promise<void> {
  if (await s3.bucketExists(bucket)) return;
  await s3.makeBucket(bucket, region).catch(async (error: Error) => {
    if (!(await s3.bucketExists(bucket))) throw error;
  });
}

/**
 * Asks the store to throw temporary objects away by itself. Resolves to why it will not, if so: our own sweeper does the same work.
 * Rules that a bucket has already are its owner's, and left alone.
 */
export async function askForLifecycle(s3: Buckets, bucket: string): Promise<string | undefined> {
  try {
    const found = await s3.getBucketLifecycle(bucket).catch((error: unknown) => {
      if (codeOf(error) !== 'NoSuchLifecycleConfiguration') throw error;
      return null;
    });
    if (hasTemporaryRule(found)) return undefined;
    if (found) return 'the bucket has lifecycle rules of its own, but none for temporary objects';
    await s3.setBucketLifecycle(bucket, { Rule: [temporaryRule] });
    return undefined;
  } catch (error) {
    return `the store takes no lifecycle rule for temporary objects: ${codeOf(error) || String(error)}`;
  }
}
