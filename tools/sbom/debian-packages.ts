/** An installed package of Debian. */
export interface DebianPackage {
  name: string;
  version: string;
  architecture: string;
}

/** The installed packages that a `/var/lib/dpkg/status` tells of (deb822(5)). */
export function debianPackages(status: string): DebianPackage[] {
  return status
    .split(/\n\n+/)
    .filter((paragraph) => /^Status: \S+ \S+ installed$/m.test(paragraph))
    .map((paragraph) => ({
      name: field(paragraph, 'Package'),
      version: field(paragraph, 'Version'),
      architecture: field(paragraph, 'Architecture'),
    }));
}

const field = (paragraph: string, name: string): string =>
  new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1]?.trim() ?? '';
