import { isAllowed } from './allowed-origins.js';

const origins = ['http://10.0.0.5:5000/', 'https://*.example.com'];

describe('an address that a server names', () => {
  it.each([
    'http://10.0.0.5:5000/files/model.glb?x=1',
    'https://assets.example.com/model.glb',
    'https://a.b.example.com/model.glb',
  ])('is fetched when its origin is allowed: %s', (address) => expect(isAllowed(new URL(address), origins)).toBe(true));

  it.each([
    'http://10.0.0.5/model.glb',
    'https://10.0.0.5:5000/model.glb',
    'http://assets.example.com/model.glb',
    'https://example.com/model.glb',
    'https://assets.example.com:8443/model.glb',
    'https://example.com.attacker.net/model.glb',
    'https://attackerexample.com/model.glb',
    'https://assets.example.com@attacker.net/model.glb',
    'https://user:secret@assets.example.com/model.glb',
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
  ])('is not fetched otherwise: %s', (address) => expect(isAllowed(new URL(address), origins)).toBe(false));
});
