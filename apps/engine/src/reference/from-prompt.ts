import { emojiPicture, isFrontal } from '../emoji/emoji-picture.js';
import type { Emoji } from '../emoji/emoji-index.js';
import { inflate } from '../inflation/inflate.js';
import { lettering } from '../lettering/lettering.js';
import { shapes } from '../shapes/catalogue.js';
import { modelled } from '../shapes/model.js';
import { choose, type Choice } from './choose.js';
import type { Generated, GenerationRequest, Report } from './generation.js';
import { bare, documentOf, type Surface } from './gltf.js';
import { inflationOf } from './inflation-of.js';
import { understand, type Description } from './prompt/prompt.js';
import { resized } from './resized.js';

/** Makes a model of what a prompt names. */
export async function fromPrompt(prompt: string, request: GenerationRequest, report: Report): Promise<Generated> {
  report('parse_prompt', 0);
  const description = understand(prompt);
  const choice = choose(prompt, description, request.negativePrompt);
  report('model', 10);
  const { surfaces, subject } = await making(choice, prompt, description, request, report);
  report('model', 100);
  const { method, confidence } = choice;
  const dressed = request.params.texture ? surfaces : surfaces.map((surface) => ({ ...surface, finish: bare }));
  const matched = [`${method}:${subject}`, ...looksOf(description)].join(' ');
  return { document: documentOf(method, dressed), provenance: { engine: 'reference', method, matched, confidence } };
}

/** The surfaces of what was chosen, and its name. */
async function making(
  choice: Choice,
  prompt: string,
  description: Description,
  request: GenerationRequest,
  report: Report,
): Promise<{ surfaces: Surface[]; subject: string }> {
  const { seed } = request.params;
  switch (choice.method) {
    case 'shape':
      return { surfaces: await modelled(shapes[choice.shape].build, description, seed), subject: choice.shape };
    case 'emoji': {
      const { emoji } = choice;
      const surface = await inflatedEmoji(emoji, description, request, report);
      return { surfaces: [surface], subject: `${emoji.label} ${emoji.symbol}` };
    }
    case 'lettering': {
      const { lines, build } = await lettering(prompt);
      return { surfaces: await modelled(build, description, seed), subject: lines.join(' ') };
    }
  }
}

async function inflatedEmoji(
  emoji: Emoji,
  description: Description,
  request: GenerationRequest,
  report: Report,
): Promise<Surface> {
  const { picture, finish } = await emojiPicture(emoji, description.look);
  const { back } = request.params.model_params;
  const surface = await inflate(picture, {
    ...inflationOf(request.params, report, 15),
    // seen from the side a thing looks the same from behind, seen from the front it does not
    back: back ?? (isFrontal(picture) ? 'soft' : 'mirror'),
    finish,
    flat: false,
  });
  return resized(surface, description.size);
}

function looksOf({ look }: Description): string[] {
  return [
    ...new Set(look.colours.map(({ name }) => `colour:${name.replace(' ', '-')}`)),
    ...(look.material ? [`material:${look.material.name}`] : []),
  ];
}
