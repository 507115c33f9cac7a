/** `node dist/tools/docs/pictures.js`: the picture of the READMEs, from the previews that `npm run demo` has put into out/. */
import path from 'node:path';
import sharp from 'sharp';
import { projectRoot } from '../local-stack/state/folders.js';

const side = 400;
const sources = [
  'tools/demo/sample.png',
  'out/from-picture.png',
  'out/red-ceramic-mug.png',
  'out/ginger-cat.png',
] as const;

/** The pictures side by side, each fitted into a square, in few enough colours for a page that loads at once. */
async function makeStrip(target: string): Promise<void> {
  const squares = sources.map((source) =>
    sharp(path.join(projectRoot(), source)).resize(side, side).flatten({ background: 'white' }).png().toBuffer(),
  );
  const strip = (await Promise.all(squares)).map((input, index) => ({ input, left: index * side, top: 0 }));
  await sharp({ create: { width: side * sources.length, height: side, channels: 3, background: 'white' } })
    .composite(strip)
    .png({ palette: true, colours: 256, effort: 10 })
    .toFile(path.join(projectRoot(), target));
}

await makeStrip('docs/images/models.png');
