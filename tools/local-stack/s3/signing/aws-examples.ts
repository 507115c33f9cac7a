import { signingKey, type Signer } from './signature.js';

/**
 * The account, the time and the key of the examples AWS publishes for Signature Version 4 (S3 API Reference,
 * "Authenticating Requests"), for tests: whoever reproduces their signatures signs as S3 does.
 */
export const exampleAccount = {
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

export const exampleTimestamp = '20130524T000000Z';
export const exampleTimeMs = Date.UTC(2013, 4, 24);

const scope = { day: '20130524', region: 'us-east-1' };
export const exampleSigner: Signer = {
  key: signingKey(exampleAccount.secretKey, scope),
  scope,
  timestamp: exampleTimestamp,
};
