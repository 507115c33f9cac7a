import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Child } from '../processes/child.js';
import { SetupProblem } from '../setup-problem.js';
import { neededForPackages, requireSpace } from '../state/disk-space.js';
import { requireFolder } from '../state/folders.js';
import type { StackContext } from '../stack-context.js';
import { installationIn, onPath, type Installation } from './rabbitmq-installation.js';

const erlangParts =
  'base asn1 crypto eldap ftp inets mnesia os-mon parsetools public-key runtime-tools snmp ssl syntax-tools tftp tools xmerl';
const packages = ['rabbitmq-server', ...erlangParts.split(' ').map((part) => `erlang-${part}`)];
/** OpenSSL, which a minimal system lacks; its package was renamed in Debian 13 and Ubuntu 24.04. */
const opensslNames = ['libssl3t64', 'libssl3'];

/** Where the packages of this system are unpacked, once for all checkouts. */
export function unpackFolder(cache: string): string {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const field = (name: string): string => new RegExp(`^${name}="?([\\w.]+)`, 'm').exec(release)?.[1] ?? 'any';
  return path.join(cache, 'rabbitmq', `${field('ID')}-${field('VERSION_ID')}-${process.arch}`);
}

/**
 * Debian's or Ubuntu's own packages, downloaded and checked by apt and unpacked into a folder: nothing is installed, no right is needed.
 * Resolves to undefined, with the reason in `failure`, where that cannot be done.
 */
export async function unpackPackages(
  context: StackContext,
  folder: string,
): Promise<{ installation?: Installation; failure?: string }> {
  if (!onPath('apt-get') || !onPath('dpkg-deb')) return { failure: 'this system has no apt-get' };
  if (/\s/.test(folder)) {
    throw new SetupProblem(
      `RabbitMQ cannot run from ${folder}: the name has a space in it. Set LATHE_CACHE_DIR to another folder.`,
    );
  }
  await requireSpace(folder, neededForPackages, 'set LATHE_CACHE_DIR to a folder with more');
  requireFolder(path.dirname(folder), 'set LATHE_CACHE_DIR to a folder of yours');
  context.log(
    `RabbitMQ is not installed: unpacking its Debian packages into ${folder} (about 35 MB, nothing is installed)`,
  );
  removeAbandoned(folder);
  const part = `${folder}.part-${randomUUID()}`;
  try {
    const failure = (await download(context, part)) ?? (await unpack(context, part));
    if (failure) return { failure };
    publish(path.join(part, 'root'), folder);
    const installation = installationIn(folder);
    return installation ? { installation } : { failure: 'the packages do not hold what is expected' };
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

/** With the system's package lists; where these are missing or too old, with lists of our own. */
async function download(context: StackContext, part: string): Promise<string | undefined> {
  const debs = path.join(part, 'debs');
  const lists = path.join(part, 'apt');
  for (const made of [debs, `${lists}/lists/partial`, `${lists}/cache/archives/partial`]) {
    mkdirSync(made, { recursive: true });
  }
  const own = [`Dir::State=${lists}`, `Dir::State::lists=${lists}/lists`, `Dir::Cache=${lists}/cache`];
  const ownState = [...own, 'Dir::State::status=/var/lib/dpkg/status', 'Debug::NoLocking=1'];
  if ((await fetchPackages(context, debs, [])) === undefined) return undefined;
  const update = apt(context, debs, ownState, 'update');
  await update.ended;
  // What could not be fetched before is the reason, not that it is missing afterwards.
  const noLists = /^.*Failed to fetch.*$/m.exec(update.tail())?.[0];
  const failure = await fetchPackages(context, debs, ownState);
  return failure && (noLists ? `apt-get update: ${noLists}` : failure);
}

async function fetchPackages(context: StackContext, debs: string, options: string[]): Promise<string | undefined> {
  const openssl = await firstKnown(context, debs, options);
  const child = apt(context, debs, options, 'download', ...packages, ...openssl);
  return (await child.ended) === 'exit code 0' ? undefined : `apt-get could not download it: ${child.tail(1)}`;
}

async function firstKnown(context: StackContext, debs: string, options: string[]): Promise<string[]> {
  for (const name of opensslNames) {
    const child = apt(context, debs, options, 'download', '--print-uris', name);
    if ((await child.ended) === 'exit code 0') return [name];
  }
  return [];
}

function apt(context: StackContext, cwd: string, options: string[], ...command: string[]): Child {
  const always = ['APT::Sandbox::User=root', 'Acquire::http::Timeout=30', 'Acquire::Retries=1'];
  const flags = [...always, ...options].flatMap((option) => ['-o', option]);
  return tool(context, 'apt-get', [...flags, '-qq', ...command], cwd);
}

async function unpack(context: StackContext, part: string): Promise<string | undefined> {
  const debs = path.join(part, 'debs');
  for (const deb of readdirSync(debs)) {
    const child = tool(context, 'dpkg-deb', ['-x', deb, path.join(part, 'root')], debs);
    if ((await child.ended) !== 'exit code 0') return `dpkg-deb could not unpack ${deb}: ${child.tail(1)}`;
  }
  return undefined;
}

const tool = (context: StackContext, name: string, args: string[], cwd: string): Child =>
  context.children.start({ name, file: name, args, cwd, env: { ...process.env, LC_ALL: 'C' }, stopSignal: 'SIGTERM' });

/** Of two launchers that unpack at once the second finds a finished folder and uses it. */
function publish(unpacked: string, folder: string): void {
  if (installationIn(folder)) return;
  rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(unpacked, folder);
  } catch (error) {
    if (!installationIn(folder)) throw error;
  }
}

/** Parts that a killed launcher left, an hour and more ago. */
function removeAbandoned(folder: string): void {
  const parent = path.dirname(folder);
  const old = readdirSync(parent)
    .filter((name) => name.includes('.part-'))
    .map((name) => path.join(parent, name))
    .filter((part) => Date.now() - statSync(part).mtimeMs > 3_600_000);
  for (const part of old) rmSync(part, { recursive: true, force: true });
}
