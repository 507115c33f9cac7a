import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../local-stack/state/folders.js';
import { folderOf, type Program, type Unavailable } from './find-program.js';
import { libraryPath } from './libraries.js';
import { openssl, type PackageSet } from './package-set.js';

const libraries =
  'amqp anyjson async-timeout billiard celery click click-didyoumean click-plugins click-repl dateutil deprecated kombu ' +
  'mypy mypy-extensions packaging pika pkg-resources prompt-toolkit psutil pyparsing redis six typing-extensions tz vine wcwidth wrapt';

/** In rising order: a release that has two has built its libraries for the older one. */
const versions = ['3.10', '3.11', '3.12', '3.13', '3.14'];

/** Python and what workers import: Celery with its transports for RabbitMQ and Redis, pika; mypy for our own package. */
export const pythonSet: PackageSet = {
  name: 'python',
  title: 'Python with Celery',
  megabytes: 17,
  packages: [...libraries.split(' ').map((name) => `python3-${name}`), 'libffi8'],
  oneOf: [
    versions.map((version) => [
      `python${version}-minimal`,
      `libpython${version}-minimal`,
      `libpython${version}-stdlib`,
    ]),
    openssl,
    [['libexpat1']],
    [['libsqlite3-0']],
    [['python3-tzdata']],
    [['python3-tzlocal']],
  ],
  isIn: (root) => interpreterIn(root) !== undefined && existsSync(path.join(root, packagesFolder, 'celery')),
};

const packagesFolder = 'usr/lib/python3/dist-packages';

/**
 * Python that does not depend on the machine's: Debian's own with Celery, kombu, redis and pika, and with the package of this
 * checkout (`workers/python/src`) to be imported. The environment is complete: nothing of ours leaks into a worker.
 */
export async function pythonProgram(log?: (line: string) => void): Promise<Program | Unavailable> {
  const found = await folderOf(pythonSet, log);
  return 'missing' in found ? found : programIn(found.root);
}

function programIn(root: string): Program {
  return {
    file: interpreterIn(root)!,
    args: [],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      LANG: 'C.UTF-8',
      ...libraryPath(root),
      PYTHONPATH: path.join(projectRoot(), 'workers/python/src'),
      PYTHONNOUSERSITE: '1',
      PYTHONUNBUFFERED: '1',
      // the cache is ours, the checkout may be read-only
      PYTHONPYCACHEPREFIX: `${root}-bytecode`,
    },
  };
}

function interpreterIn(root: string): string | undefined {
  const bin = path.join(root, 'usr/bin');
  const name = namesIn(bin).find((file) => /^python3\.\d+$/.test(file));
  return name && path.join(bin, name);
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
