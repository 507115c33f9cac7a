import { wrapped } from './command.js';

const postgres = { file: '/pg/postgres', args: ['-D', '/data'] };

describe('a command of a child', () => {
  it('dies with its parent', () => {
    expect(wrapped(postgres, 'SIGINT', true)).toEqual({
      file: 'setpriv',
      args: ['--pdeathsig', 'INT', '--', '/pg/postgres', '-D', '/data'],
    });
  });

  it('is left alone where setpriv is missing', () => {
    expect(wrapped(postgres, 'SIGINT', false)).toBe(postgres);
  });

  it('runs in a user namespace, inside which it still dies with its parent', () => {
    const { file, args } = wrapped(postgres, 'SIGINT', true, { kind: 'user-namespace' });
    expect(`${file} ${args.join(' ')}`).toBe(
      'unshare --user --map-user=65534 --map-group=65534 -- setpriv --pdeathsig INT -- /pg/postgres -D /data',
    );
  });

  it('runs as another user who may look through closed folders and has no other capability', () => {
    const { args } = wrapped(postgres, 'SIGINT', true, { kind: 'user', uid: 101, gid: 102, searchFolders: true });
    expect(args.join(' ')).toBe(
      '--reuid 101 --regid 102 --clear-groups --securebits +no_setuid_fixup --inh-caps -all,+dac_read_search' +
        ' --ambient-caps -all,+dac_read_search --bounding-set -all,+dac_read_search --pdeathsig INT -- /pg/postgres -D /data',
    );
  });
});
