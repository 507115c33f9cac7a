import { randomBytes } from 'node:crypto';
import { coordinate } from './coordinate.js';

export interface TestStore {
  endpoint: string;
  accessKey: string;
  secretKey: string;
  bucket: string;
}

/** A bucket name of the test's own on the throw-away S3 server; whoever uses it creates it. */
export const testStore = (): TestStore => ({
  endpoint: coordinate('TEST_S3_ENDPOINT'),
  accessKey: coordinate('TEST_S3_ACCESS_KEY'),
  secretKey: coordinate('TEST_S3_SECRET_KEY'),
  bucket: `test-${randomBytes(6).toString('hex')}`,
});
