import { AddressGuard, areNetworks } from './address-guard.js';

const strict = new AddressGuard();
const lenient = new AddressGuard('127.0.0.0/8, fd00::/8');

describe('a URL that anybody gave us', () => {
  it.each([
    ['http://example.org/', 'must begin with https://'],
    ['ftp://example.org/', 'must begin with https://'],
    ['file:///etc/passwd', 'must begin with https://'],
    ['gopher://127.0.0.1:6379/_FLUSHALL', 'must begin with https://'],
    ['/relative', 'must be a complete URL'],
    ['example.org', 'must be a complete URL'],
    ['https://', 'must be a complete URL'],
    ['https://user@example.org/', 'must not have a user name or a password'],
    ['https://user:pw@example.org/', 'must not have a user name or a password'],
    ['https://example.org@127.0.0.1/', 'must not have a user name or a password'],
    ['https://example.org:8443/', 'must use port 443'],
    ['https://example.org:80/', 'must use port 443'],
    ['http://example.org:443/', 'must begin with https://'],
    ['http://8.8.8.8/', 'must begin with https://'],
    ['https://8.8.8.8:22/', 'must use port 443'],
  ])('%s %s', (url, refusal) => {
    expect(strict.refusalOf(url)).toBe(refusal);
  });

  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://0x7f000001/',
    'https://0x7f.1/',
    'https://①②⑦.⓪.⓪.①/',
    'https://１２７.0.0.1/',
    'https://127。0。0。1/',
    'https://127.0.0.1./',
    'https://%31%32%37.0.0.1/',
    'https://localhost/',
    'https://localhost./',
    'https://LOCALHOST/',
    'https://a.localhost/',
    'https://0.0.0.0/',
    'https://10.0.0.1/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://100.100.100.200/latest/meta-data',
    'https://169.254.169.254/latest/meta-data',
    'https://168.63.129.16/machine',
    'https://192.0.0.192/',
    'https://192.0.2.1/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://240.0.0.1/',
    'https://255.255.255.255/',
    'https://[::]/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[::ffff:0:127.0.0.1]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[64:ff9b:1::a00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:0:7f00:1::]/',
    'https://[2001:db8::1]/',
    'https://[fe80::1]/',
    'https://[fec0::1]/',
    'https://[fc00::1]/',
    'https://[fd00:ec2::254]/',
    'https://[ff02::1]/',
    'https://[100::1]/',
    'https://[4000::1]/',
  ])('%s must be at a public address', (url) => {
    expect(strict.refusalOf(url)).toBe('must be at a public address');
  });

  it.each([
    'https://example.org/hooks?a=1#b',
    'https://example.org:443/',
    'https://8.8.8.8/',
    'https://[2606:4700:4700::1111]/',
    'https://[::ffff:8.8.8.8]/',
    'HTTPS://EXAMPLE.ORG',
    'https://localhost.example.org/',
  ])('%s is good', (url) => {
    expect(strict.refusalOf(url)).toBeNull();
  });
});

describe('an address that a name stands for', () => {
  const url = new URL('https://example.org/');

  it.each(['127.0.0.1', '10.1.2.3', '::1', '::ffff:10.1.2.3', 'fe80::1%eth0', '64:ff9b::808:808', 'no address', ''])(
    '%j is not called',
    (address) => {
      expect(strict.allows(url, address)).toBe(false);
    },
  );

  it.each(['8.8.8.8', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('%s is called', (address) => {
    expect(strict.allows(url, address)).toBe(true);
  });
});

describe('networks that a deployment allows', () => {
  it.each(['http://127.0.0.1:8080/', 'http://localhost:1/', 'https://[fd00::1]/', 'http://[::ffff:127.0.0.1]/'])(
    'may be called: %s',
    (url) => {
      expect(lenient.refusalOf(url)).toBeNull();
    },
  );

  it.each([
    ['https://10.0.0.1/', 'must be at a public address'],
    ['http://8.8.8.8/', 'must begin with https://'],
    ['https://8.8.8.8:8443/', 'must use port 443'],
    ['http://u@127.0.0.1/', 'must not have a user name or a password'],
    ['ftp://127.0.0.1/', 'must begin with https://'],
  ])('change nothing for others: %s %s', (url, refusal) => {
    expect(lenient.refusalOf(url)).toBe(refusal);
  });

  it('decide about a name when it is known what it stands for', () => {
    expect(lenient.refusalOf('http://intranet:8080/')).toBeNull();
    expect(lenient.allows(new URL('http://intranet:8080/'), '127.0.0.2')).toBe(true);
    expect(lenient.allows(new URL('http://intranet:8080/'), '8.8.8.8')).toBe(false);
    expect(lenient.allows(new URL('http://intranet:8080/'), '10.0.0.1')).toBe(false);
    expect(lenient.allows(new URL('https://example.org/'), '8.8.8.8')).toBe(true);
  });

  it.each(['', '10.0.0.0/8', '10.0.0.0/8, fd00::/8 ,', '127.0.0.1/32'])('can be written as %j', (list) => {
    expect(areNetworks(list)).toBe(true);
  });

  it.each(['10.0.0.1', '10.0.0.0/33', 'localhost', '10.0.0.0/8 fd00::/8'])('cannot be written as %j', (list) => {
    expect(areNetworks(list)).toBe(false);
  });
});
