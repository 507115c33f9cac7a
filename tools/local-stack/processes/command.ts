import { spawnSync } from 'node:child_process';

/** As whom a server runs when the launcher is root and the server refuses to be: in a user namespace, or as another user. */
export type RunAs =
  | { kind: 'user-namespace' }
  /** `searchFolders`: lets that user look through closed folders on its way (root's home is 0700), and nothing more. */
  | { kind: 'user'; uid: number; gid: number; searchFolders: boolean };

export interface Command {
  file: string;
  args: string[];
}

const nobody = '65534';
const onlySearch = '-all,+dac_read_search';

/**
 * The command so that it gets `deathSignal` when its parent dies, whatever kills the parent (prctl(2), PR_SET_PDEATHSIG),
 * and runs as `runAs`. Without setpriv (not Linux) it stays as it is; orphans are then ended at the next start.
 */
export function wrapped(command: Command, deathSignal: NodeJS.Signals, hasSetpriv: boolean, runAs?: RunAs): Command {
  if (!hasSetpriv) return command;
  const user = runAs?.kind === 'user' ? ['--reuid', `${runAs.uid}`, '--regid', `${runAs.gid}`, '--clear-groups'] : [];
  // initdb asks access(2), which looks at the real user's rights: the securebit keeps them across the change of user.
  const search = runAs?.kind === 'user' && runAs.searchFolders ? ['--securebits', '+no_setuid_fixup'] : [];
  if (search.length > 0) {
    for (const set of ['--inh-caps', '--ambient-caps', '--bounding-set']) search.push(set, onlySearch);
  }
  const setpriv = [
    ...user,
    ...search,
    '--pdeathsig',
    deathSignal.replace('SIG', ''),
    '--',
    command.file,
    ...command.args,
  ];
  if (runAs?.kind !== 'user-namespace') return { file: 'setpriv', args: setpriv };
  return {
    file: 'unshare',
    args: ['--user', `--map-user=${nobody}`, `--map-group=${nobody}`, '--', 'setpriv', ...setpriv],
  };
}

/** Whether a program can be run, by trying: a tool that is there may still be forbidden (containers forbid user namespaces). */
export const works = (file: string, ...args: string[]): boolean =>
  spawnSync(file, args, { stdio: 'ignore', timeout: 20_000 }).status === 0;

let setpriv: boolean | undefined;
/** Whether util-linux's setpriv is on this machine. */
export const hasSetpriv = (): boolean => (setpriv ??= process.platform === 'linux' && works('setpriv', '--version'));
