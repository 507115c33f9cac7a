import { isObjectExpired, isUploadAbandoned, parseLifecycle } from './lifecycle.js';

const written = '2026-01-01T12:00:00.000Z';
const later = (days: number): number => Date.parse(written) + days * 24 * 3_600_000;
const rule = (inner: string, status = 'Enabled'): string =>
  `<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><Status>${status}</Status>${inner}</Rule></LifecycleConfiguration>`;
const afterTwoDays = '<Expiration><Days>2</Days></Expiration>';
const refused = (code: string) => expect.objectContaining({ code });

const expired = (source: string, key: string, days: number): boolean =>
  isObjectExpired(parseLifecycle(source), { key, modified: written }, later(days));

describe('a lifecycle', () => {
  it('lets objects go after its days', () => {
    const source = rule(`<Filter><Prefix>tmp/</Prefix></Filter>${afterTwoDays}`);
    expect(expired(source, 'tmp/a', 1.99)).toBe(false);
    expect(expired(source, 'tmp/a', 2)).toBe(true);
    expect(expired(source, 'kept/a', 100)).toBe(false);
  });

  it.each([
    `<Prefix>tmp/</Prefix>${afterTwoDays}`,
    `<Filter><And><Prefix>tmp/</Prefix></And></Filter>${afterTwoDays}`,
    `<Filter><Prefix>tmp/</Prefix></Filter><Expiration><Date>2026-01-03T12:00:00Z</Date></Expiration>`,
  ])('may be written as %s', (inner) => {
    expect(expired(rule(inner), 'tmp/a', 2)).toBe(true);
    expect(expired(rule(inner), 'tmp/a', 1)).toBe(false);
    expect(expired(rule(inner), 'other', 2)).toBe(false);
  });

  it('without a prefix is about everything', () => {
    expect(expired(rule(`<Filter/>${afterTwoDays}`), 'anything', 2)).toBe(true);
  });

  it('does nothing while it is disabled', () => {
    expect(expired(rule(afterTwoDays, 'Disabled'), 'anything', 100)).toBe(false);
  });

  it('lets unfinished uploads go after its days, or after seven', () => {
    const rules = parseLifecycle(
      rule(
        '<AbortIncompleteMultipartUpload><DaysAfterInitiation>2</DaysAfterInitiation></AbortIncompleteMultipartUpload>',
      ),
    );
    expect(isUploadAbandoned(rules, { key: 'a', begun: written }, later(2))).toBe(true);
    expect(isUploadAbandoned([], { key: 'a', begun: written }, later(2))).toBe(false);
    expect(isUploadAbandoned([], { key: 'a', begun: written }, later(7))).toBe(true);
    expect(expired(rule(afterTwoDays), 'a', 2)).toBe(true);
  });

  it.each([
    ['NotImplemented', rule('<Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>')],
    ['NotImplemented', rule(`<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter>${afterTwoDays}`)],
    ['MalformedXML', rule('<Expiration><Days>0</Days></Expiration>')],
    ['MalformedXML', rule('<Expiration><Date>soon</Date></Expiration>')],
    ['MalformedXML', rule(afterTwoDays, 'Sometimes')],
    ['MalformedXML', rule('')],
    ['MalformedXML', '<LifecycleConfiguration/>'],
    ['MalformedXML', 'not a document'],
  ])('is refused with %s when it is %s', (code, source) => {
    expect(() => parseLifecycle(source)).toThrow(refused(code));
  });
});
