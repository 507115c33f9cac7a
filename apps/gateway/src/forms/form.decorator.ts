import type { MultipartFile } from '@fastify/multipart';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '#contracts';
import type { FormParts } from './form-part.js';
import { unlessStuck } from './stuck-parser.js';

/** Fields are short; how long a file may be is for its reader to say. */
const limits = {
  fieldNameSize: 100,
  fieldSize: 64 * 1024,
  fields: 32,
  files: 8,
  parts: 40,
  headerPairs: 50,
  fileSize: Number.POSITIVE_INFINITY,
};

/** The parts of a multipart body as they arrive; any other body is a 415. */
export const Form = createParamDecorator((_: unknown, context: ExecutionContext): FormParts => {
  const form = formOf(context);
  if (!form) throw new Problem('unsupported_media_type', 'This takes multipart/form-data');
  return form;
});

/** The parts of a multipart body, or null when the body is something else. */
export const OptionalForm = createParamDecorator((_: unknown, context: ExecutionContext): FormParts | null =>
  formOf(context),
);

function formOf(context: ExecutionContext): FormParts | null {
  const http = context.switchToHttp();
  const request = http.getRequest<FastifyRequest>();
  if (!request.isMultipart()) return null;
  dropTheRestAfter(http.getResponse<FastifyReply>(), request);
  return partsOf(request);
}

async function* partsOf(request: FastifyRequest): FormParts {
  try {
    const parts = request.parts({ limits });
    for (;;) {
      const { done, value: part } = await unlessStuck(request.raw, parts.next());
      if (done) return;
      const name = part.fieldname ?? '';
      if (part.type === 'file') yield { kind: 'file', name, filename: part.filename ?? '', bytes: bytesOf(part.file) };
      else if (part.valueTruncated) throw new Problem('payload_too_large', `The field ${name} is too long`);
      else yield { kind: 'field', name, value: part.value };
    }
  } catch (error) {
    throw unreadable(error);
  }
}

async function* bytesOf(file: MultipartFile['file']): AsyncGenerator<Uint8Array, void> {
  try {
    yield* file;
  } catch (error) {
    throw unreadable(error);
  }
}

/** What a parser says of a form is about the form; it is never a bug of ours. */
function unreadable(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { statusCode, message } = error as { statusCode?: number; message: string };
  return new Problem(statusCode === 413 ? 'payload_too_large' : 'malformed_request', `The form: ${message}`);
}

/** A form that was refused half-way is still being sent: what comes is dropped, so that the client sees the answer. */
function dropTheRestAfter(reply: FastifyReply, { raw }: FastifyRequest): void {
  reply.raw.once('finish', () => {
    if (raw.readableEnded) return;
    raw.unpipe();
    raw.resume();
  });
}
