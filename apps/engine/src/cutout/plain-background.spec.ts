import { floodBackground, framePixels, plainBackground } from './plain-background.js';
import type { Picture } from './picture.js';

type Colour = [number, number, number];

const paper: Colour = [246, 243, 236];
const red: Colour = [200, 40, 40];

/** A square picture whose colours are given by place. */
function painted(side: number, colourAt: (x: number, y: number) => Colour): Picture {
  const rgba = new Uint8Array(side * side * 4).fill(255);
  for (let i = 0; i < side * side; i++) rgba.set(colourAt(i % side, Math.floor(i / side)), 4 * i);
  return { width: side, height: side, rgba };
}

const inDisc = (x: number, y: number, radius: number): boolean => Math.hypot(x - 19.5, y - 19.5) < radius;

describe('a plain background', () => {
  it('is found when the frame has one colour', () => {
    const found = plainBackground(painted(40, (x, y) => (inDisc(x, y, 12) ? red : paper)));
    expect(found?.colour[0]).toBeGreaterThan(0.95);
  });

  it('is found in spite of an object that touches the frame a little', () => {
    expect(plainBackground(painted(40, (x, y) => (x < 6 && y > 36 ? red : paper)))).not.toBeNull();
  });

  it('is not found where the frame has many colours', () => {
    expect(plainBackground(painted(40, (x, y) => [x * 6, y * 6, 90]))).toBeNull();
  });
});

describe('flooding it', () => {
  const flooded = (picture: Picture): Uint8Array => floodBackground(picture, plainBackground(picture)!);

  it('leaves exactly the object', () => {
    const background = flooded(painted(40, (x, y) => (inDisc(x, y, 12) ? red : paper)));
    background.forEach((behind, i) => expect(behind).toBe(inDisc(i % 40, Math.floor(i / 40), 12) ? 0 : 1));
  });

  it('keeps a hole of the same colour inside the object', () => {
    const eyed = painted(40, (x, y) => (inDisc(x, y, 4) ? paper : inDisc(x, y, 12) ? red : paper));
    expect(flooded(eyed)[20 * 40 + 20]).toBe(0);
  });

  it('takes a soft shadow along, but not a grey thing', () => {
    const shade = (x: number): Colour =>
      paper.map((channel) => channel - Math.max(0, 30 - 2 * Math.abs(x - 20))) as Colour;
    const shadowed = painted(40, (x, y) => (y > 34 ? shade(x) : inDisc(x, y, 12) ? [150, 148, 143] : paper));
    const background = flooded(shadowed);
    expect(background[36 * 40 + 20]).toBe(1);
    expect(background[20 * 40 + 20]).toBe(0);
  });

  it('knows the frame, every pixel once', () => {
    expect(framePixels({ width: 3, height: 3 })).toEqual([0, 1, 2, 3, 5, 6, 7, 8]);
    expect(framePixels({ width: 1, height: 2 })).toEqual([0, 1]);
  });
});
