import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { librariesIn } from '../../debian/libraries.js';
import { onPath } from '../../debian/on-path.js';

/** A RabbitMQ that can be started as a private process, wherever its files lie. */
export interface Installation {
  /** The script that becomes the server. */
  server: string;
  /** Erlang's name server for nodes. */
  epmd: string;
  /** `3.10.8`; data of one minor version are not given to another. */
  version: string;
  /** Erlang in a folder that it does not know of: it has to be told. Undefined where it finds itself. */
  erlang?: { root: string; runtime: string };
  /** Folders with libraries that the system lacks (a minimal Debian has no OpenSSL). */
  libraries: string[];
}

/** The layout of Debian's packages below a folder: `/` when they are installed, any other when they were unpacked. */
export function installationIn(root: string): Installation | undefined {
  const home = newest(path.join(root, 'usr/lib/rabbitmq/lib'), 'rabbitmq_server-');
  const erlang = ['usr/lib/erlang', 'usr/lib64/erlang'].map((name) => path.join(root, name)).find(hasRuntime);
  if (!home || !erlang) return undefined;
  const runtime = newest(erlang, 'erts-') ?? erlang;
  return {
    server: path.join(home, 'sbin', 'rabbitmq-server'),
    epmd: path.join(runtime, 'bin', 'epmd'),
    version: path.basename(home).replace('rabbitmq_server-', ''),
    erlang: { root: erlang, runtime },
    libraries: missesLibraries(erlang) ? librariesIn(root) : [],
  };
}

/** One that is installed: Debian's layout, or programs on the PATH (Homebrew, an unpacked release). */
export function installedOnSystem(): Installation | undefined {
  return installationIn('/') ?? installationOnPath();
}

function installationOnPath(): Installation | undefined {
  const [script, epmd] = ['rabbitmq-server', 'epmd'].map(onPath);
  if (!script || !epmd) return undefined;
  const server = realpathSync(script);
  const version = /(\d+\.\d+\.\d+)/.exec(server)?.[1];
  // A distribution's wrapper in /usr/sbin starts the system's node as another user: not what is wanted here.
  return version ? { server, epmd, version, libraries: [] } : undefined;
}

const hasRuntime = (folder: string): boolean => newest(folder, 'erts-') !== undefined;

function newest(folder: string, prefix: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const names = readdirSync(folder).filter((name) => name.startsWith(prefix));
  const last = names.toSorted((a, b) => a.localeCompare(b, undefined, { numeric: true })).at(-1);
  return last && path.join(folder, last);
}

function missesLibraries(erlang: string): boolean {
  const crypto = newest(path.join(erlang, 'lib'), 'crypto-');
  if (!crypto || process.platform !== 'linux') return false;
  const { stdout } = spawnSync('ldd', [path.join(crypto, 'priv/lib/crypto.so')], { encoding: 'utf8' });
  return (stdout ?? '').includes('not found');
}
