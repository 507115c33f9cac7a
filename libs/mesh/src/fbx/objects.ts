import { type FbxRecord, leaf, long, text } from './format/record.js';

/** The id every scene's root has. */
export const rootId = 0;
const firstId = 1_000_000;

/** The objects of an FBX file and how they hang together, collected in the order they are met. */
export class FbxObjects {
  readonly records: FbxRecord[] = [];
  readonly connections: FbxRecord[] = [];
  /** How many objects of every kind there are. */
  readonly counts = new Map<string, number>();
  private lastId = firstId;

  nextId(): number {
    return ++this.lastId;
  }

  add(record: FbxRecord): void {
    this.records.push(record);
    this.counts.set(record.name, (this.counts.get(record.name) ?? 0) + 1);
  }

  /** Hangs one object below another. */
  connect(child: number, parent: number): void {
    this.connections.push(leaf('C', text('OO'), long(child), long(parent)));
  }

  /** Lets an object drive one property of another, as a texture drives a colour. */
  connectProperty(child: number, parent: number, property: string): void {
    this.connections.push(leaf('C', text('OP'), long(child), long(parent), text(property)));
  }
}
