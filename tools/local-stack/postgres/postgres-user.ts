import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { hasSetpriv, works, type RunAs } from '../processes/command.js';
import { SetupProblem } from '../setup-problem.js';

interface Account {
  name: string;
  uid: number;
  gid: number;
}

/**
 * As whom PostgreSQL runs, which refuses to be root. For root: in a user namespace where that is allowed (files stay root's),
 * else as the owner of the checkout, `postgres` or `nobody`. Nobody else needs a change.
 */
export function postgresRunAs(folders: string[]): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  if (hasSetpriv() && works('unshare', '--user', '--map-user=65534', '--map-group=65534', 'setpriv', '--version')) {
    return { kind: 'user-namespace' };
  }
  const account = chooseAccount(readFileSync('/etc/passwd', 'utf8'), statSync(process.cwd()).uid);
  if (!account) {
    throw new SetupProblem(
      'PostgreSQL refuses to run as root, and no user is there to run it as. Run this as a normal user.',
    );
  }
  const closed = folders.flatMap(parents).find((folder) => !maySearch(folder, account));
  if (closed && !hasSetpriv()) {
    throw new SetupProblem(
      `PostgreSQL refuses to run as root, and user ${account.name} cannot look into ${closed}. ` +
        'Move the checkout elsewhere, set DATA_DIR, or run this as a normal user.',
    );
  }
  return { kind: 'user', uid: account.uid, gid: account.gid, searchFolders: closed !== undefined };
}

/** The account in /etc/passwd that owns the checkout, or one that is made for such a thing. */
export function chooseAccount(passwd: string, ownerUid: number): Account | undefined {
  const accounts = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length > 3)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid }) => uid > 0);
  return (
    accounts.find(({ uid }) => uid === ownerUid) ??
    accounts.find(({ name }) => name === 'postgres') ??
    accounts.find(({ name }) => name === 'nobody')
  );
}

function maySearch(folder: string, { uid }: Account): boolean {
  const { mode, uid: owner } = statSync(folder, { throwIfNoEntry: false }) ?? { mode: 0o777, uid };
  return (mode & 0o001) !== 0 || (owner === uid && (mode & 0o100) !== 0);
}

function parents(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [] : [parent, ...parents(parent)];
}
