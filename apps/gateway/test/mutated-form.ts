import fc from 'fast-check';

/** A form on its way, as it is written to a socket: rarely one that a browser would send. */
export interface SentForm {
  path: '/upload' | '/generate';
  contentType: string;
  body: Buffer;
  framing: Framing;
  /** Where the body is cut into writes, or into chunks. */
  cuts: number[];
}

export type Framing = 'exact' | 'too-long' | 'too-short' | 'chunked' | 'chunked-cut' | 'chunked-lying';

interface Part {
  headers: string[];
  content: string;
}

/** What is too long to be looked at in a report of a failure. */
const short = (text: string): string => (text.length > 300 ? `${text.slice(0, 100)}… (${text.length})` : text);

const eol = '\r\n';
const latin = (maxLength: number) => fc.string({ unit: 'binary', maxLength });

const names = fc.oneof(
  fc.constantFrom('file', 'file', 'file', 'image', 'mesh', 'prompt', 'params', 'model', 'images'),
  fc.constantFrom('', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'a'.repeat(101), 'file"', 'fi\\"le'),
  latin(10),
);
const filenames = fc.oneof(
  fc.constantFrom(
    'a.png',
    'b.glb',
    '',
    '../../etc/passwd',
    'C:\\con',
    'a"; name="prompt',
    '\u202egpj.exe',
    'x'.repeat(5000),
  ),
  latin(20),
);
const dispositions = fc
  .record({
    type: fc.constantFrom('form-data', 'form-data', 'form-data', 'Form-Data', 'attachment', '', 'form-data;'),
    name: fc.option(names, { freq: 10 }),
    filename: fc.option(filenames, { freq: 2 }),
    extended: fc.option(fc.constantFrom("UTF-8''%F0%9F%90%B1", "UTF-8''%FF%", "x''a", "UTF-8''%00", "''"), { freq: 1 }),
  })
  .map(({ type, name, filename, extended }) =>
    [
      `content-disposition: ${type}`,
      ...(name === null ? [] : [`name="${name}"`]),
      ...(filename === null ? [] : [`filename="${filename}"`]),
      ...(extended === null ? [] : [`filename*=${extended}`]),
    ].join('; '),
  );
const otherHeaders = fc.oneof(
  fc.constantFrom(
    'content-type: application/json',
    'content-type: image/png',
    'content-type: multipart/mixed; boundary=inner',
    'content-type: text/plain; charset=utf-7',
    'content-type: ;;;=',
    'content-transfer-encoding: base64',
    'content-transfer-encoding: quoted-printable',
    'content-length: 5',
    ': nothing',
    'no colon',
    'content-disposition: form-data; name="prompt"',
  ),
  fc.integer({ min: 1, max: 100_000 }).map((length) => `x-long: ${'a'.repeat(length)}`),
  fc.integer({ min: 2, max: 200 }).map((count) => Array.from({ length: count }, (_, i) => `x-${i}: y`).join(eol)),
  latin(40),
);
const contents = fc.oneof(
  latin(200),
  fc.constantFrom(
    '',
    'a red mug',
    '{"seed":1}',
    '{"__proto__":{"a":1}}',
    '[[[[',
    '{"file_id":"x"}',
    eol,
    `--b${eol}`,
    '--b--',
  ),
  fc.integer({ min: 1, max: 150_000 }).map((length) => 'z'.repeat(length)),
  fc.constant(
    `--inner${eol}content-disposition: form-data; name="file"; filename="a"${eol}${eol}x${eol}--inner--${eol}`,
  ),
);
/** What POST /upload is for, so that damage reaches behind the checks of a form. */
const oneFile = fc
  .tuple(filenames, contents)
  .map(([filename, content]): Part[] => [
    { headers: [`content-disposition: form-data; name="file"; filename="${filename}"`], content },
  ]);
const parts = fc.oneof(
  { weight: 4, arbitrary: oneFile },
  { weight: 8, arbitrary: fc.array(fc.record<Part>({ headers: headersOf(), content: contents }), { maxLength: 5 }) },
  { weight: 1, arbitrary: fc.integer({ min: 6, max: 60 }).chain((n) => manyOf(n, 'prompt')) },
  { weight: 1, arbitrary: fc.integer({ min: 2, max: 12 }).chain((n) => manyOf(n, 'image"; filename="a.png')) },
);

function headersOf(): fc.Arbitrary<string[]> {
  const usual = dispositions.map((disposition) => [disposition]);
  const odd = fc.tuple(fc.option(dispositions, { freq: 8 }), fc.array(otherHeaders, { maxLength: 3 }));
  return fc.oneof(
    usual,
    odd.map(([disposition, more]) => (disposition === null ? more : [disposition, ...more])),
  );
}

const manyOf = (count: number, name: string): fc.Arbitrary<Part[]> =>
  fc.constant(
    Array.from({ length: count }, () => ({
      headers: [`content-disposition: form-data; name="${name}"`],
      content: 'x',
    })),
  );

const mutation = fc.record({
  how: fc.constantFrom('drop', 'insert', 'flip', 'repeat', 'cut'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  bytes: fc.oneof(
    fc.constantFrom('\r', '\n', eol, '--', '--b', `${eol}--b${eol}`, `${eol}--b--${eol}`, '\0'),
    latin(8),
  ),
});

function mutate(body: Buffer, { how, at, bytes }: { how: string; at: number; bytes: string }): Buffer {
  const place = Math.floor(at * body.length);
  const piece = Buffer.from(bytes, 'latin1');
  const [before, after] = [body.subarray(0, place), body.subarray(place)];
  if (how === 'drop') return Buffer.concat([before, after.subarray(piece.length)]);
  if (how === 'insert') return Buffer.concat([before, piece, after]);
  if (how === 'flip') return Buffer.concat([before, piece, after.subarray(piece.length)]);
  if (how === 'repeat') return Buffer.concat([before, after.subarray(0, 100), after]);
  return before;
}

function serialized(list: Part[], boundary: string, lineEnd: string, ending: string): Buffer {
  const written = list.map(({ headers, content }) =>
    [`--${boundary}`, ...headers, '', content].join(lineEnd).concat(lineEnd),
  );
  return Buffer.from(written.join('') + ending, 'latin1');
}

const shortly = (body: Buffer): Buffer =>
  Object.defineProperty(body, fc.toStringMethod, { value: () => JSON.stringify(short(body.toString('latin1'))) });

const contentTypes = fc.oneof(
  { weight: 6, arbitrary: fc.constant('multipart/form-data; boundary=b') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'multipart/form-data; boundary="b"',
      'multipart/form-data; boundary=b; charset=x',
      'multipart/form-data; boundary=',
      'multipart/form-data',
      'multipart/form-data; boundary=B',
      `multipart/form-data; boundary=${'b'.repeat(300)}`,
      'multipart/form-data; boundary="b',
      'multipart/mixed; boundary=b',
      'Multipart/Form-Data; Boundary=b',
      'multipart/form-data; boundary=b; boundary=c',
      "multipart/form-data; boundary*=UTF-8''b",
    ),
  },
);

/** Forms with wrong boundaries, line ends, headers and lengths, damaged in some places, in writes of every size. */
export const aMutatedForm = (): fc.Arbitrary<SentForm> =>
  fc.record({
    path: fc.constantFrom('/upload', '/generate'),
    contentType: contentTypes,
    body: fc
      .tuple(
        parts,
        fc.constantFrom('b', 'b', 'b', 'b', 'c', '', 'b '),
        fc.constantFrom(eol, eol, eol, eol, '\n', '\r', ''),
        fc.constantFrom(
          '--b--\r\n',
          '--b--\r\n',
          '--b--\r\n',
          '--b--',
          '--b',
          '',
          '--b--\r\nepilogue',
          '\r\n--b--\r\n',
        ),
        fc.oneof(fc.constant([]), fc.array(mutation, { maxLength: 4 })),
      )
      .map(([list, boundary, lineEnd, ending, mutations]) =>
        shortly(mutations.reduce(mutate, serialized(list, boundary, lineEnd, ending))),
      ),
    framing: fc.constantFrom<Framing>(
      'exact',
      'exact',
      'exact',
      'chunked',
      'chunked',
      'too-long',
      'too-short',
      'chunked-cut',
      'chunked-lying',
    ),
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
  }) as fc.Arbitrary<SentForm>;

/** Whether all that was announced is sent, so that there has to be an answer. */
export const isComplete = ({ framing }: SentForm): boolean =>
  framing === 'exact' || framing === 'chunked' || framing === 'too-short';

/** The writes that make a request of it. */
export function writesOf(form: SentForm, headers: string[]): Buffer[] {
  const pieces = piecesOf(form);
  const head = [`POST ${form.path} HTTP/1.1`, ...headers, `content-type: ${form.contentType}`, lengthOf(form)];
  return [Buffer.from(`${head.join(eol)}${eol}${eol}`, 'latin1'), ...framed(pieces, form.framing)];
}

function piecesOf({ body, cuts }: SentForm): Buffer[] {
  const places = [0, ...cuts.map((at) => Math.floor(at * body.length)).toSorted((a, b) => a - b), body.length];
  return places
    .slice(1)
    .map((end, index) => body.subarray(places[index], end))
    .filter((piece) => piece.length > 0);
}

function lengthOf({ framing, body }: SentForm): string {
  if (framing === 'exact') return `content-length: ${body.length}`;
  if (framing === 'too-long') return `content-length: ${body.length + 10}`;
  if (framing === 'too-short') return `content-length: ${Math.max(0, body.length - 10)}`;
  return 'transfer-encoding: chunked';
}

function framed(pieces: Buffer[], framing: Framing): Buffer[] {
  if (!framing.startsWith('chunked')) return pieces;
  const lie = framing === 'chunked-lying' ? 3 : 0;
  const chunks = pieces.map((piece) =>
    Buffer.concat([Buffer.from(`${(piece.length + lie).toString(16)}${eol}`), piece, Buffer.from(eol)]),
  );
  return framing === 'chunked-cut' ? chunks : [...chunks, Buffer.from(`0${eol}${eol}`)];
}
