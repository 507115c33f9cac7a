import { fieldsOf, isRecord, listOf, parsedJson, textOf } from './json.js';

describe("somebody else's JSON", () => {
  it.each([
    ['{"a":1}', { isRecord: true, fields: { a: 1 }, list: [], text: undefined }],
    ['[{"a":1}]', { isRecord: false, fields: {}, list: [{ a: 1 }], text: undefined }],
    ['"a"', { isRecord: false, fields: {}, list: [], text: 'a' }],
    ['""', { isRecord: false, fields: {}, list: [], text: undefined }],
    ['7', { isRecord: false, fields: {}, list: [], text: undefined }],
    ['null', { isRecord: false, fields: {}, list: [], text: undefined }],
    ['{"a"', { isRecord: false, fields: {}, list: [], text: undefined }],
  ])('is taken for no more than it is: %s', (text, { isRecord: is, ...parts }) => {
    const value = parsedJson(text);
    expect(isRecord(value)).toBe(is);
    expect({ fields: fieldsOf(value), list: listOf(value), text: textOf(value) }).toEqual(parts);
  });

  it('is undefined only when it is none', () => {
    expect([parsedJson('null'), parsedJson('x'), parsedJson('')]).toEqual([null, undefined, undefined]);
  });
});
