import { readForm } from './form-post.js';

const contentType = 'multipart/form-data; boundary=xYz';
const field = (name: string, value: string): string =>
  `--xYz\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const file = (content: string, disposition = 'name="file"; filename="fox.glb"'): string =>
  `--xYz\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: a/b\r\n\r\n${content}\r\n`;

async function* pieces(body: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function read(body: string, size = 1_000, type = contentType) {
  const form = await readForm(pieces(body, size), type);
  const content: Buffer[] = [];
  for await (const piece of form.file) content.push(piece);
  return { ...form, file: Buffer.concat(content).toString() };
}

const refused = (code: string) => expect.objectContaining({ code });

describe('an upload form', () => {
  it.each([1, 2, 5, 1_000])('is read however it is cut: into %i bytes', async (size) => {
    const content = 'a\r\n--xY\r\n--x\r\nz--';
    const form = await read(`${field('Key', 'a/ž')}${field('empty', '')}${file(content)}--xYz--\r\n`, size);
    expect(form.fields).toEqual(
      new Map([
        ['key', 'a/ž'],
        ['empty', ''],
      ]),
    );
    expect(form).toMatchObject({ file: content, filename: 'fox.glb' });
  });

  it('may have a preamble and a quoted boundary', async () => {
    const form = await read(`hello\r\n${file('x')}--xYz--`, 10, 'multipart/form-data; boundary="xYz"; charset=utf-8');
    expect(form.file).toBe('x');
  });

  it('may have an empty file and no name for it', async () => {
    const form = await read(`${file('', 'name=file')}--xYz--\r\n`);
    expect(form).toMatchObject({ file: '', filename: '' });
  });

  it('ends with its file: what follows is not looked at', async () => {
    const form = await read(`${file('x')}${field('key', 'late')}--xYz--\r\n`);
    expect(form.fields.has('key')).toBe(false);
  });

  it.each([
    ['MalformedPOSTRequest', file('cut off').slice(0, -4)],
    ['MalformedPOSTRequest', `--xYz\r\nContent-Disposition: form-data; name="key"\r\n\r\nvalue`],
    ['MalformedPOSTRequest', `--xYz\r\nContent-Type: text/plain\r\n\r\nvalue\r\n--xYz--`],
    ['InvalidArgument', `${field('key', 'a')}--xYz--\r\n`],
    ['InvalidArgument', `${field('key', 'a')}${field('KEY', 'b')}${file('x')}--xYz--`],
    ['MaxPostPreDataLengthExceeded', `${field('key', 'a'.repeat(70_000))}${file('x')}--xYz--`],
  ])('is refused with %s when it is broken', async (code, body) => {
    await expect(read(body)).rejects.toEqual(refused(code));
  });

  it('is refused without a boundary', async () => {
    await expect(read(file('x'), 10, 'multipart/form-data')).rejects.toEqual(refused('MalformedPOSTRequest'));
  });
});
