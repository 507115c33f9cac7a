import { chooseAccount } from './postgres-user.js';

const passwd = [
  'root:x:0:0:root:/root:/bin/bash',
  'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
  'postgres:x:110:115::/var/lib/postgresql:/bin/bash',
  'anna:x:1000:1000::/home/anna:/bin/bash',
  '',
].join('\n');

describe('the user that PostgreSQL runs as when the launcher is root', () => {
  it('is the owner of the checkout', () => {
    expect(chooseAccount(passwd, 1000)?.name).toBe('anna');
  });

  it('is postgres, else nobody, when root owns the checkout', () => {
    expect(chooseAccount(passwd, 0)).toEqual({ name: 'postgres', uid: 110, gid: 115 });
    expect(chooseAccount(passwd.replace(/^postgres.*$/m, ''), 0)?.name).toBe('nobody');
  });

  it('is never root', () => {
    expect(chooseAccount('root:x:0:0:root:/root:/bin/bash', 0)).toBeUndefined();
  });
});
