import { readFile } from 'node:fs/promises';
import { decodePicture, type Picture } from '../cutout/picture.js';
import { emojiPicturePath } from '../reference/assets.js';
import type { Finish } from '../reference/gltf.js';
import type { Look } from '../reference/prompt/phrase.js';
import type { Emoji } from './emoji-index.js';
import { monochrome, recolour } from './recolour.js';

/** The picture of an emoji in the colours and the material asked for, and how its surface is to shine. */
export async function emojiPicture(
  emoji: Emoji,
  look: Look,
): Promise<{ picture: Picture; finish: Pick<Finish, 'name' | 'metallic' | 'roughness'> }> {
  const drawn = await decodePicture(await readFile(emojiPicturePath(emoji.picture)), 256);
  const { material, colours } = look;
  const colour = colours[0]?.hex;
  const cast = material ? monochrome(drawn, colour ?? material.hex) : drawn;
  return {
    // a thing asked for in two colours is left as it is drawn: nobody said which part has which
    picture: colour && !material && colours.length === 1 ? recolour(drawn, colour) : cast,
    finish: {
      name: material?.name ?? 'toy',
      metallic: material?.metallic ?? 0,
      roughness: look.roughness ?? material?.roughness ?? 0.6,
    },
  };
}

/** How far a picture may differ from its mirror image and still be a view from the front. */
const symmetric = { alpha: 0.05, light: 0.09 };

/** Whether a cut-out picture is left-right symmetric: a face or a fruit, not an animal from the side. */
export function isFrontal({ width, height, rgba }: Picture): boolean {
  const columns = Array.from({ length: width }, (_, x) => x).filter((x) =>
    Array.from({ length: height }, (_row, y) => rgba[4 * (y * width + x) + 3]!).some((alpha) => alpha > 127),
  );
  const mirror = (columns[0] ?? 0) + (columns.at(-1) ?? 0);
  let [area, outline, light] = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (const x of columns) {
      const [here, there] = [4 * (y * width + x), 4 * (y * width + mirror - x)];
      const [inside, across] = [rgba[here + 3]! > 127, rgba[there + 3]! > 127];
      if (inside !== across) outline++;
      if (!inside || !across) continue;
      area++;
      light +=
        Math.abs(rgba[here]! + rgba[here + 1]! + rgba[here + 2]! - rgba[there]! - rgba[there + 1]! - rgba[there + 2]!) /
        765;
    }
  }
  return outline < symmetric.alpha * 2 * area && light < symmetric.light * area;
}
