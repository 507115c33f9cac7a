import { Document, DOMParser, Element } from '@xmldom/xmldom';

interface Searchable {
  getElementsByTagNameNS(namespace: string, name: string): ArrayLike<Element>;
}

/** Elements by their names from outer to inner, whatever their namespace: all that readers of XML formats ask for. */
function querySelectorAll(this: Searchable, selector: string): Element[] {
  let found: Searchable[] = [this];
  for (const name of selector.split(' ')) {
    found = [...new Set(found.flatMap((one) => Array.from(one.getElementsByTagNameNS('*', name))))];
  }
  return found as Element[];
}

function querySelector(this: Searchable, selector: string): Element | null {
  return querySelectorAll.call(this, selector)[0] ?? null;
}

/** Gives Node the part of a browser's DOM that three.js reads 3MF with. The parser refuses what is not well-formed. */
export function installDom(): void {
  for (const { prototype } of [Document, Element]) Object.assign(prototype, { querySelectorAll, querySelector });
  Object.assign(globalThis, { DOMParser });
}
