import type { ServerSettings } from '../../catalogue/catalogue-model.js';
import { EngineFailure } from '../../generations/attempt-failure.js';
import { fieldsOf, textOf } from '../../json.js';
import { unexpected } from '../answers.js';
import { Hunyuan3dServer, type Hunyuan3dTraits } from './hunyuan3d-server.client.js';
import { honouredParams } from '../job-contents.js';
import type { Patience } from '../poll.js';

const traits: Hunyuan3dTraits = {
  engine: 'hunyuan3d-2.1',
  stages: { processing: 'shape', texturing: 'texture' },
  /** The server checks nine parameters, and uses the picture alone; forks texture only when they are asked to. */
  paramsOf: (job) => ({ ...honouredParams(job, []), texture: true }),
  async identify(http, signal) {
    const answer = await http.call('GET', '/health', { signal, timeoutMs: 5000 });
    const { status, worker_id } = fieldsOf(answer.body);
    if (answer.status !== 200 || status !== 'healthy') throw unexpected(answer);
    return textOf(worker_id) ?? null;
  },
  check({ textured }) {
    if (!textured) throw new EngineFailure('model_error', 'the model has no texture: painting it failed');
  },
};

/** The stock `api_server.py` of Hunyuan3D-2.1. Its name changes with each start, and a start deletes what it had. */
export const hunyuan3d21 = (server: ServerSettings, patience?: Patience): Hunyuan3dServer =>
  new Hunyuan3dServer(server, traits, patience);
