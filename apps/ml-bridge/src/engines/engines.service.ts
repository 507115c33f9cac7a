import { Injectable } from '@nestjs/common';
import type { EngineName, ServerSettings } from '../catalogue/catalogue-model.js';
import type { EngineAdapter, EngineAdapterFactory } from './engine-adapter.js';
import { ComfyuiAdapter } from './comfyui/comfyui.client.js';
import { CogAdapter } from './cog/cog.client.js';
import { hunyuan3d21 } from './hunyuan3d/hunyuan3d-2.1.client.js';
import { hunyuan3d2 } from './hunyuan3d/hunyuan3d-2.client.js';
import { MeshyAdapter } from './meshy/meshy.client.js';
import { SglangAdapter } from './sglang/sglang.client.js';
import { TripoAdapter } from './tripo/tripo.client.js';

const factories: Readonly<Record<EngineName, EngineAdapterFactory>> = {
  comfyui: (server) => new ComfyuiAdapter(server),
  meshy: (server) => new MeshyAdapter(server),
  tripo: (server) => new TripoAdapter(server),
  'hunyuan3d-2': (server) => hunyuan3d2(server),
  'hunyuan3d-2.1': (server) => hunyuan3d21(server),
  cog: (server) => new CogAdapter(server),
  sglang: (server) => new SglangAdapter(server),
};

/** The adapters of the servers that the bridge drives itself, one for each. */
@Injectable()
export class EnginesService {
  private readonly adapters = new Map<string, EngineAdapter>();

  /**
   * The same one for the same settings: an adapter knows what its server is doing. Throws an Error that names the wrong setting, as an
   * address or a file of a workflow: the loader of the catalogue checks no more than the form of the options.
   */
  adapterOf(server: ServerSettings): EngineAdapter {
    const key = JSON.stringify([server.engine, server.url, server.apiKey, server.options]);
    const adapter = this.adapters.get(key) ?? factories[server.engine](server);
    this.adapters.set(key, adapter);
    return adapter;
  }
}
