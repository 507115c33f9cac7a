import { aGlb } from '../../../test/engines/a-glb.js';
import { faultOfJson, glbHeadBytes, jsonEndOf } from './glb-container.js';

const glb = aGlb();
const changed = (offset: number, value: number): Buffer => {
  const copy = Buffer.from(glb);
  copy.writeUInt32LE(value, offset);
  return copy;
};

describe('the container of a GLB', () => {
  it('says where its JSON ends', () => {
    expect(jsonEndOf(glb.subarray(0, glbHeadBytes), glb.length)).toEqual({ end: 20 + glb.readUInt32LE(12) });
  });

  it.each([
    ['is something else', Buffer.from('<html><body>502 Bad Gateway'), /no GLB/],
    ['is short', glb.subarray(0, 19), /no GLB/],
    ['is glTF 1', changed(4, 1), /glTF 1/],
    ['was cut off', glb.subarray(0, -4), /says/],
    ['is longer than it says', Buffer.concat([glb, Buffer.alloc(4)]), /says/],
    ['begins with its buffer', changed(16, 0x004e4942), /begin/],
    ['has JSON beyond its end', changed(12, glb.length), /ends after/],
    ['has JSON without end', changed(12, 2 ** 31), /JSON has/],
  ])('is refused when it %s', (_, bytes, fault) => {
    expect(jsonEndOf(bytes.subarray(0, glbHeadBytes), bytes.length)).toEqual({
      fault: expect.stringMatching(fault) as unknown,
    });
  });

  it.each([
    ['{"asset":{"version":"2.0"}}  ', null],
    ['{"asset"', 'its JSON cannot be read'],
    ['7', 'its JSON is no object'],
  ])('with the JSON %s: %s', (json, fault) => expect(faultOfJson(Buffer.from(json))).toBe(fault));
});
