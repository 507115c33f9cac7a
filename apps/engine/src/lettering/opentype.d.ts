/** The part of opentype.js that lettering uses; the package has no types of its own. */
declare module 'opentype.js' {
  export interface PathCommand {
    type: 'M' | 'L' | 'Q' | 'C' | 'Z';
    x: number;
    y: number;
    x1: number;
    y1: number;
    x2: number;
    y2: number;
  }
  export interface Font {
    /** The outlines of a line of text, its baseline starting at (x, y); y grows downwards. */
    getPath(text: string, x: number, y: number, size: number): { commands: PathCommand[] };
    getAdvanceWidth(text: string, size: number): number;
    /** 0 when the font has no glyph for a character. */
    charToGlyphIndex(character: string): number;
  }
  const opentype: { parse(bytes: ArrayBuffer): Font };
  export default opentype;
}
