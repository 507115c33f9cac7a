/** A field of a form. Its value is text, or what the text meant when the part said that it is JSON. */
export interface FieldPart {
  kind: 'field';
  name: string;
  value: unknown;
}

/** A file of a form. Its bytes can be read once, before the next part. */
export interface FilePart {
  kind: 'file';
  name: string;
  filename: string;
  bytes: AsyncIterable<Uint8Array>;
}

export type FormPart = FieldPart | FilePart;

/** The parts of a form in the order in which they arrive. */
export type FormParts = AsyncGenerator<FormPart, void>;
