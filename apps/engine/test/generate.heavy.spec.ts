import { measureMesh, sceneOf, validateGlb, writeGlb } from '#mesh';
import { generate, type Generated, type GenerationRequest } from '../src/reference/generate.js';
import { drawn, emojiFile } from './a-picture.js';
import { aRequest } from './a-request.js';

const silent = (): void => {};
const prompted = (prompt: string, about: Parameters<typeof aRequest>[0] = {}): GenerationRequest =>
  aRequest({ prompt, ...about });
const pictured = (...images: GenerationRequest['images']): GenerationRequest => aRequest({ images });
const glbOf = ({ document }: Generated): Promise<Uint8Array> => writeGlb(document);

const onPaper =
  '<rect width="256" height="256" fill="#f6f3ec"/><ellipse cx="128" cy="140" rx="80" ry="60" fill="#c33"/>';
const onGrass =
  '<defs><linearGradient id="g" x2="0" y2="1"><stop stop-color="#7ab"/><stop offset="1" stop-color="#274"/></linearGradient></defs>' +
  '<rect width="256" height="256" fill="url(#g)"/><circle cx="128" cy="128" r="70" fill="#fb3"/>';

const cases: [title: string, request: () => Promise<GenerationRequest>, method: string, matched: RegExp][] = [
  ['a red ceramic mug', async () => prompted('a red ceramic mug'), 'shape', /^shape:mug colour:red material:ceramic$/],
  [
    'a tall blue glass vase',
    async () => prompted('a tall blue glass vase'),
    'shape',
    /^shape:vase colour:blue material:glass$/,
  ],
  ['дом с синей крышей', async () => prompted('дом с синей крышей'), 'shape', /^shape:house$/],
  ['a colour said twice', async () => prompted('a red, red mug'), 'shape', /^shape:mug colour:red$/],
  ['a low-poly tree', async () => prompted('a low-poly tree'), 'shape', /^shape:tree$/],
  ['рыжая кошка', async () => prompted('рыжая кошка'), 'emoji', /^emoji:кошка 🐈 colour:ginger$/],
  ['a big golden dragon', async () => prompted('a big golden dragon'), 'emoji', /^emoji:dragon 🐉 material:gold$/],
  ['🦊', async () => prompted('🦊'), 'emoji', /🦊/],
  ['words without a thing', async () => prompted('абвгд йцукен'), 'lettering', /^lettering:абвгд йцукен$/],
  [
    'a picture with alpha',
    async () => pictured({ bytes: emojiFile('1f345'), view: 'front' }),
    'picture',
    /cut-out:alpha$/,
  ],
  [
    'a picture on paper',
    async () => pictured({ bytes: await drawn(onPaper), view: 'front' }),
    'picture',
    /cut-out:plain-background$/,
  ],
  [
    'a picture on grass',
    async () => pictured({ bytes: await drawn(onGrass), view: 'left' }),
    'picture',
    /^picture:left cut-out:grab-cut$/,
  ],
  [
    'front, back and side pictures',
    async () =>
      pictured(
        { bytes: emojiFile('1f99c'), view: 'left' },
        { bytes: emojiFile('1f345'), view: 'front' },
        { bytes: emojiFile('1f34a'), view: 'back' },
      ),
    'picture',
    /^picture:front back:picture cut-out:alpha unused:left$/,
  ],
];

describe('the reference engine', () => {
  it.each(cases)('makes a sound model of %s', async (_title, request, method, matched) => {
    const { document, provenance } = await generate(await request(), silent);
    expect(provenance).toMatchObject({
      engine: 'reference',
      method,
      matched: expect.stringMatching(matched) as unknown,
    });
    expect(provenance.confidence).toBeGreaterThan(0);
    expect(provenance.confidence).toBeLessThanOrEqual(1);
    const { watertight, bounds, textures, volume } = measureMesh(await sceneOf(document));
    expect(watertight).toBe(true);
    expect(volume).toBeGreaterThan(0);
    expect(bounds.min[1]).toBeCloseTo(0, 4);
    expect(Math.max(...bounds.max.map((high, axis) => high - bounds.min[axis]!))).toBeLessThan(1.0001);
    for (const { width, height } of textures) expect(Math.max(width, height)).toBeLessThanOrEqual(256);
    expect(textures).toHaveLength(['picture', 'emoji'].includes(method) ? 1 : 0);
    expect(await validateGlb(await writeGlb(document))).toMatchObject({ errors: 0, warnings: 0 });
  });

  it.each(['a mushroom', 'рыжая кошка', 'йцукен'])(
    'makes the same bytes of %s again, seed for seed',
    async (prompt) => {
      const [once, again] = [await generate(prompted(prompt), silent), await generate(prompted(prompt), silent)];
      expect(Buffer.from(await glbOf(again)).equals(await glbOf(once))).toBe(true);
    },
  );

  it('cuts the same picture out the same way every time', async () => {
    const request = pictured({ bytes: await drawn(onGrass), view: 'front' });
    const [once, again] = [await generate(request, silent), await generate(request, silent)];
    expect(Buffer.from(await glbOf(again)).equals(await glbOf(once))).toBe(true);
  });

  it('varies a shape with the seed', async () => {
    const trees = [1, 2].map((seed) => generate(prompted('a tree', { params: { seed } }), silent));
    const [one, other] = await Promise.all(trees.map(async (tree) => glbOf(await tree)));
    expect(Buffer.from(one!).equals(other!)).toBe(false);
  });

  it('leaves textures and colours out when asked to', async () => {
    for (const prompt of ['a red mug', 'a fox']) {
      const { document } = await generate(prompted(prompt, { params: { texture: false } }), silent);
      expect(document.getRoot().listTextures()).toHaveLength(0);
      expect(
        document
          .getRoot()
          .listMaterials()
          .map((material) => material.getName()),
      ).toEqual(['bare']);
    }
  });

  it('honours size words', async () => {
    const heightOf = async (prompt: string): Promise<number> => {
      const { bounds } = measureMesh(await sceneOf((await generate(prompted(prompt), silent)).document));
      return bounds.max[1]! - bounds.min[1]!;
    };
    const [ordinary, small, big] = await Promise.all(['a lamp', 'a small lamp', 'огромная лампа'].map(heightOf));
    expect(small).toBeLessThan(0.7 * ordinary!);
    expect(big).toBeGreaterThan(1.2 * ordinary!);
  });

  it('reports its stages in order', async () => {
    const reports: [string, number][] = [];
    await generate(pictured({ bytes: emojiFile('1f345'), view: 'front' }), (stage, percent) =>
      reports.push([stage, percent]),
    );
    expect([...new Set(reports.map(([stage]) => stage))]).toEqual(['cut_out', 'inflate', 'texture']);
    const percents = reports.map(([, percent]) => percent);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    expect(percents.at(-1)).toBe(100);
  });

  it('makes a plaque of a picture whose background is to stay', async () => {
    const request = { ...pictured({ bytes: await drawn(onGrass), view: 'front' }) };
    const { document, provenance } = await generate(
      { ...request, params: { ...request.params, remove_background: false } },
      silent,
    );
    expect(provenance.matched).toBe('picture:front cut-out:as-is');
    const { bounds, watertight } = measureMesh(await sceneOf(document));
    expect(watertight).toBe(true);
    expect(bounds.max[2]! - bounds.min[2]!).toBeLessThan(0.2);
  });
});

describe('a request the reference engine refuses', () => {
  it.each([
    ['an empty picture', '<rect width="256" height="256" fill="#abc"/>', /stands out/],
    ['a transparent picture', '', /transparent/],
  ])('%s', async (_title, svg, message) => {
    const making = generate(pictured({ bytes: await drawn(svg), view: 'front' }), silent);
    await expect(making).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringMatching(message) as unknown,
    });
  });

  it.each([
    ['bytes that are no picture', pictured({ bytes: Buffer.from('no picture'), view: 'front' }), 'bad_input'],
    ['nothing at all', aRequest(), 'bad_input'],
    ['a script the font does not have', prompted('中文提示'), 'unsupported'],
  ])('%s', async (_title, request, code) => {
    await expect(generate(request, silent)).rejects.toMatchObject({ name: 'GenerationError', code });
  });
});
