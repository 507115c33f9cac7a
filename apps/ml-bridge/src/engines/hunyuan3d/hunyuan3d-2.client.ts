import type { ServerSettings } from '../../catalogue/catalogue-model.js';
import { EngineFailure } from '../../generations/attempt-failure.js';
import { fieldsOf } from '../../json.js';
import { unexpected } from '../answers.js';
import { Hunyuan3dServer, type Hunyuan3dTraits } from './hunyuan3d-server.client.js';
import { honouredParams } from '../job-contents.js';
import type { Patience } from '../poll.js';

const honoured = [
  'seed',
  'octree_resolution',
  'num_inference_steps',
  'guidance_scale',
  'num_chunks',
  'texture',
] as const;

/** A job that there is not: the server has no route that tells of its health, and says "processing" of this one. */
const nobody = '00000000-0000-4000-8000-000000000000';

const traits: Hunyuan3dTraits = {
  engine: 'hunyuan3d-2',
  stages: { processing: 'generate' },
  paramsOf(job, { texture }) {
    const params = honouredParams(job, honoured);
    if (params['texture'] === true && !texture) {
      throw new EngineFailure('unsupported', 'options.texture does not say that the server runs with --enable_tex');
    }
    return { ...params, type: 'glb' }; // the only type whose end the server notices
  },
  async identify(http, signal) {
    const answer = await http.call('GET', `/status/${nobody}`, { signal, timeoutMs: 5000 });
    if (answer.status !== 200 || typeof fieldsOf(answer.body)['status'] !== 'string') throw unexpected(answer);
    return null;
  },
  check: () => undefined,
};

/**
 * The stock `api_server.py` of Hunyuan3D-2, 2mini and 2turbo. A restarted one cannot be told from one that works: what is left of a job
 * then is its time.
 */
export const hunyuan3d2 = (server: ServerSettings, patience?: Patience): Hunyuan3dServer =>
  new Hunyuan3dServer(server, traits, patience);
