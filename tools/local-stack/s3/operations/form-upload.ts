import { maxUploadBytes } from '../body/request-body.js';
import { readForm } from '../body/form-post.js';
import { S3Error } from '../errors.js';
import type { Credentials } from '../signing/authentication.js';
import { permitOf } from '../signing/post-policy.js';
import type { BucketStore } from '../store/bucket-store.js';
import { checkKey, uriEncodePath } from '../uri.js';
import { leaf } from '../xml.js';
import { quoted, xmlReply, type Reply } from './exchange.js';
import { headerText, objectHeaders } from '../http/object-headers.js';
import { storeObject } from './objects.js';

/** An upload form as it came in: proven by its own signed policy, not by the request. */
export interface FormUpload {
  bucket: string;
  contentType: string;
  body: AsyncIterable<Buffer>;
}

/** PostObject: a browser uploads with a form. Not a byte is written before the policy and its signature were checked. */
export async function uploadForm(
  store: BucketStore,
  account: Credentials,
  { bucket, contentType, body }: FormUpload,
  nowMs: number,
): Promise<Reply> {
  const { fields, filename, file } = await readForm(body, contentType);
  const { key, minSize, maxSize } = permitOf({ bucket, filename, fields }, account, nowMs);
  if (!key) throw new S3Error('InvalidArgument', 'the form has no key');
  checkKey(key);
  const found = store.get(bucket);
  const headers = objectHeaders([...fields].map(([name, value]) => [name, headerText(name, value)]));
  const expected = { minSize, maxSize: Math.min(maxSize, maxUploadBytes) };
  const { etag } = await storeObject(found, key, headers, { chunks: file, expected });
  return answer(fields, { bucket, key, etag });
}

function answer(
  fields: ReadonlyMap<string, string>,
  { bucket, key, etag }: { bucket: string; key: string; etag: string },
): Reply {
  const location = `/${bucket}/${uriEncodePath(key)}`;
  const target = fields.get('success_action_redirect') ?? '';
  if (URL.canParse(target)) {
    const redirect = new URL(target);
    for (const [name, value] of Object.entries({ bucket, key, etag: quoted(etag) }))
      redirect.searchParams.append(name, value);
    return { status: 303, headers: { location: redirect.href } };
  }
  const status = fields.get('success_action_status') ?? '';
  const headers = { location, etag: quoted(etag) };
  if (status !== '201') return { status: status === '200' ? 200 : 204, headers };
  const document = xmlReply(
    'PostResponse',
    leaf('Location', location),
    leaf('Bucket', bucket),
    leaf('Key', key),
    leaf('ETag', quoted(etag)),
  );
  return { ...document, status: 201, headers: { ...document.headers, ...headers } };
}
