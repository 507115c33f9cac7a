import { mug } from './catalogue/tableware/mug.js';
import { vase } from './catalogue/tableware/vase.js';
import { bowl } from './catalogue/tableware/bowl.js';
import { plate } from './catalogue/tableware/plate.js';
import { bottle } from './catalogue/tableware/bottle.js';
import { goblet } from './catalogue/tableware/goblet.js';
import { tumbler } from './catalogue/tableware/tumbler.js';
import { teapot } from './catalogue/tableware/teapot.js';
import { spoon } from './catalogue/tableware/spoon.js';
import { chair } from './catalogue/furniture/chair.js';
import { armchair } from './catalogue/furniture/armchair.js';
import { sofa } from './catalogue/furniture/sofa.js';
import { table } from './catalogue/furniture/table.js';
import { stool } from './catalogue/furniture/stool.js';
import { bed } from './catalogue/furniture/bed.js';
import { lamp } from './catalogue/furniture/lamp.js';
import { bookcase } from './catalogue/furniture/bookcase.js';
import { cube } from './catalogue/bodies/cube.js';
import { sphere } from './catalogue/bodies/sphere.js';
import { cone } from './catalogue/bodies/cone.js';
import { cylinder } from './catalogue/bodies/cylinder.js';
import { pyramid } from './catalogue/bodies/pyramid.js';
import { torus } from './catalogue/bodies/torus.js';
import { star } from './catalogue/bodies/star.js';
import { heart } from './catalogue/bodies/heart.js';
import { arrow } from './catalogue/bodies/arrow.js';
import { cloud } from './catalogue/bodies/cloud.js';
import { gear } from './catalogue/things/gear.js';
import { sword } from './catalogue/things/sword.js';
import { shield } from './catalogue/things/shield.js';
import { key } from './catalogue/things/key.js';
import { ring } from './catalogue/things/ring.js';
import { diamond } from './catalogue/things/diamond.js';
import { hammer } from './catalogue/things/hammer.js';
import { pencil } from './catalogue/things/pencil.js';
import { book } from './catalogue/things/book.js';
import { dice } from './catalogue/things/dice.js';
import { tree } from './catalogue/nature/tree.js';
import { fir } from './catalogue/nature/fir.js';
import { mushroom } from './catalogue/nature/mushroom.js';
import { cactus } from './catalogue/nature/cactus.js';
import { flower } from './catalogue/nature/flower.js';
import { snowman } from './catalogue/nature/snowman.js';
import { car } from './catalogue/vehicles/car.js';
import { rocket } from './catalogue/vehicles/rocket.js';
import { boat } from './catalogue/vehicles/boat.js';
import { airplane } from './catalogue/vehicles/airplane.js';
import { house } from './catalogue/buildings/house.js';
import { castle } from './catalogue/buildings/castle.js';
import { lighthouse } from './catalogue/buildings/lighthouse.js';
import { robot } from './catalogue/keepsakes/robot.js';
import { crown } from './catalogue/keepsakes/crown.js';
import { chest } from './catalogue/keepsakes/chest.js';
import { barrel } from './catalogue/keepsakes/barrel.js';
import { candle } from './catalogue/keepsakes/candle.js';
import { bell } from './catalogue/keepsakes/bell.js';
import { flowerpot } from './catalogue/keepsakes/flowerpot.js';
import type { Shape } from './shape.js';

/** Every shape there is, by its name. A new one is a file in `catalogue/` and a line here. */
export const shapes = {
  mug,
  vase,
  bowl,
  plate,
  bottle,
  goblet,
  tumbler,
  teapot,
  spoon,
  chair,
  armchair,
  sofa,
  table,
  stool,
  bed,
  lamp,
  bookcase,
  cube,
  sphere,
  cone,
  cylinder,
  pyramid,
  torus,
  star,
  heart,
  arrow,
  cloud,
  gear,
  sword,
  shield,
  key,
  ring,
  diamond,
  hammer,
  pencil,
  book,
  dice,
  tree,
  fir,
  mushroom,
  cactus,
  flower,
  snowman,
  car,
  rocket,
  boat,
  airplane,
  house,
  castle,
  lighthouse,
  robot,
  crown,
  chest,
  barrel,
  candle,
  bell,
  flowerpot,
} satisfies Record<string, Shape>;

export type ShapeName = keyof typeof shapes;
