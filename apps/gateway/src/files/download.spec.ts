import { type FileView, Problem } from '#contracts';
import { answerDownload } from './download.js';

const sha256 = 'a'.repeat(64);
const aFile = (about: Partial<FileView> = {}): FileView => ({
  file_id: '01900000-0000-7000-8000-000000000000',
  filename: 'mug.glb',
  media_type: 'model/gltf-binary',
  size_bytes: 10,
  sha256,
  kind: 'model',
  created_at: '2026-01-02T03:04:05.000Z',
  url: '/files/01900000-0000-7000-8000-000000000000',
  ...about,
});
const get = (headers: Record<string, string> = {}, about: Partial<FileView> = {}) =>
  answerDownload(aFile(about), { method: 'GET', headers });

describe('a download', () => {
  it('answers the whole file with everything a client needs to know', () => {
    expect(get()).toEqual({
      status: 200,
      bytes: 'whole',
      headers: {
        etag: `"${sha256}"`,
        'cache-control': 'private, max-age=31536000, immutable',
        'content-type': 'model/gltf-binary',
        'content-disposition': 'attachment; filename="mug.glb"',
        'content-length': '10',
        'last-modified': 'Fri, 02 Jan 2026 03:04:05 GMT',
        'accept-ranges': 'bytes',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
      },
    });
  });

  it('answers a part', () => {
    const answer = get({ range: 'bytes=2-4' });
    expect(answer).toMatchObject({ status: 206, bytes: { first: 2, last: 4 } });
    expect(answer.headers).toMatchObject({ 'content-length': '3', 'content-range': 'bytes 2-4/10' });
  });

  it('refuses a part that is not there', () => {
    expect(() => get({ range: 'bytes=10-' })).toThrow(Problem);
    expect(() => get({ range: 'bytes=10-' })).toThrow(expect.objectContaining({ code: 'range_not_satisfiable' }));
  });

  it('sends nothing that the client has', () => {
    const answer = get({ 'if-none-match': `"${sha256}"`, range: 'bytes=99-' });
    expect(answer).toMatchObject({ status: 304, bytes: null });
    expect(Object.keys(answer.headers).toSorted()).toEqual(['cache-control', 'etag']);
  });

  it('resumes only the same bytes', () => {
    expect(get({ range: 'bytes=2-4', 'if-range': `"${sha256}"` }).status).toBe(206);
    expect(get({ range: 'bytes=2-4', 'if-range': '"other"' }).status).toBe(200);
  });

  it('answers HEAD like GET without the bytes, and without regard to a range', () => {
    const answer = answerDownload(aFile(), { method: 'HEAD', headers: { range: 'bytes=2-4' } });
    expect(answer).toMatchObject({ status: 200, bytes: null });
    expect(answer.headers['content-length']).toBe('10');
  });

  describe('that the store can answer itself', () => {
    const publicUrl = 'https://store.example/mug?signature=1';
    const sent = (method: string, headers: Record<string, string> = {}) =>
      answerDownload(aFile(), { method, headers }, publicUrl);

    it('is sent there, and nobody keeps the address', () => {
      expect(sent('GET', { range: 'bytes=99-' })).toEqual({
        status: 302,
        bytes: null,
        headers: { location: publicUrl, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
      });
    });

    it('is described here: the address is for a GET alone', () => {
      expect(sent('HEAD')).toMatchObject({ status: 200, bytes: null, headers: { 'content-length': '10' } });
    });

    it('is not sent anywhere when the client has the bytes', () => {
      const answer = sent('GET', { 'if-none-match': '*' });
      expect(answer.status).toBe(304);
      expect(answer.headers).not.toHaveProperty('location');
    });
  });

  it('fetches nothing of an empty file', () => {
    expect(get({}, { size_bytes: 0 })).toMatchObject({ status: 200, bytes: null });
  });
});
