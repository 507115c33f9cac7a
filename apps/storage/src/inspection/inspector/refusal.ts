/** An upload that cannot be used, and why, for its owner to read. Anything else that is thrown here is our fault. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    message: string,
    readonly members?: Record<string, unknown>,
  ) {
    super(message);
  }
}
