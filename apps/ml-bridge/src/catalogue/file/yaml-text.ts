import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';

/** The names, and the numbers of list items from 0, that lead to a place. */
export type Path = readonly string[];

/** A wrong place in a file, and what is wrong with it. */
export interface Fault {
  path: Path;
  message: string;
}

/** A YAML file (1.2, no tags of its own) as a value, with the line and column of each of its places. */
export class YamlText {
  readonly value: unknown;
  /** What is not YAML, with its place in front; the value means nothing unless this is empty. */
  readonly syntaxErrors: readonly string[];
  private readonly document: Document;
  private readonly lines = new LineCounter();

  constructor(
    text: string,
    private readonly file: string,
  ) {
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false });
    const errors = [...this.document.errors, ...this.document.warnings].map(
      ({ pos, message }) => `${this.at(pos[0])}: ${message}`,
    );
    const { value, error } = valueOf(this.document, errors.length === 0);
    this.value = value;
    this.syntaxErrors = error === null ? errors : [`${file}: ${error}`];
  }

  /** `models.yaml:12:7` of a place, or of the nearest one around it that is written down. */
  placeOf(path: Path): string {
    let node: unknown = this.document.contents;
    let offset = offsetOf(node) ?? 0;
    for (const key of path) {
      const inner = isAlias(node) ? node.resolve(this.document) : node;
      const pair = isMap(inner)
        ? inner.items.find((it) => isScalar(it.key) && String(it.key.value) === key)
        : undefined;
      node = pair ? pair.value : isSeq(inner) ? inner.items[Number(key)] : undefined;
      const found = offsetOf(pair ? pair.key : node);
      if (found === null) break;
      offset = found;
    }
    return this.at(offset);
  }

  private at(offset: number): string {
    const { line, col } = this.lines.linePos(offset);
    return `${this.file}:${line}:${col}`;
  }
}

/** Aliases that unfold into too much are refused: the parser counts them. */
function valueOf(document: Document, wellFormed: boolean): { value: unknown; error: string | null } {
  if (!wellFormed) return { value: null, error: null };
  try {
    return { value: document.toJS(), error: null };
  } catch (error) {
    return { value: null, error: (error as Error).message };
  }
}

function offsetOf(node: unknown): number | null {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : null;
  return Array.isArray(range) ? Number(range[0]) : null;
}
