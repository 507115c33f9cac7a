import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installationIn } from './rabbitmq-installation.js';
import { unpackFolder } from './rabbitmq-packages.js';
import { nowhereToBeFound } from './rabbitmq.js';

let root: string;
beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'lathe-rabbitmq-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));
const make = (folder: string): unknown => mkdirSync(path.join(root, folder), { recursive: true });

describe('a RabbitMQ on this machine', () => {
  it('is found where Debian puts it, in its newest version', () => {
    make('usr/lib/erlang/erts-13.1.5/bin');
    for (const version of ['3.9.27', '3.10.8', '3.10.10']) make(`usr/lib/rabbitmq/lib/rabbitmq_server-${version}/sbin`);
    expect(installationIn(root)).toMatchObject({
      version: '3.10.10',
      server: path.join(root, 'usr/lib/rabbitmq/lib/rabbitmq_server-3.10.10/sbin/rabbitmq-server'),
      epmd: path.join(root, 'usr/lib/erlang/erts-13.1.5/bin/epmd'),
      libraries: [],
    });
  });

  it('is not there without an Erlang of its own', () => {
    make('usr/lib/rabbitmq/lib/rabbitmq_server-3.10.8/sbin');
    expect(installationIn(root)).toBeUndefined();
    expect(installationIn(path.join(root, 'none'))).toBeUndefined();
  });

  it('is unpacked into one folder for each release of the system, since an upgrade replaces libraries', () => {
    expect(unpackFolder('/cache')).toMatch(new RegExp(`^/cache/rabbitmq/[a-z]+-[\\w.]+-${process.arch}$`));
  });

  it('that is nowhere is a problem that names the reason and five ways out', () => {
    const message = nowhereToBeFound('no network');
    expect(message).toMatch(/^RabbitMQ is not installed and could not be fetched: no network\./);
    expect(message.match(/apt-get|brew|Docker|RABBITMQ_URL/g)?.length).toBeGreaterThanOrEqual(4);
  });
});
