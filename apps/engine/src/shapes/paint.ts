import { bytesOf, bytesOfHex, labOf } from '../reference/oklab.js';
import type { Finish } from '../reference/gltf.js';
import type { Random } from '../reference/random.js';
import { Lexicon } from '../reference/prompt/lexicon.js';
import { materials } from '../reference/prompt/materials.js';
import type { Look, Phrase } from '../reference/prompt/phrase.js';

/** Words for parts of things that can be given looks of their own: "a house with a red roof". */
const partNames = new Lexicon<string>(
  [
    'roof крыша',
    'door дверь дверца',
    'walls wall стена',
    'windows window окно окошко',
    'handle ручка рукоять рукоятка эфес',
    'legs leg ножка',
    'seat сиденье сидение сиденья',
    'cushions cushion подушка pillow',
    'blanket одеяло покрывало',
    'shade lampshade абажур плафон',
    'crown leaf leaves foliage крона листва листья лист',
    'trunk ствол stem стебель ножка',
    'cap hat lid шляпа шляпка крышка колпак',
    'spots dots dot spot крапинка пятнышко точка',
    'scarf шарф шарфик',
    'nose нос носик морковка carrot',
    'fins fin wings wing крыло плавник стабилизатор',
    'flame fire пламя огонь',
    'wheels wheel колесо',
    'blade лезвие клинок',
    'gems gem jewel stone камень камешек бриллиант diamond',
    'petals petal лепесток',
    'flower цветок',
    'pot горшок горшочек',
    'drink coffee tea milk juice water wine soup кофе чай молоко сок вода вино суп',
    'sail sails парус',
    'flag флаг флажок',
    'eyes eye глаз глаза',
    'candle свеча',
  ].map((words) => [words.split(' ')[0]!, words] as const),
);

/** Which of the asked looks a part takes: the first colour and the material, the second colour, or none. */
export type Role = 'main' | 'accent' | 'own';

/** A finish in the words of the material list. */
export function madeOf(material: string, colour?: string): Finish {
  const found = materials.find(material)!;
  return {
    name: found.name,
    colour: colour ?? found.hex,
    metallic: found.metallic,
    roughness: found.roughness,
    ...(found.opacity === undefined ? {} : { opacity: found.opacity }),
  };
}

/** Decides how each part of a thing looks: as asked, else as it usually does, a little different for every seed. */
export class Paint {
  private readonly details = new Map<string, Look>();

  constructor(
    private readonly look: Look,
    phrases: readonly Phrase[],
    private readonly random: Random,
  ) {
    for (const phrase of phrases) {
      for (const word of phrase.words) {
        const part = partNames.find(word);
        if (part) this.details.set(part, phrase.look);
      }
    }
  }

  /** The finish of a part, in its role, that usually looks like `usual`. */
  finish(part: string, role: Role, usual: Finish): Finish {
    const detail = this.details.get(part);
    if (detail && (detail.colours.length > 0 || detail.material)) return dressed(usual, detail, detail.colours[0]);
    if (role === 'main') return dressed(this.varied(usual), this.look, this.look.colours[0]);
    const second = this.look.colours[1];
    return role === 'accent' && second ? dressed(usual, { colours: [second] }, second) : this.varied(usual);
  }

  /** A usual colour, a shade lighter or darker and a touch to the side. */
  private varied(usual: Finish): Finish {
    const [lightness, a, b] = labOf(...bytesOfHex(usual.colour));
    const [turn, lift] = [(this.random() - 0.5) * 0.2, 1 + (this.random() - 0.5) * 0.06];
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    return {
      ...usual,
      colour: hexOf(bytesOf([Math.min(0.99, lightness * lift), a * cos - b * sin, a * sin + b * cos])),
    };
  }
}

function dressed(usual: Finish, look: Look, colour: Look['colours'][number] | undefined): Finish {
  const base = look.material ? madeOf(look.material.name) : usual;
  const words = [colour?.name, look.material?.name].filter((word) => word !== undefined);
  return {
    ...base,
    name: words.length > 0 ? words.join(' ') : usual.name,
    colour: colour?.hex ?? base.colour,
    ...(look.roughness === undefined ? {} : { roughness: look.roughness }),
    ...(look.opacity === undefined ? {} : { opacity: look.opacity }),
    ...(look.glows ? { glows: true } : {}),
  };
}

const hexOf = (bytes: readonly number[]): string =>
  `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
