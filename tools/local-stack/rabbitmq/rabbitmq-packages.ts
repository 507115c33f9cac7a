import { openssl, type PackageSet, unpackFolder as folderOfSet } from '../../debian/package-set.js';
import { hasApt, unpackPackages as unpackSet } from '../../debian/unpack-packages.js';
import { SetupProblem } from '../setup-problem.js';
import type { StackContext } from '../stack-context.js';
import { installationIn, type Installation } from './rabbitmq-installation.js';

const erlangParts =
  'base asn1 crypto eldap ftp inets mnesia os-mon parsetools public-key runtime-tools snmp ssl syntax-tools tftp tools xmerl';

const rabbitmqSet: PackageSet = {
  name: 'rabbitmq',
  title: 'RabbitMQ',
  megabytes: 35,
  packages: ['rabbitmq-server', ...erlangParts.split(' ').map((part) => `erlang-${part}`)],
  oneOf: [openssl],
  isIn: (root) => installationIn(root) !== undefined,
};

/** Where the packages of this system are unpacked, once for all checkouts. */
export const unpackFolder = (cache: string): string => folderOfSet(cache, rabbitmqSet);

/**
 * Debian's or Ubuntu's own packages, downloaded and checked by apt and unpacked into a folder: nothing is installed, no right is needed.
 * Resolves to undefined, with the reason in `failure`, where that cannot be done.
 */
export async function unpackPackages(
  context: StackContext,
  folder: string,
): Promise<{ installation?: Installation; failure?: string }> {
  if (hasApt() && /\s/.test(folder)) {
    throw new SetupProblem(
      `RabbitMQ cannot run from ${folder}: the name has a space in it. Set LATHE_CACHE_DIR to another folder.`,
    );
  }
  const failure = await unpackSet(context, rabbitmqSet, folder);
  const installation = failure === undefined ? installationIn(folder) : undefined;
  return installation ? { installation } : { failure: failure ?? 'the packages do not hold what is expected' };
}
