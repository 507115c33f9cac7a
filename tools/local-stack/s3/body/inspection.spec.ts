import { createHash } from 'node:crypto';
import { Inspection, type Expectations } from './inspection.js';

const inspect = (text: string, expected: Expectations) => {
  const inspection = new Inspection(expected);
  for (const char of text) inspection.update(Buffer.from(char));
  return inspection.finish();
};
const named = (name: string, value: string | undefined) => ({ checksums: [{ name, value: () => value }] });
const refused = (code: string) => expect.objectContaining({ code });

/** "123456789" is the check input of the CRC catalogue: CRC-32 cbf43926, CRC-32C e3069283. */
const check = '123456789';

describe('the inspection of a body', () => {
  it.each([
    ['x-amz-checksum-crc32', Buffer.from('cbf43926', 'hex').toString('base64')],
    ['x-amz-checksum-crc32c', Buffer.from('e3069283', 'hex').toString('base64')],
    ['x-amz-checksum-sha1', createHash('sha1').update(check).digest('base64')],
    ['x-amz-checksum-sha256', createHash('sha256').update(check).digest('base64')],
    ['content-md5', createHash('md5').update(check).digest('base64')],
  ])('knows %s', (name, value) => {
    expect(inspect(check, named(name, value))).toEqual({
      size: 9,
      md5: createHash('md5').update(check).digest('hex'),
    });
    expect(() => inspect('123456780', named(name, value))).toThrow(refused('BadDigest'));
    expect(() => inspect(check, named(name, undefined))).toThrow(refused('BadDigest'));
  });

  it('does not pretend to know other checksums', () => {
    expect(() => inspect(check, named('x-amz-checksum-crc64nvme', 'AAAAAAAAAAA='))).toThrow(refused('NotImplemented'));
  });

  it.each<[string, Expectations]>([
    ['IncompleteBody', { size: 10 }],
    ['IncompleteBody', { size: 8 }],
    ['EntityTooLarge', { maxSize: 8 }],
    ['EntityTooSmall', { minSize: 10 }],
    ['XAmzContentSHA256Mismatch', { sha256: '0'.repeat(64) }],
  ])('refuses with %s a body of nine bytes when it expects %j', (code, expected) => {
    expect(() => inspect(check, expected)).toThrow(refused(code));
  });
});
