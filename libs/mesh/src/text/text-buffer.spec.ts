import { assert, double, integer, property } from 'fast-check';
import { TextBuffer } from './text-buffer.js';

const decimal = (value: number, decimals: number) =>
  Buffer.from(new TextBuffer().decimal(value, decimals).toBytes()).toString();

describe('writing a decimal', () => {
  it.each([
    [0, 6, '0'],
    [-0, 6, '0'],
    [-1e-9, 6, '0'],
    [1.5, 6, '1.5'],
    [-0.05, 6, '-0.05'],
    [0.000001, 6, '0.000001'],
    [0.9999999, 6, '1'],
    [1234567.25, 3, '1234567.25'],
    [5e9, 3, '5000000000'],
    [123456789012, 3, '123456789012'],
    [1e30, 6, '1e+30'],
  ])('writes %d with %d decimals as %s', (value, decimals, text) => {
    expect(decimal(value, decimals)).toBe(text);
  });

  it('reads back within half of the last decimal, whatever the number', () => {
    assert(
      property(double({ min: -1e6, max: 1e6, noNaN: true }), integer({ min: 3, max: 9 }), (value, decimals) => {
        const text = decimal(value, decimals);
        expect(text).toMatch(/^-?\d+(\.\d*[1-9])?$/);
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(
          0.5000001 * 10 ** -decimals + Math.abs(value) * 1e-15,
        );
      }),
    );
  });
});
