/** Why the engine could not make a model: what the client sent, what this engine cannot do, or its own failure. */
export type GenerationErrorCode = 'bad_input' | 'unsupported' | 'model_error';

/** The only error `generate` throws on purpose. Its message is written for the person who asked. */
export class GenerationError extends Error {
  constructor(
    readonly code: GenerationErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'GenerationError';
  }
}
