import type { ShippedPackage } from '../licences/shipped-packages.js';
import type { DebianPackage } from './debian-packages.js';

/** A CycloneDX 1.5 document (https://cyclonedx.org/docs/1.5/json/): the parts of it that we write. */
export interface BillOfMaterials {
  $schema: string;
  bomFormat: 'CycloneDX';
  specVersion: '1.5';
  version: 1;
  metadata: { component: Component };
  components: Component[];
}

export interface Component {
  type: 'application' | 'library';
  'bom-ref': string;
  name: string;
  version: string;
  purl: string;
  licenses?: [{ expression: string }];
  hashes?: { alg: 'SHA-512'; content: string }[];
}

/**
 * What a deployment consists of, the same document for the same packages. Not by `npm sbom --omit=dev`: that of npm 11.19 leaves out
 * dependencies that are installed, NestJS and pg among them.
 */
export function billOfMaterials(
  version: string,
  packages: ShippedPackage[],
  debian: DebianPackage[] = [],
): BillOfMaterials {
  const components = [...packages.map(componentOfNpm), ...debian.map(componentOfDebian)];
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: {
        ...component('application', `pkg:npm/lathe@${version}`, 'lathe', version),
        licenses: [{ expression: 'MIT' }],
      },
    },
    components: [...new Map(components.map((one) => [one.purl, one])).values()],
  };
}

/** A package-url of npm has the `@` of a scope encoded (https://github.com/package-url/purl-spec). */
function componentOfNpm({ name, version, licence, integrity }: ShippedPackage): Component {
  return {
    ...component('library', `pkg:npm/${name.replace('@', '%40')}@${version}`, name, version),
    licenses: [{ expression: licence }],
    hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex') }],
  };
}

function componentOfDebian({ name, version, architecture }: DebianPackage): Component {
  const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}`;
  return component('library', purl, name, version);
}

const component = (type: Component['type'], purl: string, name: string, version: string): Component => ({
  type,
  'bom-ref': purl,
  name,
  version,
  purl,
});
