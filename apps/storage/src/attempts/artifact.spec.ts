import { createHash } from 'node:crypto';
import { checkContent, expectedArtifacts, mediaTypeOf, pictureSize } from './artifact.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const delivered = (about = {}) => ({
  name: 'model.glb',
  format: 'glb',
  bytes: 8,
  sha256: sha256('glTF1234'),
  ...about,
});
const refusal = (message: RegExp) =>
  expect.objectContaining({ code: 'output_rejected', message: expect.stringMatching(message) });

describe('a delivery', () => {
  it.each([
    ['glb', 'model', 'glb', 'model.glb', 'model/gltf-binary'],
    ['obj.zip', 'model', 'obj', 'model-obj.zip', 'application/zip'],
    ['fbx', 'model', 'fbx', 'model.fbx', 'application/octet-stream'],
    ['stl', 'model', 'stl', 'model.stl', 'model/stl'],
    ['ply', 'model', 'ply', 'model.ply', 'application/octet-stream'],
    ['usdz', 'model', 'usdz', 'model.usdz', 'model/vnd.usdz+zip'],
    ['3mf', 'model', '3mf', 'model.3mf', 'model/3mf'],
  ])('of %s becomes a %s: %s, called %s, of type %s', (format, kind, called, filename, mediaType) => {
    const [artifact] = expectedArtifacts([delivered({ format, name: 'whatever' })], 100);
    expect(artifact).toMatchObject({ type: { kind, format: called }, filename });
    expect(mediaTypeOf(artifact!.type)).toBe(mediaType);
  });

  it.each([
    ['preview.png', 'preview.png'],
    ['preview-right-256.png', 'preview-right-256.png'],
    ['thumbnail', 'thumbnail.png'],
  ])('of the picture %s becomes a preview called %s', (name, filename) => {
    const [artifact] = expectedArtifacts([delivered({ format: 'png', name })], 100);
    expect(artifact).toMatchObject({ type: { kind: 'preview', format: 'png' }, filename });
    expect(mediaTypeOf(artifact!.type)).toBe('image/png');
  });

  it.each([
    [{ name: '../../other/1/model.glb' }, /is not a name/],
    [{ name: 'Model.glb' }, /is not a name/],
    [{ name: '' }, /is not a name/],
    [{ format: 'exe' }, /unknown format exe/],
    [{ format: 'constructor' }, /unknown format/],
    [{ bytes: 101 }, /model\.glb is larger than 100 bytes/],
  ])('with %j is refused', (about, message) => {
    expect(() => expectedArtifacts([delivered(about)], 100)).toThrow(refusal(message));
  });

  it('names every output once', () => {
    expect(() => expectedArtifacts([delivered(), delivered()], 100)).toThrow(refusal(/delivered twice/));
  });
});

describe('the content of an artifact', () => {
  const check = (text: string, about = {}) => {
    const [artifact] = expectedArtifacts([delivered(about)], 100);
    const head = Buffer.from(text, 'latin1').subarray(0, 32);
    checkContent(artifact!, { bytes: text.length, sha256: sha256(text), head });
  };

  it('is accepted when size, hash and first bytes are right', () => {
    expect(() => check('glTF1234')).not.toThrow();
  });

  it.each([
    ['glTF123', {}, /has 7 bytes instead of 8/],
    ['glTF1235', {}, /another SHA-256/],
    ['<html>..', { sha256: sha256('<html>..') }, /model\.glb is no glb file/],
    ['glTF1234', { format: 'fbx' }, /is no fbx file/],
    ['glT', { bytes: 3, sha256: sha256('glT') }, /is no glb file/],
    ['glTF1234', { format: 'stl' }, /is no stl file/],
    ['glTF1234', { format: '3mf' }, /is no 3mf file/],
  ])('is refused when it is %j and was said to be %j', (text, about, message) => {
    expect(() => check(text, about)).toThrow(refusal(message));
  });

  it('tells the size of a preview', () => {
    const [png] = expectedArtifacts([delivered({ format: 'png' })], 100);
    const head = Buffer.from('89504e470d0a1a0a0000000d49484452000002000000010008060000', 'hex');
    expect(pictureSize(png!.type, head)).toEqual({ width: 512, height: 256 });
    expect(pictureSize(png!.type, head.subarray(0, 20))).toBeUndefined();
  });
});
