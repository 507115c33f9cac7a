/** Packages that ship although their licence is not permissive, and why that is acceptable. */
export const exceptions: readonly { packages: RegExp; licence: string; why: string }[] = [
  {
    packages: /^@img\/sharp-libvips-[a-z0-9-]+$/,
    licence: 'LGPL-3.0-or-later',
    why: 'libvips is a shared library in a file of its own, unchanged and loaded at run time; whoever deploys Lathe can put another build in its place.',
  },
  {
    packages: /^@img\/sharp-win32-[a-z0-9]+$/,
    licence: 'Apache-2.0 AND LGPL-3.0-or-later',
    why: 'The same library as a DLL. No image of ours has it.',
  },
  {
    packages: /^@img\/sharp-wasm32$/,
    licence: 'Apache-2.0 AND LGPL-3.0-or-later AND MIT',
    why: 'The same library in WebAssembly, in a file of its own, for platforms without a binary. No image of ours has it.',
  },
];
