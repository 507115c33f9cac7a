import { fromPictures } from './from-pictures.js';
import { fromPrompt } from './from-prompt.js';
import type { Generated, GenerationRequest, Report } from './generation.js';
import { GenerationError } from './generation-error.js';

export type { Generated, GenerationRequest, Provenance, Report } from './generation.js';
export { GenerationError, type GenerationErrorCode } from './generation-error.js';

/**
 * The CPU reference engine: a picture is cut out and blown up into a closed, textured surface; a prompt becomes a parametric
 * shape, else an inflated emoji picture, else lettering. Pictures win over a prompt. Deterministic: equal requests give
 * documents that are written to equal bytes. Stages: cut_out, inflate, texture; parse_prompt, model.
 * @throws GenerationError, and nothing else
 */
export async function generate(request: GenerationRequest, report: Report): Promise<Generated> {
  const prompt = request.prompt?.trim();
  try {
    if (request.images.length > 0) return await fromPictures(request, report);
    if (prompt) return await fromPrompt(prompt, request, report);
  } catch (error) {
    if (error instanceof GenerationError) throw error;
    throw new GenerationError('model_error', 'The reference engine failed to make the model', { cause: error });
  }
  throw new GenerationError('bad_input', 'There is neither a picture nor a prompt to make a model of');
}
