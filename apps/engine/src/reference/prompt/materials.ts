import { Lexicon } from './lexicon.js';

/** What a thing may be made of. */
export interface Material {
  name: string;
  /** Its natural colour, `#rrggbb`, sRGB. */
  hex: string;
  metallic: number;
  roughness: number;
  opacity?: number;
}

const solid = (name: string, hex: string, roughness: number): Material => ({ name, hex, metallic: 0, roughness });
const metal = (name: string, hex: string, roughness: number): Material => ({ name, hex, metallic: 1, roughness });
const clear = (name: string, hex: string, opacity: number): Material => ({
  name,
  hex,
  metallic: 0,
  roughness: 0.06,
  opacity,
});

/** Material words, English and Russian: nouns and the adjectives made of them. */
export const materials = new Lexicon<Material>([
  [metal('gold', '#f3bc45', 0.25), 'gold golden золото золотой gilded золоченый'],
  [metal('silver', '#d8dade', 0.22), 'silver серебро серебряный'],
  [metal('copper', '#cb7b52', 0.32), 'copper медь медный'],
  [metal('bronze', '#a9743a', 0.35), 'bronze бронза бронзовый'],
  [metal('brass', '#d3ae5c', 0.3), 'brass латунь латунный'],
  [metal('steel', '#b4b8be', 0.33), 'steel сталь стальной aluminium aluminum алюминий алюминиевый titanium'],
  [metal('chrome', '#dfe3e8', 0.08), 'chrome хром хромированный'],
  [metal('iron', '#6f7177', 0.55), 'iron железо железный чугунный'],
  [metal('metal', '#a6aab0', 0.4), 'metal metallic металл металлический'],
  [solid('wood', '#a9743f', 0.65), 'wood wooden дерево деревянный timber bamboo oak дубовый pine сосновый'],
  [clear('glass', '#cfe6ec', 0.35), 'glass стекло стеклянный'],
  [clear('crystal', '#cfe0ff', 0.5), 'crystal хрусталь хрустальный'],
  [clear('ice', '#c4e8f7', 0.6), 'ice icy лед ледяной'],
  [solid('ceramic', '#f0ece3', 0.18), 'ceramic ceramics porcelain керамика керамический фарфор фарфоровый china'],
  [solid('clay', '#b5694a', 0.8), 'clay terracotta глина глиняный терракотовый'],
  [solid('stone', '#93908a', 0.92), 'stone rocky камень каменный granite гранит гранитный concrete бетон бетонный'],
  [solid('marble', '#ece9e6', 0.25), 'marble мрамор мраморный'],
  [solid('plastic', '#d4d8dc', 0.35), 'plastic пластик пластиковый пластмассовый'],
  [solid('rubber', '#3b3b3e', 0.85), 'rubber резина резиновый'],
  [solid('leather', '#7c4a2c', 0.6), 'leather кожа кожаный'],
  [solid('wool', '#e5dccb', 0.95), 'wool woolen felt шерсть шерстяной вязаный knitted plush плюшевый'],
  [solid('paper', '#efe9dc', 0.9), 'paper бумага бумажный cardboard картонный'],
  [solid('brick', '#a5523c', 0.9), 'brick кирпич кирпичный'],
]);
