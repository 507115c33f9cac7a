import fc from 'fast-check';
import type { CatalogueModel, ServerSettings } from '../../src/catalogue/catalogue-model.js';
import { engineParams } from '../../src/catalogue/engine-params.js';
import { CogAdapter } from '../../src/engines/cog/cog.client.js';
import type { EngineAdapter } from '../../src/engines/engine-adapter.js';
import { hunyuan3d21 } from '../../src/engines/hunyuan3d/hunyuan3d-2.1.client.js';
import { hunyuan3d2 } from '../../src/engines/hunyuan3d/hunyuan3d-2.client.js';
import { SglangAdapter } from '../../src/engines/sglang/sglang.client.js';
import { modelOfFile } from '../catalogue.js';
import { someParams } from '../some-params.js';
import { aGlb } from './a-glb.js';
import { ARun, hasty, modelOf, pictureOf } from './a-run.js';
import { CogStandIn } from './cog-stand-in.js';
import { Hunyuan3d21StandIn } from './hunyuan3d-2.1-stand-in.js';
import { Hunyuan3d2StandIn } from './hunyuan3d-2-stand-in.js';
import { SglangStandIn } from './sglang-stand-in.js';
import { jsonOf } from './stand-in.js';

const numRuns = 8;
const picture = pictureOf('front').toString('base64');

/** The settings of an entry of models.yaml, for a server of the test. */
const settingsOf = ({ transport }: CatalogueModel, url: string): ServerSettings => ({
  ...(transport as ServerSettings),
  url,
});

/** Any parameters of an entry, sent, are what the model is run with, besides these. */
function expectAllToArrive(
  model: CatalogueModel,
  adapter: EngineAdapter,
  ranWith: () => Record<string, unknown> | undefined,
  besides: Record<string, unknown>,
): Promise<void> {
  const property = fc.asyncProperty(someParams(model.offer), async (given) => {
    const params = engineParams(model, given);
    const run = new ARun({ params });
    await expect(modelOf(adapter, run)).resolves.toEqual(aGlb());
    expect(ranWith()).toEqual({ ...params, ...besides });
    expect(model.stages.map(({ name }) => name)).toEqual(expect.arrayContaining(run.stages));
  });
  return fc.assert(property, { numRuns });
}

describe('every parameter of models.yaml arrives at', () => {
  it('a stock server of Hunyuan3D-2', async () => {
    const model = modelOfFile('hunyuan3d-2-server');
    const server = await new Hunyuan3d2StandIn().start();
    const lastSent = () => jsonOf(server.heardOf(/^POST \/send/).at(-1)!);
    await expectAllToArrive(model, hunyuan3d2(settingsOf(model, server.url), hasty), lastSent, {
      type: 'glb',
      image: picture,
    });
    await server.stop();
  });

  it('a stock server of Hunyuan3D-2.1, which has none', async () => {
    const model = modelOfFile('hunyuan3d-2.1-server');
    const server = await new Hunyuan3d21StandIn().start();
    const lastSent = () => jsonOf(server.heardOf(/^POST \/send/).at(-1)!);
    await expectAllToArrive(model, hunyuan3d21(settingsOf(model, server.url), hasty), lastSent, {
      texture: true,
      image: picture,
    });
    await server.stop();
  });

  it('TRELLIS in a container made by Cog', async () => {
    const model = modelOfFile('cog-trellis');
    const server = await new CogStandIn().start();
    server.inputs = inputsOfTrellis;
    server.end = { output: { no_background_image: 'data:image/png;base64,', color_video: null, model_file: glbUrl } };
    await expectAllToArrive(model, new CogAdapter(settingsOf(model, server.url), hasty), () => server.runs.at(-1), {
      image: `data:image/png;base64,${picture}`,
      randomize_seed: false,
      generate_color: false,
      generate_model: true,
    });
    await server.stop();
  });

  it('a server of SGLang', async () => {
    const model = modelOfFile('sglang-hunyuan3d-2');
    const server = await new SglangStandIn().start();
    await expectAllToArrive(model, new SglangAdapter(settingsOf(model, server.url), hasty), () => server.runs.at(-1), {
      output_format: 'glb',
      image: pictureOf('front').toString(),
    });
    await server.stop();
  });
});

const glbUrl = `data:model/gltf-binary;base64,${aGlb().toString('base64')}`;

/** Of `Predictor.predict` in `predict.py` of github.com/V-Sekai-fire/cog-vsk-trellis at a5e4c17. */
const inputsOfTrellis = [
  'image',
  'seed',
  'randomize_seed',
  'generate_color',
  'generate_normal',
  'generate_model',
  'ss_guidance_strength',
  'ss_sampling_steps',
  'slat_guidance_strength',
  'slat_sampling_steps',
  'mesh_simplify',
  'texture_size',
];
