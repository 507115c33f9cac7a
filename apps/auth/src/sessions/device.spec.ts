import { deviceOf } from './device.js';

it.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    'Chrome on Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    'Safari on iOS',
  ],
  ['curl/8.5.0', 'curl 8.5.0'],
  ['lathe-cli', 'lathe-cli'],
  ['python-requests/2.32.3', 'python-requests 2.32.3'],
  ['node', 'node'],
  ['<script>alert(1)</script>', null],
  ['', null],
  ['x'.repeat(512), 'x'.repeat(40)],
])('a device that says %j is called %j', (userAgent, device) => {
  expect(deviceOf(userAgent)).toBe(device);
});
