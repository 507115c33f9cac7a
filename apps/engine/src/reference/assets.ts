import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Where the data that ships inside npm packages lies on disk: pictures, word lists, a font, WebAssembly.
 * Resolved from the folder the process runs in, as every process of the product runs in the root of the checkout or image;
 * that works alike for compiled modules, for tests and in a container.
 */
function assetPath(packageName: string, ...path: string[]): string {
  const { resolve } = createRequire(join(process.cwd(), 'package.json'));
  return join(dirname(resolve(`${packageName}/package.json`)), ...path);
}

/** The 256-pixel picture of an emoji, named by its code points in lower case: `1f408`. */
export const emojiPicturePath = (name: string): string =>
  assetPath('@lobehub/fluent-emoji-3d', 'assets', `${name}.webp`);

/** The folder of all emoji pictures. */
export const emojiPictures = (): string => assetPath('@lobehub/fluent-emoji-3d', 'assets');

/** The labels and tags of every emoji in one language. */
export const emojiWordsPath = (language: string): string => assetPath('emojibase-data', language, 'compact.json');

/** Noto Sans Bold: Latin, Cyrillic and Greek. */
export const fontPath = (): string => assetPath('@expo-google-fonts/noto-sans', '700Bold', 'NotoSans_700Bold.ttf');
