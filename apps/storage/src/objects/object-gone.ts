/** The store has no object under this key, or it is not the one that was read before. */
export class ObjectGone extends Error {
  override readonly name = 'ObjectGone';

  constructor(readonly key: string) {
    super(`no such object any more: ${key}`);
  }
}
