import { S3Error } from './errors.js';

/** One element of a parsed document; names come without their namespace prefix, text without its children. */
export interface XmlElement {
  name: string;
  text: string;
  children: XmlElement[];
}

const escapes: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', "'": '&apos;' };
const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Text made safe between tags. Control characters become references, as S3 itself writes them. */
export function escapeXml(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[<>&"'\u0000-\u001f]/g, (char) => escapes[char] ?? `&#${char.charCodeAt(0)};`);
}

/** `<name>content</name>` with the content escaped. */
export const leaf = (name: string, content: string | number | boolean): string =>
  `<${name}>${escapeXml(String(content))}</${name}>`;

/** `<name>…</name>` around finished elements. */
export const branch = (name: string, ...children: string[]): string => `<${name}>${children.join('')}</${name}>`;

/** A whole S3 reply document. */
export const xmlDocument = (root: string, ...children: string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${children.join('')}</${root}>`;

function unescape(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name) return entities[name] ?? whole;
    const point = hex ? parseInt(hex, 16) : Number(decimal);
    if (point > 0x10ffff) throw new S3Error('MalformedXML');
    return String.fromCodePoint(point);
  });
}

const localName = (tag: string): string => /^(?:[^\s:/]+:)?([^\s:/]+)/.exec(tag)?.[1] ?? '';

/**
 * Reads the XML bodies of S3 requests: elements, text, CDATA and comments; attributes are skipped, a DOCTYPE is refused
 * (no entity tricks). Linear in the length of the source; anything unbalanced is MalformedXML.
 */
export function parseXml(source: string): XmlElement {
  const top: XmlElement = { name: '', text: '', children: [] };
  const open = [top];
  let at = 0;
  const through = (end: string, from: number): string => {
    const stop = source.indexOf(end, from);
    if (stop < 0) throw new S3Error('MalformedXML');
    at = stop + end.length;
    return source.slice(from, stop);
  };
  const inner = (): XmlElement => open.at(-1) ?? top;

  while (at < source.length) {
    if (source[at] !== '<') {
      const next = source.indexOf('<', at);
      const end = next < 0 ? source.length : next;
      inner().text += unescape(source.slice(at, end));
      at = end;
    } else if (source.startsWith('<!--', at)) through('-->', at + 4);
    else if (source.startsWith('<![CDATA[', at)) inner().text += through(']]>', at + 9);
    else if (source.startsWith('<?', at)) through('?>', at + 2);
    else openOrClose(open, through('>', at + 1));
  }
  const [root] = top.children;
  if (!root || open.length > 1 || top.children.length > 1) throw new S3Error('MalformedXML');
  return root;
}

function openOrClose(open: XmlElement[], tag: string): void {
  if (tag.startsWith('!')) throw new S3Error('MalformedXML');
  const name = localName(tag.replace(/^\//, ''));
  if (tag.startsWith('/')) {
    if (open.length < 2 || open.pop()?.name !== name) throw new S3Error('MalformedXML');
    return;
  }
  const element: XmlElement = { name, text: '', children: [] };
  open.at(-1)?.children.push(element);
  if (!name) throw new S3Error('MalformedXML');
  if (!tag.endsWith('/')) open.push(element);
}

/** The children with that name, in order. */
export const childrenOf = (parent: XmlElement, name: string): XmlElement[] =>
  parent.children.filter((child) => child.name === name);

/** The first child with that name. */
export const childOf = (parent: XmlElement, name: string): XmlElement | undefined =>
  parent.children.find((child) => child.name === name);

/** The trimmed text of the first child with that name. A key must not be trimmed: read its `text`. */
export const textOf = (parent: XmlElement, name: string): string | undefined => childOf(parent, name)?.text.trim();
