/**
 * `npm run sbom [-- --debian STATUS]` writes out/sbom.cdx.json: what is installed for production and, from the `/var/lib/dpkg/status` of an
 * image, the packages of Debian in it. For the image, run it where its packages are installed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { shippedPackages } from '../licences/shipped-packages.js';
import { projectRoot } from '../local-stack/state/folders.js';
import { billOfMaterials } from './bill-of-materials.js';
import { debianPackages } from './debian-packages.js';

function main(): void {
  const { values } = parseArgs({ options: { debian: { type: 'string' } } });
  const { version } = JSON.parse(readFileSync(path.join(projectRoot(), 'package.json'), 'utf8')) as { version: string };
  const packages = shippedPackages().filter(({ installed }) => installed);
  const debian = values.debian ? debianPackages(readFileSync(values.debian, 'utf8')) : [];
  const { components, ...about } = billOfMaterials(version, packages, debian);
  const file = path.join(projectRoot(), 'out', 'sbom.cdx.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...about, components }, null, 2)}\n`);
  console.log(`${file}: ${components.length} components, ${debian.length} of them of Debian`);
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
