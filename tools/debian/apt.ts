import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Child } from '../local-stack/processes/child.js';
import type { Children } from '../local-stack/processes/children.js';
import type { PackageSet } from './package-set.js';

/** What went wrong, in words; undefined when nothing did. */
export type Failure = string | undefined;

/** Debian's own tools in a working folder of ours: apt checks what it downloads, nothing is installed, no right is needed. */
export class Apt {
  private readonly debs: string;

  /** `part`: a folder of ours, which is filled with `debs/*.deb` and `root/`. */
  constructor(
    private readonly children: Children,
    private readonly part: string,
  ) {
    this.debs = path.join(part, 'debs');
  }

  /** With the system's package lists; where these are missing or too old, with lists of our own. */
  async download(set: PackageSet): Promise<Failure> {
    const lists = path.join(this.part, 'apt');
    for (const made of [this.debs, `${lists}/lists/partial`, `${lists}/cache/archives/partial`]) {
      mkdirSync(made, { recursive: true });
    }
    const own = [`Dir::State=${lists}`, `Dir::State::lists=${lists}/lists`, `Dir::Cache=${lists}/cache`];
    const ownState = [...own, 'Dir::State::status=/var/lib/dpkg/status', 'Debug::NoLocking=1'];
    if ((await this.fetch(set, [])) === undefined) return undefined;
    const update = this.apt(ownState, 'update');
    await update.ended;
    // What could not be fetched before is the reason, not that it is missing afterwards.
    const noLists = /^.*Failed to fetch.*$/m.exec(update.tail())?.[0];
    const failure = await this.fetch(set, ownState);
    return failure && (noLists ? `apt-get update: ${noLists}` : failure);
  }

  /** Everything that was downloaded, into `root/`. */
  async unpack(): Promise<Failure> {
    for (const deb of readdirSync(this.debs)) {
      const child = this.tool('dpkg-deb', ['-x', deb, path.join(this.part, 'root')]);
      if (!(await succeeds(child))) return `dpkg-deb could not unpack ${deb}: ${child.tail(1)}`;
    }
    return undefined;
  }

  private async fetch(set: PackageSet, options: string[]): Promise<Failure> {
    const wanted = [...set.packages];
    for (const alternatives of set.oneOf) wanted.push(...(await this.firstKnown(alternatives, options)));
    const child = this.apt(options, 'download', ...wanted);
    return (await succeeds(child)) ? undefined : `apt-get could not download it: ${child.tail(1)}`;
  }

  private async firstKnown(alternatives: string[][], options: string[]): Promise<string[]> {
    for (const names of alternatives) {
      if (await succeeds(this.apt(options, 'download', '--print-uris', ...names))) return names;
    }
    return [];
  }

  private apt(options: string[], ...command: string[]): Child {
    const always = ['APT::Sandbox::User=root', 'Acquire::http::Timeout=30', 'Acquire::Retries=1'];
    const flags = [...always, ...options].flatMap((option) => ['-o', option]);
    return this.tool('apt-get', [...flags, '-qq', ...command]);
  }

  private tool(name: string, args: string[]): Child {
    const env = { ...process.env, LC_ALL: 'C' };
    return this.children.start({ name, file: name, args, cwd: this.debs, env, stopSignal: 'SIGTERM' });
  }
}

const succeeds = async (child: Child): Promise<boolean> => (await child.ended) === 'exit code 0';
